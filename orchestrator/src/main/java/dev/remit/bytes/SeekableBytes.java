package dev.remit.bytes;

import java.io.EOFException;
import java.io.IOException;

/** Octets of a known number that may be read at any place, too many to hold in memory. */
public interface SeekableBytes {
  /** In bytes. */
  long size();

  /** Exactly so many octets from there on; {@link EOFException} where fewer are left. */
  Bytes read(long offset, int length) throws IOException;

  /**
   * The first place from there on that may hold anything but zeros; {@code to} where none before it
   * does. Who knows of no holes answers with {@code from}.
   */
  default long nextData(long from, long to) throws IOException {
    return from;
  }

  /** What lies from the given offset, 0 to {@link #size()}, to the end. */
  default SeekableBytes from(long start) {
    return slice(start, size() - start);
  }

  /** A part that lies within these octets. */
  default SeekableBytes slice(long start, long size) {
    if (start < 0 || size < 0 || start > size() - size) {
      throw new IndexOutOfBoundsException(size + " bytes at " + start + " of " + size());
    }
    var whole = this;
    return new SeekableBytes() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public Bytes read(long offset, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > size - length) {
          throw new EOFException(length + " bytes at " + offset + " of " + size);
        }
        return whole.read(start + offset, length);
      }

      @Override
      public long nextData(long from, long to) throws IOException {
        return whole.nextData(start + from, start + to) - start;
      }
    };
  }

  static SeekableBytes of(Bytes held) {
    return new SeekableBytes() {
      @Override
      public long size() {
        return held.size();
      }

      @Override
      public Bytes read(long offset, int length) throws EOFException {
        if (offset < 0 || length < 0 || offset > held.size() - length) {
          throw new EOFException(length + " bytes at " + offset + " of " + held.size());
        }
        return held.slice((int) offset, length);
      }
    };
  }
}
