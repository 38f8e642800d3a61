package dev.remit.bytes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** Files of the test resources, and what goes wrong with files. */
public final class Sample {
  private Sample() {}

  /** The content of a resource, by its path from the root. */
  public static Bytes of(String path) {
    try (var in = Sample.class.getResourceAsStream("/" + path)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + path);
      }
      return Bytes.copyOf(
          path.endsWith(".gz") ? new GZIPInputStream(in).readAllBytes() : in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With one bit turned, counted from the first octet's lowest. */
  public static Bytes flipped(Bytes sample, int bit) {
    byte[] copy = sample.toArray();
    copy[bit / 8] ^= (byte) (1 << bit % 8);
    return Bytes.copyOf(copy);
  }

  /** With the octets from there on replaced. */
  public static Bytes overwritten(Bytes sample, int offset, Bytes by) {
    return Bytes.concat(
        sample.slice(0, offset),
        by,
        sample.slice(offset + by.size(), sample.size() - offset - by.size()));
  }
}
