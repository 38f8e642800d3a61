package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;

/** Where a Zstandard frame ends and how much memory it asks for (RFC 8878, 3.1.1). */
final class ZstdFrame {
  /**
   * What every decoder should have (3.1.1.1.2), and the most that ours takes. Linux takes more, and
   * zstd asks for more with --long and --ultra.
   */
  private static final long LARGEST_WINDOW = 8L << 20;

  private static final int LARGEST_BLOCK = 128 << 10;
  private static final int MAGIC = 4;

  private ZstdFrame() {}

  /** In bytes, of the frame that the region starts with. */
  static long size(SeekableBytes region, Budget budget) throws MalformedException, IOException {
    int descriptor = part(region, MAGIC, 1).u8(0);
    boolean single = (descriptor & 0x20) != 0;
    Rule.require((descriptor & 0x08) == 0, MAGIC, "a reserved bit of a zstd frame is set");
    Rule.require((descriptor & 0x03) == 0, MAGIC, "a zstd frame needs a dictionary");
    long at = MAGIC + 1;
    long window = 0;
    if (!single) {
      int code = part(region, at, 1).u8(0);
      long base = 1L << (10 + (code >> 3));
      window = base + base / 8 * (code & 7);
      at++;
    }
    int sizeCode = descriptor >> 6;
    int sizeLength = sizeCode == 0 ? (single ? 1 : 0) : 1 << sizeCode;
    if (single) {
      var size = part(region, at, sizeLength);
      window =
          switch (sizeLength) {
            case 1 -> size.u8(0);
            case 2 -> size.u16le(0) + 256;
            case 4 -> size.u32le(0);
            default -> size.u64le(0);
          };
    }
    Rule.require(
        window >= 0 && window <= LARGEST_WINDOW,
        MAGIC,
        "a zstd frame asks for more memory than Remit gives: a window of over 8 MiB");
    at += sizeLength;
    boolean last = false;
    while (!last) {
      budget.step(at);
      var header = part(region, at, 3);
      int fields = header.u16le(0) | header.u8(2) << 16;
      last = (fields & 1) != 0;
      int type = (fields >> 1) & 3;
      int size = fields >> 3;
      Rule.require(type != 3, at, "a block of a zstd frame has a reserved type");
      Rule.require(size <= LARGEST_BLOCK, at, "a block of a zstd frame is too large");
      // A block of one octet repeated holds it once.
      at += 3 + (type == 1 ? 1 : size);
    }
    at += (descriptor & 0x04) != 0 ? 4 : 0;
    Rule.require(at <= region.size(), region.size(), "a zstd frame ends early");
    return at;
  }

  private static Block part(SeekableBytes region, long at, int size)
      throws MalformedException, IOException {
    return Block.of(region, at, size)
        .orElseThrow(() -> new MalformedException(at, "a zstd frame ends early"));
  }
}
