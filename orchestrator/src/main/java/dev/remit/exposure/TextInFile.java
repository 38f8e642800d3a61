package dev.remit.exposure;

import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import java.util.Arrays;

/**
 * A text that is a whole file, so that each part of it has a line and a column. The lines
 * themselves are not quoted: secrets may stand in them.
 */
public final class TextInFile implements TextPlace {
  private static final HostText NOT_QUOTED = new HostText("");

  private final String file;
  private final String text;
  private final int[] lineStarts;

  public TextInFile(String file, String text) {
    this.file = file;
    this.text = text;
    this.lineStarts = lineStarts(text);
  }

  @Override
  public Location part(int start, int end) {
    int from = Math.clamp(start, 0, text.length());
    int found = Arrays.binarySearch(lineStarts, from);
    int line = found >= 0 ? found : -found - 2;
    int lineEnd = line + 1 < lineStarts.length ? lineStarts[line + 1] : text.length();
    int to = Math.clamp(end, from, Math.max(from, lineEnd));
    return new Location.InText(
        file,
        line + 1,
        text.codePointCount(lineStarts[line], from) + 1,
        Math.max(1, text.codePointCount(from, to)),
        NOT_QUOTED);
  }

  private static int[] lineStarts(String text) {
    var starts = new int[16];
    int count = 1;
    for (int at = 0; at < text.length(); at++) {
      char here = text.charAt(at);
      boolean pair = here == '\r' && at + 1 < text.length() && text.charAt(at + 1) == '\n';
      if ((here == '\n' || here == '\r') && !pair) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count++] = at + 1;
      }
    }
    return Arrays.copyOf(starts, count);
  }
}
