package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One look at an image, through all its layers, at a bounded cost. */
public final class Examination {
  private final List<Format> formats;
  private final Budget budget = new Budget();
  private int depth;

  Examination(List<Format> formats) {
    this.formats = List.copyOf(formats);
  }

  /** Everything that the file can be taken for. */
  public static Region of(SeekableBytes file) throws IOException {
    return new Examination(List.of()).region(0, file);
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
    } else {
      depth++;
      for (var format : formats) {
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
