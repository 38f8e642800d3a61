package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Where everything lies on a FAT volume, and which cluster follows which. */
final class FatVolume {
  static final int BOOT_SECTOR = 512;

  // The BIOS parameter block (FAT specification, "Boot Sector and BPB").
  private static final int SECTOR_SIZE = 11;
  private static final int CLUSTER_SECTORS = 13;
  private static final int RESERVED_SECTORS = 14;
  private static final int TABLES = 16;
  private static final int ROOT_ENTRIES = 17;
  private static final int SECTORS_16 = 19;
  private static final int MEDIA = 21;
  private static final int TABLE_SECTORS_16 = 22;
  private static final int SECTORS_32 = 32;
  private static final int TABLE_SECTORS_32 = 36;
  private static final int FLAGS_32 = 40;
  private static final int VERSION_32 = 42;
  private static final int ROOT_CLUSTER_32 = 44;
  private static final int SIGNATURE = 38;
  private static final int SIGNATURE_32 = 66;

  private static final List<Bytes> TYPES =
      List.of(
          Block.ascii("FAT12   "),
          Block.ascii("FAT16   "),
          Block.ascii("FAT     "),
          Block.ascii("MSDOS"));
  private static final int TYPE = 54;
  private static final List<Bytes> TYPES_32 =
      List.of(Block.ascii("FAT32   "), Block.ascii("MSWIN"));
  private static final int TYPE_OF_32 = 82;

  private static final int MOST_TABLES = 4;

  /** Tables are read in pieces of so many bytes, which entries of no size straddle. */
  private static final int PIECE = 12 << 10;

  private final SeekableBytes region;
  private final Block boot;
  private final int bits;
  private final int sectorSize;
  private final int clusterSize;
  private final long tableSize;
  private final long firstTable;
  private final int tables;
  private final long rootStart;
  private final int rootSize;
  private final long dataStart;
  private final long clusters;
  private Bytes piece = Bytes.EMPTY;
  private long pieceStart = -1;

  /**
   * By a name of the format (util-linux, libblkid/src/superblocks/vfat.c), or by all that Linux
   * asks of a volume, which is no mark at all.
   */
  static boolean isMarked(Block boot) {
    return TYPES.stream().anyMatch(type -> boot.has(TYPE, type))
        || TYPES_32.stream().anyMatch(type -> boot.has(TYPE_OF_32, type))
        || isPlausible(boot);
  }

  private static boolean isPlausible(Block boot) {
    int sector = boot.u16le(SECTOR_SIZE);
    int media = boot.u8(MEDIA);
    return sector >= 512
        && sector <= 4096
        && Integer.bitCount(sector) == 1
        && Integer.bitCount(boot.u8(CLUSTER_SECTORS)) == 1
        && boot.u16le(RESERVED_SECTORS) != 0
        && boot.u8(TABLES) != 0
        && (media == 0xf0 || media >= 0xf8);
  }

  static FatVolume of(Block boot, SeekableBytes region) throws MalformedException {
    Rule.require(isPlausible(boot), SECTOR_SIZE, "its first sector does not describe a volume");
    return new FatVolume(boot, region);
  }

  private FatVolume(Block boot, SeekableBytes region) throws MalformedException {
    this.boot = boot;
    this.region = region;
    sectorSize = boot.u16le(SECTOR_SIZE);
    clusterSize = sectorSize * boot.u8(CLUSTER_SECTORS);
    boolean is32 = boot.u16le(TABLE_SECTORS_16) == 0;
    tableSize =
        sectorSize * (is32 ? boot.u32le(TABLE_SECTORS_32) : (long) boot.u16le(TABLE_SECTORS_16));
    tables = boot.u8(TABLES);
    Rule.require(tables <= MOST_TABLES, TABLES, "it has more tables of clusters than any volume");
    firstTable = (long) boot.u16le(RESERVED_SECTORS) * sectorSize;
    rootStart = firstTable + tables * tableSize;
    rootSize = boot.u16le(ROOT_ENTRIES) * FatEntry.SIZE;
    dataStart = rootStart + (rootSize + sectorSize - 1L) / sectorSize * sectorSize;
    long sectors16 = boot.u16le(SECTORS_16);
    long size = (sectors16 != 0 ? sectors16 : boot.u32le(SECTORS_32)) * sectorSize;
    Rule.require(
        sectors16 == 0 || boot.u32le(SECTORS_32) == 0 || boot.u32le(SECTORS_32) == sectors16,
        SECTORS_32,
        "its two sizes differ");
    Rule.require(size <= region.size(), SECTORS_32, "the volume is larger than what holds it");
    Rule.require(
        tableSize > 0 && dataStart <= size, TABLE_SECTORS_16, "its tables do not fit in it");
    clusters = (size - dataStart) / clusterSize;
    // A volume is FAT32 where it says so, not where it is large, to Linux and to UEFI.
    bits = is32 ? 32 : clusters < 4085 ? 12 : 16;
    Rule.require(
        is32 || clusters < 65_525, SECTORS_32, "it has more clusters than its tables can name");
    Rule.require(clusters < 0x0fff_fff5, SECTORS_32, "it has more clusters than FAT32 can name");
    Rule.require(
        (clusters + 2) * bits <= tableSize * 8,
        TABLE_SECTORS_16,
        "its tables are too short for it");
    Rule.require(
        is32 == (rootSize == 0), ROOT_ENTRIES, "its root folder does not fit its kind of FAT");
    if (is32) {
      Rule.require(boot.u16le(VERSION_32) == 0, VERSION_32, "it has an unknown version of FAT32");
      Rule.require(
          !isOneTable() || activeTable() < tables, FLAGS_32, "its active table is not there");
    }
  }

  int bits() {
    return bits;
  }

  /** As the boot sector has it, where it has one. */
  String label() {
    int signature = bits == 32 ? SIGNATURE_32 : SIGNATURE;
    return boot.u8(signature) == 0x29 ? text(boot.raw().slice(signature + 5, 11)) : "";
  }

  static String text(Bytes label) {
    return new Block(label).text(0, label.size(), StandardCharsets.ISO_8859_1).raw();
  }

  int clusterSize() {
    return clusterSize;
  }

  long clusters() {
    return clusters;
  }

  /** Where a cluster lies; they are counted from 2. */
  long start(long cluster) {
    return dataStart + (cluster - 2) * clusterSize;
  }

  boolean has(long cluster) {
    return cluster >= 2 && cluster < clusters + 2;
  }

  boolean hasRootCluster() {
    return bits == 32;
  }

  long rootCluster() {
    return boot.u32le(ROOT_CLUSTER_32);
  }

  long rootStart() {
    return rootStart;
  }

  int rootSize() {
    return rootSize;
  }

  Bytes read(long offset, int length) throws IOException {
    return region.read(offset, length);
  }

  /** So many octets from the start of a cluster on. */
  SeekableBytes slice(long cluster, long size) {
    return region.slice(start(cluster), size);
  }

  /** The clusters of what starts with one, at most so many; each is paid for. */
  List<Long> chain(long first, long most, Budget budget) throws MalformedException, IOException {
    var chain = new ArrayList<Long>();
    long cluster = first;
    while (!isEnd(cluster)) {
      long at = firstTable + cluster * bits / 8;
      Rule.require(has(cluster), firstTable, "a chain of clusters leads outside the volume");
      Rule.require(chain.size() < most, at, "a chain of clusters is too long, or has no end");
      budget.step(at);
      chain.add(cluster);
      cluster = next(cluster);
    }
    return chain;
  }

  private boolean isEnd(long cluster) {
    return cluster
        >= switch (bits) {
          case 12 -> 0xff8;
          case 16 -> 0xfff8;
          default -> 0x0fff_fff8;
        };
  }

  private boolean isOneTable() {
    return (boot.u16le(FLAGS_32) & 0x80) != 0;
  }

  private int activeTable() {
    return boot.u16le(FLAGS_32) & 0xf;
  }

  private long next(long cluster) throws MalformedException, IOException {
    long bit = cluster * bits;
    var entry = new Block(table(bit / 8));
    return switch (bits) {
      case 12 -> (entry.u16le(0) >> (int) (bit % 8)) & 0xfff;
      case 16 -> entry.u16le(0);
      // The highest four bits are reserved.
      default -> entry.u32le(0) & 0x0fff_ffff;
    };
  }

  /** Two or four octets of the table, which all its copies must agree about. */
  private Bytes table(long offset) throws MalformedException, IOException {
    long start = offset / PIECE * PIECE;
    if (start != pieceStart) {
      int length = (int) Math.min(PIECE, tableSize - start);
      int active = bits == 32 && isOneTable() ? activeTable() : 0;
      piece = region.read(firstTable + active * tableSize + start, length);
      if (!(bits == 32 && isOneTable())) {
        for (int other = 1; other < tables; other++) {
          Rule.require(
              region.read(firstTable + other * tableSize + start, length).equals(piece),
              firstTable + start,
              "its tables of clusters differ");
        }
      }
      pieceStart = start;
    }
    return piece.slice((int) (offset - start), bits == 32 ? 4 : 2);
  }
}
