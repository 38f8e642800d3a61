package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.Optional;

/** An IGVM file, by its fixed header (IGVM_FIXED_HEADER), which both versions begin with. */
final class IgvmFormat implements Format {
  private static final Bytes MARK = Block.ascii("IGVM");
  private static final int SIZE = 24;

  @Override
  public String title() {
    return "an IGVM file";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var mark = Block.of(region, 0, 8);
    if (mark.isEmpty() || !mark.get().has(0, MARK)) {
      return Optional.empty();
    }
    long version = mark.get().u32le(4);
    // Four octets alone may be chance.
    if (version != 1 && version != 2) {
      return Optional.empty();
    }
    var head =
        Block.of(region, 0, SIZE)
            .orElseThrow(() -> new MalformedException(0, "it ends inside its header"));
    long headers = head.u32le(8) + head.u32le(12);
    long size = head.u32le(16);
    require(head.u32le(8) >= SIZE && headers <= size, 8, "its headers lie outside of it");
    require(size <= region.size(), 16, "the file ends before it does");
    return Optional.of(new Content.Igvm());
  }
}
