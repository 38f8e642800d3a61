package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.Optional;

/** One format that a region may have. */
interface Format {
  /** As people call it, with an article. */
  String title();

  /**
   * Empty where the mark of the format is not there; malformed where it is, and what follows breaks
   * the rules of the format.
   */
  Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException;
}
