package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Looks for what nobody encrypted where everything should be, such as what lay on a disk before it
 * was formatted. In samples, so that it takes the same for any size: what is found is plain, and
 * what is not found may be there all the same.
 */
final class Ciphertext {
  static final int SAMPLE = 4096;

  /** 16 MiB: in a smaller region everything is a sample. */
  private static final int MOST_SAMPLES = 4096;

  /** What is not written stays zero, or as an erased flash is; ciphertext has no such piece. */
  private static final int PIECE = 16;

  /** In fewer octets even a text has no shape. */
  private static final int LEAST = 512;

  // Pearson's statistic of 256 equally likely values: 255 with a deviation of 22.6 for ciphertext,
  // 12,000 for base64 and more for text or programs in one sample. A bound far from both: an image
  // with thousands of samples must not be refused by chance.
  private static final double PLAIN = 1_000;

  private Ciphertext() {}

  /** From one sample to the next, in so many octets altogether. */
  static long stride(long size) {
    return Math.max(SAMPLE, size / MOST_SAMPLES);
  }

  /** Where the first sample is that does not look random; empty where there is none. */
  static OptionalLong firstPlain(SeekableBytes region, long from, long to, Budget budget)
      throws MalformedException, IOException {
    return firstPlain(region, from, to, stride(to - from), budget);
  }

  /** As the other, for a part of what is sampled at this stride. */
  static OptionalLong firstPlain(
      SeekableBytes region, long from, long to, long stride, Budget budget)
      throws MalformedException, IOException {
    for (long start = from; start < to; start += stride) {
      long end = Math.min(start + stride, to);
      long at = region.nextData(start, end);
      if (at >= end) {
        continue;
      }
      int length = (int) Math.min(SAMPLE, to - at);
      budget.sample(length, at);
      if (isPlain(region.read(at, length))) {
        return OptionalLong.of(at);
      }
    }
    return OptionalLong.empty();
  }

  private static boolean isPlain(Bytes sample) {
    int[] counts = new int[256];
    int size = 0;
    for (int start = 0; start < sample.size(); start += PIECE) {
      int end = Math.min(start + PIECE, sample.size());
      if (isWritten(sample, start, end)) {
        for (int at = start; at < end; at++) {
          counts[sample.at(at)]++;
        }
        size += end - start;
      }
    }
    if (size < LEAST) {
      return false;
    }
    double expected = size / 256.0;
    double statistic = 0;
    for (int count : counts) {
      statistic += (count - expected) * (count - expected) / expected;
    }
    return statistic > PLAIN;
  }

  private static boolean isWritten(Bytes sample, int start, int end) {
    for (int at = start + 1; at < end; at++) {
      if (sample.at(at) != sample.at(start)) {
        return true;
      }
    }
    return false;
  }
}
