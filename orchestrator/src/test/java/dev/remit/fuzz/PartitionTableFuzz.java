package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.util.List;

/** A disk with an MBR, and a GPT whose checksums are right. */
public final class PartitionTableFuzz {
  private PartitionTableFuzz() {}

  private static final int SECTOR = 512;
  private static final String MARK = "EFI PART";
  private static final int ENTRIES = 446;

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var disk = Envelope.of(input, 6 * SECTOR, SECTOR);
    mbr(disk, 0);
    int last = disk.size() / SECTOR - 1;
    if (disk.u8(SECTOR) == MARK.charAt(0)) {
      copy(disk, 1);
    }
    if (disk.u8(last * SECTOR) == MARK.charAt(0)) {
      copy(disk, last);
    }
    Expected.ofImage(disk.bytes());
  }

  private static void mbr(Envelope disk, int at) {
    disk.put(at + 510, 0x55, 0xaa);
    for (int i = 0; i < 4; i++) {
      int flags = at + ENTRIES + 16 * i;
      disk.put(flags, disk.u8(flags) & 0x80);
    }
  }

  /** All that any copy has, and sums over what there is. */
  private static void copy(Envelope disk, int sector) {
    int at = sector * SECTOR;
    disk.put(at, MARK).le32(at + 8, 0x10000).le32(at + 12, 92).le32(at + 20, 0);
    disk.le64(at + 24, sector).le32(at + 84, 128).zeros(at + 92, SECTOR - 92);
    long entries = disk.u64le(at + 72);
    long size = disk.u32le(at + 80) * 128;
    if (entries >= 0 && entries * SECTOR <= disk.size() - size && entries < disk.size()) {
      disk.le32(at + 88, disk.sum((int) entries * SECTOR, (int) size));
    }
    disk.le32(at + 16, 0);
    disk.le32(at + 16, disk.sum(at, 92));
  }

  static List<Bytes> seeds() {
    var gpt = Envelope.of(new byte[0], 12 * SECTOR, SECTOR);
    partition(gpt, 0, 0, 0xee, 1, 11);
    copy(gpt, 1, 11, 2);
    copy(gpt, 11, 1, 10);
    var mbr = Envelope.of(new byte[0], 12 * SECTOR, SECTOR);
    partition(mbr, 0, 0, 0x83, 1, 2);
    partition(mbr, 0, 1, 0x05, 3, 9);
    partition(mbr, 3, 0, 0x83, 1, 1);
    partition(mbr, 3, 1, 0x05, 2, 3);
    partition(mbr, 5, 0, 0x82, 1, 1);
    return List.of(Bytes.copyOf(gpt.bytes()), Bytes.copyOf(mbr.bytes()));
  }

  private static void partition(
      Envelope disk, int sector, int entry, int type, int start, int size) {
    int at = sector * SECTOR + ENTRIES + 16 * entry;
    disk.put(at + 4, type).le32(at + 8, start).le32(at + 12, size);
    disk.put(sector * SECTOR + 510, 0x55, 0xaa);
  }

  private static void copy(Envelope disk, int sector, int other, int entries) {
    int at = entries * SECTOR;
    disk.put(at, 1).le64(at + 32, 3).le64(at + 40, 5).put(at + 56, 0x61, 0);
    int header = sector * SECTOR;
    disk.le64(header + 32, other).le64(header + 40, 3).le64(header + 48, 9);
    disk.le64(header + 72, entries).le32(header + 80, 4);
    copy(disk, sector);
  }
}
