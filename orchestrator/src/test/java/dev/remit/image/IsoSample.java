package dev.remit.image;

import dev.remit.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes ISO 9660 images sector by sector. */
public final class IsoSample {
  static final int SECTOR = 2048;
  static final int FOLDER = 2;
  static final int MORE = 0x80;

  private final byte[] image;

  IsoSample(int sectors) {
    image = new byte[sectors * SECTOR];
  }

  /**
   * A primary tree with Rock Ridge and a Joliet one, which have other labels. Sectors: 16 to 18
   * descriptors, 20 root, 21 Joliet's root, 22 a folder, 23 and 24 files.
   */
  public static IsoSample small() {
    return new IsoSample(26)
        .descriptor(16, 1, 1, "CIDATA", StandardCharsets.ISO_8859_1, 20)
        .descriptor(17, 2, 1, "config-2", StandardCharsets.UTF_16BE, 21)
        .descriptor(18, 255, 1, "", StandardCharsets.ISO_8859_1, 0)
        .sector(
            20,
            record(0, 20, SECTOR, FOLDER, Bytes.of(0), Bytes.of('S', 'P', 7, 1, 0xbe, 0xef, 0)),
            record(0, 20, SECTOR, FOLDER, Bytes.of(1), Bytes.EMPTY),
            record(0, 23, 14, 0, ascii("USER_DAT.;1"), name("user-data")),
            record(0, 22, SECTOR, FOLDER, ascii("OPENSTAC"), name("openstack")))
        .sector(
            21,
            record(0, 21, SECTOR, FOLDER, Bytes.of(0), Bytes.EMPTY),
            record(0, 21, SECTOR, FOLDER, Bytes.of(1), Bytes.EMPTY),
            record(0, 24, 7, 0, ucs("meta-data;1"), Bytes.EMPTY))
        .sector(
            22,
            record(0, 22, SECTOR, FOLDER, Bytes.of(0), Bytes.EMPTY),
            record(0, 20, SECTOR, FOLDER, Bytes.of(1), Bytes.EMPTY),
            record(0, 23, 14, 0, ascii("X.;1"), name("x.json")))
        .put(23 * SECTOR, ascii("#cloud-config\n"))
        .put(24 * SECTOR, ascii("id: one"));
  }

  IsoSample descriptor(int sector, int type, int version, String label, Charset names, int root) {
    int at = sector * SECTOR;
    put(at, Bytes.of(type));
    put(at + 1, ascii("CD001"));
    put(at + 6, Bytes.of(version));
    if (type == 255) {
      return this;
    }
    byte[] padded = new byte[32];
    byte[] filler = " ".repeat(32).getBytes(names);
    System.arraycopy(filler, 0, padded, 0, 32);
    byte[] text = label.getBytes(names);
    System.arraycopy(text, 0, padded, 0, text.length);
    put(at + 40, Bytes.copyOf(padded));
    put(at + 80, both(image.length / SECTOR));
    if (names.equals(StandardCharsets.UTF_16BE)) {
      put(at + 88, ascii("%/E"));
    }
    put(at + 128, Bytes.of(0, 8, 8, 0));
    return put(at + 156, record(0, root, SECTOR, FOLDER, Bytes.of(0), Bytes.EMPTY));
  }

  IsoSample sector(int sector, Bytes... records) {
    Arrays.fill(image, sector * SECTOR, (sector + 1) * SECTOR, (byte) 0);
    return put(sector * SECTOR, Bytes.concat(records));
  }

  IsoSample put(int at, Bytes octets) {
    System.arraycopy(octets.toArray(), 0, image, at, octets.size());
    return this;
  }

  public Bytes bytes() {
    return Bytes.copyOf(image);
  }

  static Bytes record(int attributes, int start, int size, int flags, Bytes id, Bytes systemUse) {
    var head =
        Bytes.concat(
            Bytes.of(attributes),
            both(start),
            both(size),
            Bytes.zeros(7),
            Bytes.of(flags, 0, 0, 1, 0, 0, 1, id.size()),
            id,
            Bytes.zeros(1 - id.size() % 2),
            systemUse);
    int length = head.size() + 1;
    return Bytes.concat(Bytes.of(length + length % 2), head, Bytes.zeros(length % 2));
  }

  /** The name that Rock Ridge has for a file. */
  static Bytes name(String name) {
    return Bytes.concat(Bytes.of('N', 'M', 5 + name.length(), 1, 0), ascii(name));
  }

  static Bytes both(int number) {
    return Bytes.concat(Bytes.le32(number), Bytes.le32(number).reversed());
  }

  static Bytes ascii(String text) {
    return Block.ascii(text);
  }

  static Bytes ucs(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_16BE));
  }

  /** A catalogue with one image of a BIOS and one of EFI (El Torito, 2.0). */
  static Bytes catalogue(int bios, int efi, int efiSectors) {
    var valid = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    valid.put(0, (byte) 1).put(30, (byte) 0x55).put(31, (byte) 0xaa);
    valid.putShort(28, (short) -(1 + 0xaa55));
    return Bytes.concat(
        Bytes.copyOf(valid.array()),
        Bytes.concat(Bytes.of(0x88, 0, 0, 0, 0, 0, 4, 0), Bytes.le32(bios)).paddedTo(32),
        Bytes.of(0x91, 0xef, 1, 0).paddedTo(32),
        Bytes.concat(
                Bytes.of(0x88, 0, 0, 0, 0, 0, efiSectors & 0xff, efiSectors >> 8), Bytes.le32(efi))
            .paddedTo(32));
  }
}
