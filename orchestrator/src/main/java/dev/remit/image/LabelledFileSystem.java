package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A file system whose superblock has a mark and a label at fixed places.
 *
 * @param superblock its offset in bytes
 * @param size of as much of it as is looked at
 * @param markOffset in the superblock, as is the offset of the label
 */
record LabelledFileSystem(
    String title,
    long superblock,
    int size,
    int markOffset,
    Bytes mark,
    int labelOffset,
    int labelSize,
    Charset charset)
    implements Format {
  // Where the kernel and the tools of each say: fs/xfs/libxfs/xfs_format.h, fs/btrfs/ctree.h,
  // include/linux/f2fs_fs.h (two superblocks), fs/erofs/erofs_fs.h.
  static final List<Format> ALL =
      List.of(
          utf8("an XFS file system", 0, 512, 0, Block.ascii("XFSB"), 0x6c, 12),
          utf8("a Btrfs file system", 0x10000, 4096, 0x40, Block.ascii("_BHRfS_M"), 0x12b, 256),
          f2fs(0x400),
          f2fs(0x1400),
          utf8("an EROFS file system", 1024, 128, 0, Bytes.of(0xe2, 0xe1, 0xf5, 0xe0), 0x40, 16));

  private static LabelledFileSystem utf8(
      String title,
      long superblock,
      int size,
      int markOffset,
      Bytes mark,
      int labelOffset,
      int labelSize) {
    return new LabelledFileSystem(
        title, superblock, size, markOffset, mark, labelOffset, labelSize, StandardCharsets.UTF_8);
  }

  private static LabelledFileSystem f2fs(long superblock) {
    return new LabelledFileSystem(
        "an F2FS file system",
        superblock,
        0x47c,
        0,
        Bytes.of(0x10, 0x20, 0xf5, 0xf2),
        0x7c,
        1024,
        StandardCharsets.UTF_16LE);
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws IOException {
    return Block.of(region, superblock, size)
        .filter(block -> block.has(markOffset, mark))
        .map(block ->
            new Content.FileSystem(
                title, labels(block.text(labelOffset, labelSize, charset)), Optional.empty()));
  }

  static List<HostText> labels(HostText label) {
    return label.raw().isEmpty() ? List.of() : List.of(label);
  }
}
