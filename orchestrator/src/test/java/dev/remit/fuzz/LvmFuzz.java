package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import java.io.IOException;
import java.util.List;

/** The text in an LVM physical volume, with the right checksums. */
public final class LvmFuzz {
  private LvmFuzz() {}

  private static final Bytes HEAD = Sample.of("image/disk/lvm.head.gz");
  private static final int AREA = 4096;
  private static final int HEADER = 512;
  private static final int TEXT = AREA + HEADER;
  private static final long DISK = 64L << 20;

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var disk = Envelope.at(TEXT, input).put(0, HEAD.slice(0, TEXT));
    disk.le64(AREA + 40, HEADER).le64(AREA + 48, input.length);
    disk.le32(AREA + 56, checksum(disk, TEXT, input.length));
    disk.le32(AREA, checksum(disk, AREA + 4, HEADER - 4));
    Expected.ofImage(new Holed(Bytes.copyOf(disk.bytes()), DISK));
  }

  /** CRC-32 from another beginning, and not inverted at the end (lvm2, lib/misc/crc.c). */
  private static int checksum(Envelope disk, int at, int length) {
    int crc = 0xf597a6cf;
    for (int i = at; i < at + length; i++) {
      crc ^= disk.u8(i);
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ (0xedb88320 & -(crc & 1));
      }
    }
    return crc;
  }

  static List<Bytes> seeds() {
    var head = Envelope.of(HEAD.slice(0, TEXT).toArray(), TEXT, 1);
    int offset = (int) head.u64le(AREA + 40);
    int length = (int) head.u64le(AREA + 48);
    return List.of(HEAD.slice(AREA + offset, length));
  }
}
