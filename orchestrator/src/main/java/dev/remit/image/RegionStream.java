package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads a region from front to back, and knows how far. */
final class RegionStream extends InputStream {
  private static final int CHUNK = 1 << 16;

  private final SeekableBytes region;
  private byte[] chunk = new byte[0];
  private long chunkStart;
  private long position;
  private Optional<IOException> failure = Optional.empty();

  RegionStream(SeekableBytes region) {
    this.region = region;
  }

  /** Of the next octet, in bytes from the start of the region. */
  long position() {
    return position;
  }

  /** Why the region could not be read, which says nothing of what is in it. */
  Optional<IOException> failure() {
    return failure;
  }

  @Override
  public int read() throws IOException {
    if (available() == 0) {
      return -1;
    }
    int octet = chunk[(int) (position - chunkStart)] & 0xff;
    position++;
    return octet;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int part = Math.min(length, available());
    if (part == 0) {
      return -1;
    }
    System.arraycopy(chunk, (int) (position - chunkStart), into, from, part);
    position += part;
    return part;
  }

  @Override
  public long skip(long length) {
    long part = Math.max(0, Math.min(length, region.size() - position));
    position += part;
    return part;
  }

  /** Gives octets back that were read last. */
  void back(int length) {
    position -= length;
    if (position < chunkStart) {
      chunk = new byte[0];
      chunkStart = position;
    }
  }

  /** What is held; more is read where nothing is. */
  @Override
  public int available() throws IOException {
    if (position >= chunkStart + chunk.length) {
      chunkStart = position;
      chunk = next().toArray();
    }
    return (int) (chunkStart + chunk.length - position);
  }

  private Bytes next() throws IOException {
    try {
      return region.read(position, (int) Math.min(CHUNK, region.size() - position));
    } catch (IOException e) {
      failure = Optional.of(e);
      throw e;
    }
  }
}
