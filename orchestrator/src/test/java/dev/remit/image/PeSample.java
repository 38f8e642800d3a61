package dev.remit.image;

import dev.remit.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Writes PE files that are nothing but headers and sections. */
public final class PeSample {
  static final int SECTOR = 512;
  private static final int PE = 0x80;
  private static final int OPTIONAL_SIZE = 240;
  private static final int TABLE = PE + 24 + OPTIONAL_SIZE;

  private record Section(Bytes header, int start, Bytes content) {}

  private final List<Section> sections = new ArrayList<>();
  private int end = 2 * SECTOR;

  /** A kernel image with all that is looked into, and a profile with a command line of its own. */
  public static PeSample small() {
    return new PeSample()
        .section(".text", Block.ascii("stub"))
        .section(".osrel", Block.ascii("ID=x\n"))
        .section(".cmdline", Block.ascii("console=ttyS0 ro\n\0\0"))
        .section(".linux", Block.ascii("kernel"))
        .section(".initrd", CpioSample.small())
        .section(".ucode", CpioSample.small())
        .section(".profile", Block.ascii("ID=rescue\n"))
        .section(".cmdline", Block.ascii("rd.break"));
  }

  PeSample section(String name, Bytes content) {
    int stored = (content.size() + SECTOR - 1) / SECTOR * SECTOR;
    return section(name, content.size(), end * 8, stored, end, content);
  }

  PeSample section(String name, int size, int address, int stored, int start, Bytes content) {
    var header =
        Bytes.concat(
            Block.ascii(name).paddedTo(8),
            Bytes.le32(size),
            Bytes.le32(address),
            Bytes.le32(stored),
            Bytes.le32(start),
            Bytes.zeros(16));
    sections.add(new Section(header, start, content));
    end = Math.max(end, start + stored);
    return this;
  }

  public Bytes bytes() {
    byte[] file = new byte[end];
    put(file, 0, Block.ascii("MZ"));
    put(file, 0x3c, Bytes.le32(PE));
    put(file, PE, Block.ascii("PE\0\0"));
    put(file, PE + 4, Bytes.of(0x64, 0x86, sections.size(), 0));
    put(file, PE + 20, Bytes.of(OPTIONAL_SIZE, 0));
    for (int i = 0; i < sections.size(); i++) {
      put(file, TABLE + i * 40, sections.get(i).header());
      put(file, sections.get(i).start(), sections.get(i).content());
    }
    return Bytes.copyOf(file);
  }

  private static void put(byte[] file, int at, Bytes octets) {
    System.arraycopy(octets.toArray(), 0, file, at, octets.size());
  }
}
