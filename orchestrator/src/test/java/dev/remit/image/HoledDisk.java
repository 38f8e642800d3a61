package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.BitSet;

/** A disk that knows its holes, so that many variants of it can be looked at in little time. */
final class HoledDisk implements SeekableBytes {
  private static final int PAGE = 512;

  private final Bytes whole;
  private final BitSet pages;
  private final long changedAt;
  private final Bytes change;

  private HoledDisk(Bytes whole, BitSet pages, long changedAt, Bytes change) {
    this.whole = whole;
    this.pages = pages;
    this.changedAt = changedAt;
    this.change = change;
  }

  static HoledDisk of(Bytes whole) {
    var pages = new BitSet();
    for (int at = 0; at < whole.size(); at += PAGE) {
      pages.set(at / PAGE, !whole.slice(at, Math.min(PAGE, whole.size() - at)).isZero());
    }
    return new HoledDisk(whole, pages, 0, Bytes.EMPTY);
  }

  /** With one bit of the first disk turned. */
  HoledDisk flipped(int bit) {
    return new HoledDisk(whole, pages, bit / 8, Sample.flipped(whole.slice(bit / 8, 1), bit % 8));
  }

  @Override
  public long size() {
    return whole.size();
  }

  @Override
  public Bytes read(long offset, int length) throws IOException {
    var read = SeekableBytes.of(whole).read(offset, length);
    return change.size() == 1 && changedAt >= offset && changedAt < offset + length
        ? Sample.overwritten(read, (int) (changedAt - offset), change)
        : read;
  }

  @Override
  public long nextData(long from, long to) {
    long page = pages.nextSetBit((int) (from / PAGE));
    long data = page < 0 ? to : Math.max(from, page * PAGE);
    if (change.size() == 1 && changedAt >= from) {
      data = Math.min(data, changedAt);
    }
    return Math.min(data, to);
  }
}
