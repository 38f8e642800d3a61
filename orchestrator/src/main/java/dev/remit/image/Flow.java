package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.tukaani.xz.MemoryLimitException;

/** Octets one after the other: those of a region, or those that it unpacks to. */
final class Flow implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final RegionStream region;
  private final InputStream in;
  private final Optional<Compression> compression;
  private final Budget budget;
  private final byte[] chunk = new byte[CHUNK];
  private int next;
  private int end;
  private long passed;

  private Flow(
      RegionStream region, InputStream in, Optional<Compression> compression, Budget budget) {
    this.region = region;
    this.in = in;
    this.compression = compression;
    this.budget = budget;
  }

  static Flow plain(SeekableBytes region, Budget budget) {
    var stream = new RegionStream(region);
    return new Flow(stream, stream, Optional.empty(), budget);
  }

  static Flow unpacked(SeekableBytes region, Compression compression, Budget budget)
      throws MalformedException, IOException {
    var stream = new RegionStream(compression.part(region, budget));
    try {
      return new Flow(
          stream,
          compression.decoder().orElseThrow().open(stream),
          Optional.of(compression),
          budget);
    } catch (IOException | RuntimeException e) {
      throw damaged(Optional.of(compression), stream, e);
    }
  }

  /** Of the next octet among those that come out. */
  long position() {
    return passed + next;
  }

  /** How far the region was read: to the end of what is compressed, once all of it came out. */
  long read() {
    return compression.isPresent() ? region.position() : position();
  }

  /** The next octet, which stays; −1 at the end. */
  int peek() throws MalformedException, IOException {
    return next < end || fill() ? chunk[next] & 0xff : -1;
  }

  Bytes take(int length) throws MalformedException, IOException {
    byte[] taken = new byte[length];
    int have = 0;
    while (have < length) {
      requireMore();
      int part = Math.min(length - have, end - next);
      System.arraycopy(chunk, next, taken, have, part);
      next += part;
      have += part;
    }
    return Bytes.copyOf(taken);
  }

  void skip(long length) throws MalformedException, IOException {
    long left = length;
    while (left > 0) {
      if (next == end && compression.isEmpty()) {
        // Nobody needs to read what stands there.
        passed += next;
        next = 0;
        end = 0;
        long skipped = in.skip(left);
        passed += skipped;
        left -= skipped;
        Rule.require(left == 0, position(), "it ends early");
      } else {
        requireMore();
        int part = (int) Math.min(left, end - next);
        next += part;
        left -= part;
      }
    }
  }

  /** Passes octets, and adds them up in 32 bits. */
  int sum(long length) throws MalformedException, IOException {
    int sum = 0;
    for (long left = length; left > 0; left--) {
      requireMore();
      sum += chunk[next] & 0xff;
      next++;
    }
    return sum;
  }

  /** Passes zeros. */
  void skipZeros() throws MalformedException, IOException {
    while (peek() == 0) {
      next++;
      if (next == end && compression.isEmpty()) {
        // No archive has so many of them; those that are unpacked are paid for already.
        budget.unpack(end, position());
      }
    }
  }

  private void requireMore() throws MalformedException, IOException {
    Rule.require(next < end || fill(), position(), "it ends early");
  }

  private boolean fill() throws MalformedException, IOException {
    int size;
    try {
      size = in.read(chunk, 0, CHUNK);
    } catch (IOException | RuntimeException e) {
      throw damaged(compression, region, e);
    }
    passed += next;
    next = 0;
    end = Math.max(size, 0);
    if (compression.isPresent()) {
      budget.unpack(end, passed);
    }
    return size > 0;
  }

  /**
   * What a library says of data that it cannot unpack: some by a checked exception, some by
   * whatever went wrong inside them.
   */
  private static MalformedException damaged(
      Optional<Compression> compression, RegionStream region, Exception e) throws IOException {
    if (region.failure().isPresent()) {
      throw region.failure().get();
    }
    String title = compression.map(Compression::title).orElse("plain");
    return new MalformedException(
        region.position(),
        e instanceof MemoryLimitException
            ? "it asks for more memory to be unpacked than Remit gives"
            : "its " + title + " data is damaged");
  }

  @Override
  public void close() throws IOException {
    in.close();
    Arrays.fill(chunk, (byte) 0);
  }
}
