package dev.remit.image;

import dev.remit.bytes.MalformedException;

/**
 * What one look at a file may cost altogether, whatever the file says of itself. A file that asks
 * for more is malformed: nobody makes an honest one that does.
 */
final class Budget {
  /** Layers within layers: a disk image, a partition, a volume and an archive are four. */
  static final int DEEPEST = 8;

  private static final long MOST_STEPS = 2_000_000;
  private static final long MOST_UNPACKED = 2L << 30;
  private static final long MOST_KEPT = 32L << 20;

  /** Regions within regions, all together. */
  private static final int MOST_REGIONS = 4_096;

  /** Octets that are read only to see what is not there. */
  private static final long MOST_SCANNED = 256L << 20;

  /** Octets that are read as samples of what is larger. */
  private static final long MOST_SAMPLED = 1L << 30;

  /** Octets of tables that say where a disk's clusters lie: of 2 TiB, as qemu-img makes them. */
  private static final long MOST_TABLES = 256L << 20;

  private long tables = MOST_TABLES;
  private int regions = MOST_REGIONS;
  private long scanned = MOST_SCANNED;
  private long sampled = MOST_SAMPLED;
  private long steps = MOST_STEPS;
  private long unpacked = MOST_UNPACKED;
  private long kept = MOST_KEPT;

  /** Pays for one entry, table or block. */
  void step(long at) throws MalformedException {
    steps = pay(steps, 1, at, "there are more parts in it than Remit looks at");
  }

  /** Pays for a table that is read whole. */
  void table(long octets, long at) throws MalformedException {
    tables = pay(tables, octets, at, "its tables are larger than Remit reads");
  }

  /** Pays for octets that come out of a decompressor. */
  void unpack(long octets, long at) throws MalformedException {
    unpacked = pay(unpacked, octets, at, "it unpacks to more than Remit looks at");
  }

  /** Pays for octets that stay in memory. */
  void keep(long octets, long at) throws MalformedException {
    kept = pay(kept, octets, at, "its files of interest are larger than Remit keeps");
  }

  /** Pays for a sample. */
  void sample(long octets, long at) throws MalformedException {
    sampled = pay(sampled, octets, at, "there is more to be sampled in it than Remit looks at");
  }

  /** Whether one region more may be looked at. */
  boolean region() {
    return regions-- > 0;
  }

  /** Whether so many octets more may be read to find out whether they are blank. */
  boolean scan(long octets) {
    if (octets > scanned) {
      return false;
    }
    scanned -= octets;
    return true;
  }

  private static long pay(long left, long price, long at, String tooMuch)
      throws MalformedException {
    if (price < 0 || price > left) {
      throw new MalformedException(at, tooMuch);
    }
    return left - price;
  }
}
