package dev.remit.exposure;

import dev.remit.diagnostic.Location;

/**
 * Where the lines of a literal block stand in its document: the same lines, further to the right.
 */
final class BlockPlace implements TextPlace {
  private final Yaml.Text block;
  private final String document;
  private final TextPlace place;

  private BlockPlace(Yaml.Text block, String document, TextPlace place) {
    this.block = block;
    this.document = document;
    this.place = place;
  }

  /** For a scalar of another style, whose text is not what stands there, the scalar as a whole. */
  static TextPlace of(Yaml.Text scalar, String document, TextPlace place) {
    return scalar.literal()
        ? new BlockPlace(scalar, document, place)
        : TextPlace.whole(place.part(scalar.start(), scalar.end()));
  }

  @Override
  public Location part(int start, int end) {
    String text = block.value();
    int from = Math.clamp(start, 0, text.length());
    int lineStart = text.lastIndexOf('\n', from - 1) + 1;
    int lineEnd = text.indexOf('\n', from);
    String line = text.substring(lineStart, lineEnd < 0 ? text.length() : lineEnd);
    int at = document.indexOf('\n', block.start());
    for (int each = 0; each < lineStart && at >= 0; each++) {
      if (text.charAt(each) == '\n') {
        at = document.indexOf('\n', at + 1);
      }
    }
    int there = at < 0 ? -1 : document.indexOf(line, at + 1);
    if (there < 0 || there >= block.end()) {
      return place.part(block.start(), block.end());
    }
    int begin = there + from - lineStart;
    return place.part(begin, begin + Math.max(1, end - start));
  }
}
