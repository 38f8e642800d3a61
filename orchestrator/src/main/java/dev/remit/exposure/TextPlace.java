package dev.remit.exposure;

import dev.remit.diagnostic.Location;

/** Where a text stands, so that a part of it can be pointed at. */
@FunctionalInterface
public interface TextPlace {
  /**
   * The place of a part of the text.
   *
   * @param start of the part, in UTF-16 units from the start of the text
   * @param end behind its last unit
   */
  Location part(int start, int end);

  /** For a text of which only the whole can be pointed at. */
  static TextPlace whole(Location at) {
    return (start, end) -> at;
  }
}
