package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.Optional;

/**
 * An image for IBM Secure Execution, by the header that its ultravisor reads. A loader lies before
 * it, so that it starts at some page (s390-tools, include/libpv/se-hdr.h).
 */
final class SecureExecutionFormat implements Format {
  private static final Bytes MARK = Block.ascii("IBMSecEx");
  private static final int SIZE = 64;
  private static final int PAGE = 4096;

  /** The loader takes some tens of KiB. */
  private static final int FURTHEST = 1 << 20;

  private static final long VERSION = 0x100;

  // Bits of the plain text control flags, counted from the highest: PV_PCF_ALLOW_DUMPING is 34,
  // PV_PCF_NO_DECRYPTION is 35.
  private static final int FLAGS_OFFSET = 56;
  private static final long DUMPS = 1L << (63 - 34);
  private static final long PLAIN = 1L << (63 - 35);

  @Override
  public String title() {
    return "an image for IBM Secure Execution";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    long end = Math.min(FURTHEST, region.size() - MARK.size());
    for (long at = 0; at <= end; at += PAGE) {
      if (Block.of(region, at, MARK.size()).filter(block -> block.has(0, MARK)).isPresent()) {
        return Optional.of(header(region, at));
      }
    }
    return Optional.empty();
  }

  private static Content header(SeekableBytes region, long at)
      throws MalformedException, IOException {
    var head =
        Block.of(region, at, SIZE)
            .orElseThrow(() -> new MalformedException(at, "it ends inside its header"));
    require(head.u32be(8) == VERSION, at + 8, "its header has a version that Remit does not know");
    long flags = head.u64be(FLAGS_OFFSET);
    return new Content.SecureExecution((flags & DUMPS) != 0, (flags & PLAIN) != 0);
  }
}
