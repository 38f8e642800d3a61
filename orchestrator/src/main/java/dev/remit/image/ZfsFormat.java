package dev.remit.image;

import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A member of a ZFS pool: four labels, whose description of the pool ends in a checksum that has a
 * mark of its own (OpenZFS, include/sys/vdev_impl.h and zio.h). Its file systems may be encrypted;
 * their names are not.
 */
final class ZfsFormat implements Format {
  private static final long MARK = 0x0210da7ab10c7a11L;
  private static final int LABEL_SIZE = 256 << 10;
  private static final int MARK_OFFSET = (128 << 10) - 40;

  @Override
  public String title() {
    return "a member of a ZFS pool";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws IOException {
    long end = region.size() / LABEL_SIZE * LABEL_SIZE;
    long[] labels = {0, LABEL_SIZE, end - 2L * LABEL_SIZE, end - LABEL_SIZE};
    for (long label : labels) {
      // In the order of octets of the machine that wrote it.
      if (label >= 0
          && Block.of(region, label + MARK_OFFSET, Long.BYTES)
              .filter(block -> block.u64le(0) == MARK || block.u64be(0) == MARK)
              .isPresent()) {
        return Optional.of(new Content.FileSystem(title(), List.of(), Optional.empty()));
      }
    }
    return Optional.empty();
  }
}
