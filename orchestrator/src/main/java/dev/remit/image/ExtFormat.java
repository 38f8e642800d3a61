package dev.remit.image;

import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.Optional;

/** ext2, ext3 and ext4 (Linux, Documentation/filesystems/ext4/super.rst). */
final class ExtFormat implements Format {
  private static final int SUPERBLOCK = 1024;

  @Override
  public String title() {
    return "an ext2, ext3 or ext4 file system";
  }

  /** The mark has two octets only, so that its neighbours must make sense too. */
  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws IOException {
    return Block.of(region, SUPERBLOCK, 1024)
        .filter(block ->
            block.u16le(0x38) == 0xef53
                && block.u32le(0) != 0 // inodes
                && block.u32le(0x18) <= 6 // block size
                && block.u32le(0x4c) <= 1) // revision
        .map(block ->
            new Content.FileSystem(
                title(), LabelledFileSystem.labels(block.text(0x78, 16)), Optional.empty()));
  }
}
