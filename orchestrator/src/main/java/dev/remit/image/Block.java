package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Some octets of a region, in which everything stands at a fixed place. */
record Block(Bytes raw) {
  /** Empty where the region has no such part. */
  static Optional<Block> of(SeekableBytes region, long offset, int size) throws IOException {
    return offset < 0 || offset > region.size() - size
        ? Optional.empty()
        : Optional.of(new Block(region.read(offset, size)));
  }

  static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }

  boolean has(int at, Bytes mark) {
    return raw.slice(at, mark.size()).equals(mark);
  }

  int u8(int at) {
    return raw.at(at);
  }

  int u16le(int at) {
    return u8(at) | u8(at + 1) << 8;
  }

  long u32le(int at) {
    return u16le(at) | (long) u16le(at + 2) << 16;
  }

  /** All 64 bits; a value over 2⁶³−1 comes out negative. */
  long u64le(int at) {
    return u32le(at) | u32le(at + 4) << 32;
  }

  int u16be(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  long u32be(int at) {
    return (long) u16be(at) << 16 | u16be(at + 2);
  }

  /** All 64 bits; a value over 2⁶³−1 comes out negative. */
  long u64be(int at) {
    return u32be(at) << 32 | u32be(at + 4);
  }

  /** What stands before the first zero, without the spaces that fill a field. */
  HostText text(int at, int size) {
    return text(at, size, StandardCharsets.UTF_8);
  }

  HostText text(int at, int size, Charset charset) {
    String whole = new String(raw.slice(at, size).toArray(), charset);
    int end = whole.indexOf('\0');
    return new HostText((end < 0 ? whole : whole.substring(0, end)).strip());
  }
}
