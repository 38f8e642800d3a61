package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.tukaani.xz.SingleXZInputStream;

/**
 * How data is compressed that the kernel unpacks at its start (Linux, lib/decompress.c).
 *
 * @param mark at the start
 * @param second mark, where the first one is too short
 * @param decoder empty for what Remit only knows by its marks
 */
record Compression(
    String title, Bytes mark, int secondAt, Bytes second, Optional<Decoder> decoder) {
  /** In KiB: that of "xz -9", whose dictionary has 64 MiB, is a little above that. */
  private static final int XZ_MEMORY = 80 << 10;

  // RFC 8878, 3.1.1. The stream's constructor takes the decoder in Java, not the native one.
  private static final Compression ZSTD =
      read("zstd", Bytes.of(0x28, 0xb5, 0x2f, 0xfd), ZstdInputStream::new);

  private static final List<Compression> KNOWN =
      List.of(
          // RFC 1952, 2.3.1, with the one method that there is.
          read("gzip", Bytes.of(0x1f, 0x8b, 0x08), GzipMember::new),
          // The .xz File Format 1.2.1, 2.1.1.1.
          read("xz", Bytes.of(0xfd, '7', 'z', 'X', 'Z', 0x00), Compression::openXz),
          ZSTD,
          // lz4_Frame_format.md, "Legacy frame", and the frame that Linux does not know.
          known("lz4", Bytes.of(0x02, 0x21, 0x4c, 0x18), 0, Bytes.EMPTY),
          known("lz4", Bytes.of(0x04, 0x22, 0x4d, 0x18), 0, Bytes.EMPTY),
          // The mark of a stream, and of its first block.
          known("bzip2", Block.ascii("BZh"), 4, Bytes.of(0x31, 0x41, 0x59, 0x26, 0x53, 0x59)),
          // The usual properties, a dictionary of whole 64 KiB, and a size that is unknown or below
          // 4 GiB.
          known("lzma", Bytes.of(0x5d, 0x00, 0x00), 10, Bytes.of(0xff, 0xff, 0xff)),
          known("lzma", Bytes.of(0x5d, 0x00, 0x00), 9, Bytes.zeros(4)),
          known(
              "lzo", Bytes.of(0x89, 'L', 'Z', 'O', 0x00, 0x0d, 0x0a, 0x1a, 0x0a), 0, Bytes.EMPTY));

  /** Opens what a stream goes on with, up to its own end; takes nothing behind that. */
  interface Decoder {
    InputStream open(RegionStream in) throws IOException;
  }

  private static Compression read(String title, Bytes mark, Decoder decoder) {
    return new Compression(title, mark, 0, Bytes.EMPTY, Optional.of(decoder));
  }

  private static Compression known(String title, Bytes mark, int secondAt, Bytes second) {
    return new Compression(title, mark, secondAt, second, Optional.empty());
  }

  private static InputStream openXz(RegionStream in) throws IOException {
    return new SingleXZInputStream(in, XZ_MEMORY);
  }

  /** By the mark that a region starts with. */
  static Optional<Compression> of(SeekableBytes region) throws IOException {
    for (var compression : KNOWN) {
      if (compression.starts(region)) {
        return Optional.of(compression);
      }
    }
    return Optional.empty();
  }

  private boolean starts(SeekableBytes region) throws IOException {
    return Block.of(region, 0, Math.max(mark.size(), secondAt + second.size()))
        .filter(head -> head.has(0, mark) && head.has(secondAt, second))
        .isPresent();
  }

  /**
   * @param at where it is, for the message
   */
  void requireReadable(long at) throws MalformedException {
    Rule.require(
        decoder.isPresent(), at, "it is compressed with " + title + ", which Remit does not read");
  }

  /**
   * What a region starts with, as far as it can be told without unpacking it. A decoder that would
   * ask for too much memory, or take what comes next, is not let at it.
   */
  SeekableBytes part(SeekableBytes region, Budget budget) throws MalformedException, IOException {
    return equals(ZSTD) ? region.slice(0, ZstdFrame.size(region, budget)) : region;
  }
}
