package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The hashes of a dm-verity device, behind their superblock and from the top down (Linux,
 * Documentation/admin-guide/device-mapper/verity.rst, "Hash Tree"; cryptsetup,
 * lib/verity/verity_hash.c).
 *
 * @param region that starts with the superblock
 * @param algorithm as the superblock names it
 * @param dataBlock size in bytes
 * @param hashBlock size in bytes
 * @param dataBlocks number of them
 */
record VerityTree(
    SeekableBytes region,
    String algorithm,
    Bytes salt,
    int dataBlock,
    int hashBlock,
    long dataBlocks) {
  /** Those of which the kernel and Java mean the same. */
  private static final Map<String, String> ALGORITHMS =
      Map.of("sha256", "SHA-256", "sha384", "SHA-384", "sha512", "SHA-512");

  /** Of each level, and of the data: all of a small device, and samples of a large one. */
  private static final int MOST_SAMPLES = 4096;

  /** Hashes of one depth, of which the lowest are over data. */
  private record Level(long start, long blocks) {}

  /** Why it vouches for nothing, a phrase; empty where each level that was looked at fits. */
  Optional<String> flaw(Budget budget) throws MalformedException, IOException {
    if (!ALGORITHMS.containsKey(algorithm)) {
      return Optional.of("Remit does not compute its hash");
    }
    if (dataBlocks < 2 || perBlock() < 2) {
      return Optional.of("it is no tree");
    }
    var levels = levels();
    var lowest = levels.getFirst();
    long room = region.size() / hashBlock;
    if (lowest.start() > room - lowest.blocks()) {
      return Optional.of("it ends before its hashes do");
    }
    if (region.read(lowest.start() * hashBlock, hashBlock).isZero()) {
      return Optional.of("its hashes are blank");
    }
    for (int depth = 1; depth < levels.size(); depth++) {
      var children = levels.get(depth - 1);
      if (!fits(
          levels.get(depth),
          region.slice(children.start() * hashBlock, children.blocks() * hashBlock),
          hashBlock,
          children.blocks(),
          budget)) {
        return Optional.of("its hashes contradict each other");
      }
    }
    return UnknownData.isBlank(region.from((lowest.start() + lowest.blocks()) * hashBlock), budget)
        ? Optional.empty()
        : Optional.of("something lies behind its hashes");
  }

  /** Whether it is over this: all of it but zeros behind the end. */
  boolean covers(SeekableBytes data, Budget budget) throws MalformedException, IOException {
    return dataBlocks <= data.size() / dataBlock
        && fits(levels().getFirst(), data, dataBlock, dataBlocks, budget)
        && UnknownData.isBlank(data.from(dataBlocks * dataBlock), budget);
  }

  private boolean fits(Level hashes, SeekableBytes data, int size, long count, Budget budget)
      throws MalformedException, IOException {
    long stride = Math.max(1, count / MOST_SAMPLES);
    for (long index = 0; index < count; index += stride) {
      budget.sample((long) size + hashBlock, index * size);
      if (!fits(hashes, data, size, index)) {
        return false;
      }
    }
    return fits(hashes, data, size, count - 1);
  }

  private boolean fits(Level hashes, SeekableBytes data, int size, long index) throws IOException {
    var digest = digest();
    salt.updateInto(digest);
    data.read(index * size, size).updateInto(digest);
    var expected = Bytes.copyOf(digest.digest());
    long at =
        (hashes.start() + index / perBlock()) * hashBlock
            + index % perBlock() * (long) paddedSize();
    return region.read(at, expected.size()).equals(expected);
  }

  /** From the lowest up; the highest comes first in the region, behind the superblock. */
  private List<Level> levels() {
    var blocks = new ArrayList<Long>();
    for (long count = dataBlocks; blocks.isEmpty() || count > 1; ) {
      count = (count - 1) / perBlock() + 1;
      blocks.add(count);
    }
    var levels = new ArrayList<Level>();
    long start = (VerityFormat.SIZE - 1L) / hashBlock + 1;
    for (long count : blocks.reversed()) {
      levels.addFirst(new Level(start, count));
      start += count;
    }
    return levels;
  }

  private int perBlock() {
    return hashBlock / paddedSize();
  }

  /** Up to a power of two. */
  private int paddedSize() {
    return Integer.highestOneBit(2 * digest().getDigestLength() - 1);
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(String.valueOf(ALGORITHMS.get(algorithm)), "SUN");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
