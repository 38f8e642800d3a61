package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One look at an image, through all its layers, at a bounded cost. */
public final class Examination {
  /** All that Remit knows, in the order in which people are told. */
  private static final List<Format> FORMATS =
      List.of(
          new Iso9660(), new ElTorito(), new Fat(), new Initrd(), new Executable(), new Linux());

  private final Budget budget = new Budget();
  private int depth;

  private Examination() {}

  /** Everything that the file can be taken for. */
  public static Region of(SeekableBytes file) throws IOException {
    return new Examination().region(0, file);
  }

  Budget budget() {
    return budget;
  }

  /**
   * @param offset of the region in what contains it, in bytes
   */
  Region region(long offset, SeekableBytes region) throws IOException {
    var contents = new ArrayList<Content>();
    if (depth == Budget.DEEPEST) {
      contents.add(new Content.Malformed("a layer", 0, "it lies deeper than Remit looks"));
    } else if (!budget.region()) {
      contents.add(new Content.Malformed("a layer", 0, "there are more than Remit looks at"));
    } else {
      depth++;
      for (var format : FORMATS) {
        try {
          format.recognise(region, this).ifPresent(contents::add);
        } catch (MalformedException e) {
          contents.add(new Content.Malformed(format.title(), e.offset(), e.what()));
        }
      }
      depth--;
    }
    if (contents.isEmpty()) {
      contents.add(new Content.Opaque(false));
    }
    return new Region(offset, region.size(), contents);
  }
}
