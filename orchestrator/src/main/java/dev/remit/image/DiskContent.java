package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a disk's content plainly is, by the marks that its format has at fixed places. Encrypted
 * data has none: each mark is long enough that chance does not make it.
 */
public enum DiskContent {
  LUKS1("a LUKS1 volume"),
  LUKS2("a LUKS2 volume"),
  LUKS_OTHER("a LUKS volume of an unknown version"),
  QCOW2("a qcow2 image"),
  ISO_9660("an ISO 9660 image"),
  EXT("an ext2, ext3 or ext4 file system"),
  XFS("an XFS file system"),
  BTRFS("a Btrfs file system"),
  FAT("a FAT file system"),
  SWAP("a swap area"),
  LVM_PV("an LVM physical volume"),
  GPT("a disk with a GPT partition table"),
  MBR("a disk with an MBR partition table"),
  UNKNOWN("nothing that Remit recognises");

  static final Bytes LUKS_MAGIC = Bytes.of('L', 'U', 'K', 'S', 0xba, 0xbe);
  private static final Bytes QCOW2_MAGIC = Bytes.of('Q', 'F', 'I', 0xfb);
  private static final Bytes ISO_MAGIC = ascii("CD001");
  private static final Bytes XFS_MAGIC = ascii("XFSB");
  private static final Bytes BTRFS_MAGIC = ascii("_BHRfS_M");
  private static final Bytes SWAP_MAGIC = ascii("SWAPSPACE2");
  private static final Bytes LVM_MAGIC = ascii("LABELONE");
  private static final Bytes GPT_MAGIC = ascii("EFI PART");
  private static final Bytes BOOT_SIGNATURE = Bytes.of(0x55, 0xaa);

  private static final int SECTOR_SIZE = 512;
  private static final int BOOT_SIGNATURE_OFFSET = 510;
  // The second sector of the image, after 16 of 2,048 bytes (ECMA-119, 8.1).
  private static final int ISO_OFFSET = 0x8001;
  private static final int BTRFS_OFFSET = 0x10040;
  private static final int HEAD_SIZE = BTRFS_OFFSET + 8;

  private final String title;

  DiskContent(String title) {
    this.title = title;
  }

  /** As people call it, with an article. */
  public String title() {
    return title;
  }

  /** Reads the first 64 KiB and the last 4. */
  public static DiskContent of(SeekableBytes disk) throws IOException {
    var head = disk.read(0, (int) Math.min(disk.size(), HEAD_SIZE));
    if (has(head, 0, LUKS_MAGIC)) {
      return switch (number(head, LUKS_MAGIC.size(), 2)) {
        // Big-endian, unlike all others.
        case 0x0100 -> LUKS1;
        case 0x0200 -> LUKS2;
        default -> LUKS_OTHER;
      };
    }
    if (has(head, 0, QCOW2_MAGIC)) {
      return QCOW2;
    }
    if (has(head, ISO_OFFSET, ISO_MAGIC)) {
      return ISO_9660;
    }
    if (isExt(head)) {
      return EXT;
    }
    if (has(head, 0, XFS_MAGIC)) {
      return XFS;
    }
    if (has(head, BTRFS_OFFSET, BTRFS_MAGIC)) {
      return BTRFS;
    }
    if (isFat(head)) {
      return FAT;
    }
    if (isSwap(head)) {
      return SWAP;
    }
    if (isLvm(head)) {
      return LVM_PV;
    }
    if (isGpt(head, disk)) {
      return GPT;
    }
    return isMbr(head) ? MBR : UNKNOWN;
  }

  /**
   * The superblock, 1,024 bytes from the start (Linux, Documentation/filesystems/ext4/super.rst).
   */
  private static boolean isExt(Bytes head) {
    int superblock = 1024;
    return head.size() >= 2 * superblock
        && number(head, superblock + 0x38, 2) == 0xef53
        && number(head, superblock, 4) != 0 // inodes
        && Integer.compareUnsigned(number(head, superblock + 0x18, 4), 6) <= 0 // block size
        && Integer.compareUnsigned(number(head, superblock + 0x4c, 4), 1) <= 0; // revision
  }

  /** The BIOS parameter block (Microsoft, FAT32 File System Specification). */
  private static boolean isFat(Bytes head) {
    if (!has(head, BOOT_SIGNATURE_OFFSET, BOOT_SIGNATURE)) {
      return false;
    }
    int sectorSize = number(head, 11, 2);
    int clusterSectors = head.at(13);
    int tables = head.at(16);
    int media = head.at(21);
    return ((head.at(0) == 0xeb && head.at(2) == 0x90) || head.at(0) == 0xe9)
        && sectorSize >= SECTOR_SIZE
        && sectorSize <= 4096
        && Integer.bitCount(sectorSize) == 1
        && Integer.bitCount(clusterSectors) == 1
        && number(head, 14, 2) != 0 // reserved sectors
        && (tables == 1 || tables == 2)
        && (media == 0xf0 || media >= 0xf8);
  }

  /** The mark ends with the first page, whose size is the processor's (Linux, mm/swapfile.c). */
  private static boolean isSwap(Bytes head) {
    for (int page = 4096; page <= 1 << 16; page *= 2) {
      if (has(head, page - SWAP_MAGIC.size(), SWAP_MAGIC)) {
        return true;
      }
    }
    return false;
  }

  /** The label stands in one of the first four sectors (LVM2, lib/label/label.h). */
  private static boolean isLvm(Bytes head) {
    for (int sector = 0; sector < 4; sector++) {
      if (has(head, sector * SECTOR_SIZE, LVM_MAGIC)) {
        return true;
      }
    }
    return false;
  }

  /** In the second sector, and again in the last one, of 512 or 4,096 bytes (UEFI, 5.3.2). */
  private static boolean isGpt(Bytes head, SeekableBytes disk) throws IOException {
    for (int sector : new int[] {SECTOR_SIZE, 4096}) {
      if (has(head, sector, GPT_MAGIC)) {
        return true;
      }
      long last = disk.size() - sector;
      if (last >= 0 && disk.read(last, GPT_MAGIC.size()).equals(GPT_MAGIC)) {
        return true;
      }
    }
    return false;
  }

  /** A boot sector whose four entries all make sense, and one at least is in use (UEFI, 5.2). */
  private static boolean isMbr(Bytes head) {
    if (!has(head, BOOT_SIGNATURE_OFFSET, BOOT_SIGNATURE)) {
      return false;
    }
    boolean used = false;
    for (int entry = 446; entry < BOOT_SIGNATURE_OFFSET; entry += 16) {
      int type = head.at(entry + 4);
      int start = number(head, entry + 8, 4);
      int size = number(head, entry + 12, 4);
      boolean present = type != 0 && start != 0 && size != 0;
      boolean empty = head.slice(entry, 16).isZero();
      if ((!present && !empty) || (head.at(entry) & 0x7f) != 0) {
        return false;
      }
      used |= present;
    }
    return used;
  }

  private static boolean has(Bytes head, int offset, Bytes magic) {
    return head.size() - magic.size() >= offset && head.slice(offset, magic.size()).equals(magic);
  }

  /** Up to four octets, least significant first; 0 where the head ends before them. */
  private static int number(Bytes head, int offset, int size) {
    int value = 0;
    for (int i = 0; i < size && offset + i < head.size(); i++) {
      value |= head.at(offset + i) << (8 * i);
    }
    return value;
  }

  private static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }
}
