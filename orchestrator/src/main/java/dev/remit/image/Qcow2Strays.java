package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.BitSet;
import java.util.OptionalLong;

/**
 * What lies in the file of a qcow2 image without being part of it: clusters of snapshots that were
 * deleted, what the guest gave back, what was appended. No guest sees it, and its host does.
 */
final class Qcow2Strays {
  /** 16 MiB of bits. */
  private static final long MOST_CLUSTERS = 1 << 27;

  private static final int ENTRY_SIZE = 8;

  private final SeekableBytes file;
  private final int clusterBits;
  private final long clusters;
  private final BitSet used = new BitSet();

  Qcow2Strays(SeekableBytes file, int clusterBits) {
    this.file = file;
    this.clusterBits = clusterBits;
    clusters = (file.size() + (1L << clusterBits) - 1) >>> clusterBits;
    use(0, 1);
  }

  /** Something of the image lies there; what is outside of the file does not matter. */
  void use(long offset, long size) {
    if (clusters <= MOST_CLUSTERS && offset >= 0 && offset < file.size() && size > 0) {
      long last = Math.min(offset + Math.min(size, file.size() - offset), file.size()) - 1;
      used.set((int) (offset >>> clusterBits), (int) (last >>> clusterBits) + 1);
    }
  }

  /** The counts of references, which only a writer reads. */
  void useCounts(Qcow2Header header, Budget budget) throws MalformedException, IOException {
    long size = header.countClusters() << clusterBits;
    if (!Qcow2Header.isPart(file, header.counts(), size, clusterBits)) {
      return;
    }
    use(header.counts(), size);
    budget.table(size, header.counts());
    var tables = new TablePages(file);
    for (long at = header.counts(); at < header.counts() + size; at += ENTRY_SIZE) {
      use(tables.u64be(at) & ~511L, 1);
    }
  }

  /**
   * Where the first of them is that does not look random, in bytes; at 0 where there are too many.
   */
  OptionalLong firstPlain(Budget budget) throws MalformedException, IOException {
    if (clusters > MOST_CLUSTERS) {
      return OptionalLong.of(0);
    }
    long stride = Ciphertext.stride((clusters - used.cardinality()) << clusterBits);
    // Of many small gaps in much, not each has a sample.
    long skip = 0;
    for (long from = used.nextClearBit(0); from < clusters; ) {
      int next = used.nextSetBit((int) from);
      long start = from << clusterBits;
      long end = next < 0 ? file.size() : (long) next << clusterBits;
      long first = start + skip;
      if (first < end) {
        var plain = Ciphertext.firstPlain(file, first, end, stride, budget);
        if (plain.isPresent()) {
          return plain;
        }
      }
      skip = stride == Ciphertext.SAMPLE ? 0 : Math.floorMod(first - end, stride);
      from = next < 0 ? clusters : used.nextClearBit(next);
    }
    return OptionalLong.empty();
  }
}
