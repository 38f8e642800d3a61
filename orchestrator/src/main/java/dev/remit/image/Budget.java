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

  private long steps = MOST_STEPS;
  private long unpacked = MOST_UNPACKED;
  private long kept = MOST_KEPT;

  /** Pays for one entry, table or block. */
  void step(long at) throws MalformedException {
    steps = pay(steps, 1, at, "there are more parts in it than Remit looks at");
  }

  /** Pays for octets that come out of a decompressor. */
  void unpack(long octets, long at) throws MalformedException {
    unpacked = pay(unpacked, octets, at, "it unpacks to more than Remit looks at");
  }

  /** Pays for octets that stay in memory. */
  void keep(long octets, long at) throws MalformedException {
    kept = pay(kept, octets, at, "its files of interest are larger than Remit keeps");
  }

  private static long pay(long left, long price, long at, String tooMuch)
      throws MalformedException {
    if (price < 0 || price > left) {
      throw new MalformedException(at, tooMuch);
    }
    return left - price;
  }
}
