package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Parts of a region, one after the other as if they were one. */
final class JoinedBytes implements SeekableBytes {
  private final List<SeekableBytes> parts;
  private final long[] starts;
  private final long size;

  JoinedBytes(List<SeekableBytes> parts) {
    this.parts = List.copyOf(parts);
    starts = new long[parts.size()];
    long at = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = at;
      at = Math.addExact(at, parts.get(i).size());
    }
    size = at;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Bytes read(long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new EOFException(length + " bytes at " + offset + " of " + size);
    }
    var read = new ArrayList<Bytes>();
    long end = offset + length;
    for (int i = 0; i < starts.length; i++) {
      long from = Math.max(offset, starts[i]);
      long to = Math.min(end, starts[i] + parts.get(i).size());
      if (from < to) {
        read.add(parts.get(i).read(from - starts[i], (int) (to - from)));
      }
    }
    return Bytes.concat(read.toArray(Bytes[]::new));
  }

  @Override
  public long nextData(long from, long to) throws IOException {
    for (int i = 0; i < starts.length; i++) {
      long start = Math.max(from, starts[i]);
      long end = Math.min(to, starts[i] + parts.get(i).size());
      if (start < end) {
        long found = parts.get(i).nextData(start - starts[i], end - starts[i]) + starts[i];
        if (found < end) {
          return found;
        }
      }
    }
    return to;
  }
}
