package dev.remit.bytes;

import java.io.EOFException;
import java.io.IOException;

/** Octets of a known number that may be read at any place, too many to hold in memory. */
public interface SeekableBytes {
  /** In bytes. */
  long size();

  /** Exactly so many octets from there on; {@link EOFException} where fewer are left. */
  Bytes read(long offset, int length) throws IOException;

  /** What lies from the given offset, 0 to {@link #size()}, to the end. */
  default SeekableBytes from(long start) {
    if (start < 0 || start > size()) {
      throw new IndexOutOfBoundsException("offset " + start + " of " + size() + " bytes");
    }
    var whole = this;
    return new SeekableBytes() {
      @Override
      public long size() {
        return whole.size() - start;
      }

      @Override
      public Bytes read(long offset, int length) throws IOException {
        if (offset < 0) {
          throw new EOFException("before the start");
        }
        return whole.read(Math.addExact(start, offset), length);
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
