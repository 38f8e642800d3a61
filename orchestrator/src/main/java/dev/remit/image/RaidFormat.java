package dev.remit.image;

import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.Optional;

/**
 * A member of a Linux RAID (Linux, include/uapi/linux/raid/md_p.h; mdadm, super0.c and super1.c).
 */
final class RaidFormat implements Format {
  private static final long MARK = 0xa92b4efcL;

  @Override
  public String title() {
    return "a member of a Linux RAID";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws IOException {
    long size = region.size();
    boolean found =
        // 1.1 and 1.2, 1.0, and 0.90 in either order of octets.
        isSuperblock(region, 0)
            || isSuperblock(region, 4096)
            || isSuperblock(region, (size - 8192) / 4096 * 4096)
            || isSuperblock(region, size / 65_536 * 65_536 - 65_536);
    return found ? Optional.of(new Content.OtherContainer(title())) : Optional.empty();
  }

  /** The mark and a major version of 0 or 1. */
  private static boolean isSuperblock(SeekableBytes region, long offset) throws IOException {
    return Block.of(region, offset, 8)
        .filter(block ->
            (block.u32le(0) == MARK && block.u32le(4) <= 1)
                || (block.u32be(0) == MARK && block.u32be(4) <= 1))
        .isPresent();
  }
}
