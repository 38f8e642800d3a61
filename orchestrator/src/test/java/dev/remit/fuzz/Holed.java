package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import java.io.EOFException;

/** A file that begins so, and behind that has nothing but a hole. */
record Holed(Bytes head, long size) implements SeekableBytes {
  @Override
  public Bytes read(long offset, int length) throws EOFException {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new EOFException(length + " bytes at " + offset + " of " + size);
    }
    if (offset >= head.size()) {
      return Bytes.zeros(length);
    }
    int have = (int) Math.min(length, head.size() - offset);
    return head.slice((int) offset, have).paddedTo(length);
  }

  @Override
  public long nextData(long from, long to) {
    return from < head.size() ? from : to;
  }
}
