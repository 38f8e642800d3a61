package dev.remit.image;

import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tables of big-endian numbers in a file, of which a bounded part is kept in memory. */
final class TablePages {
  private static final int NUMBER_SIZE = 8;
  private static final int PAGE_SIZE = 4096;
  private static final int MOST = 256;

  private final SeekableBytes file;

  private final Map<Long, long[]> pages =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, long[]> eldest) {
          return size() > MOST;
        }
      };

  TablePages(SeekableBytes file) {
    this.file = file;
  }

  /**
   * All 64 bits; a value over 2⁶³−1 comes out negative.
   *
   * @param at in bytes, a multiple of 8, and the number lies in the file
   */
  long u64be(long at) throws IOException {
    var page = pages.get(at / PAGE_SIZE);
    if (page == null) {
      page = load(at / PAGE_SIZE * PAGE_SIZE);
      pages.put(at / PAGE_SIZE, page);
    }
    return page[(int) (at % PAGE_SIZE / NUMBER_SIZE)];
  }

  private long[] load(long start) throws IOException {
    var block = new Block(file.read(start, (int) Math.min(PAGE_SIZE, file.size() - start)));
    long[] page = new long[block.raw().size() / NUMBER_SIZE];
    for (int i = 0; i < page.length; i++) {
      page[i] = block.u64be(i * NUMBER_SIZE);
    }
    return page;
  }
}
