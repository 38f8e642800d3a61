package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;

/** What there is to say of a region that has no mark of any format. */
final class UnknownData {
  private static final int CHUNK = 1 << 20;
  private static final int SAMPLE = 4096;
  private static final int SAMPLES = 256;

  // Pearson's statistic of 256 equally likely values has a mean of 255 and a deviation of 22.6:
  // six deviations to either side.
  private static final double LEAST = 120;
  private static final double MOST = 391;

  private UnknownData() {}

  static Content of(SeekableBytes region, Budget budget) throws IOException {
    return isBlank(region, budget)
        ? new Content.Blank()
        : new Content.Opaque(looksRandom(region, budget));
  }

  /** Reads everything but holes; what would take too long to read is not called blank. */
  static boolean isBlank(SeekableBytes region, Budget budget) throws IOException {
    long end = region.size();
    long at = region.nextData(0, end);
    // The first block by itself: most regions that are not blank say so at once.
    int length = SAMPLE;
    while (at < end) {
      int part = (int) Math.min(length, end - at);
      if (!budget.scan(part) || !region.read(at, part).isZero()) {
        return false;
      }
      at = region.nextData(at + part, end);
      length = CHUNK;
    }
    return true;
  }

  /** Whether every sample that holds anything looks random. */
  private static boolean looksRandom(SeekableBytes region, Budget budget) throws IOException {
    long stride = Math.max(SAMPLE, region.size() / SAMPLES);
    int looked = 0;
    for (long start = 0; start <= region.size() - SAMPLE; start += stride) {
      long end = Math.min(start + stride, region.size());
      long at = Math.min(region.nextData(start, end), region.size() - SAMPLE);
      if (at >= end) {
        continue;
      }
      if (!budget.scan(SAMPLE)) {
        return false;
      }
      var sample = region.read(at, SAMPLE);
      if (sample.isZero()) {
        continue;
      }
      if (!looksRandom(sample)) {
        return false;
      }
      looked++;
    }
    return looked > 0;
  }

  private static boolean looksRandom(Bytes sample) {
    int[] counts = new int[256];
    for (int i = 0; i < sample.size(); i++) {
      counts[sample.at(i)]++;
    }
    double expected = sample.size() / 256.0;
    double statistic = 0;
    for (int count : counts) {
      statistic += (count - expected) * (count - expected) / expected;
    }
    return statistic >= LEAST && statistic <= MOST;
  }
}
