package dev.remit.exposure;

import java.util.Arrays;

/** Where the characters of a text stand in its XML, in which some of them are references. */
final class XmlText {
  private XmlText() {}

  /** The start of each UTF-16 unit of the text, and the end; the text is well-formed. */
  static int[] offsets(String raw) {
    int[] offsets = new int[raw.length() + 1];
    int count = 0;
    int at = 0;
    while (at < raw.length()) {
      int end = raw.charAt(at) == '&' ? raw.indexOf(';', at) : at;
      int units = end > at && isBeyondBasicPlane(raw.substring(at, end)) ? 2 : 1;
      for (int unit = 0; unit < units; unit++) {
        offsets[count++] = at;
      }
      at = Math.max(end, at) + 1;
    }
    offsets[count] = raw.length();
    return Arrays.copyOf(offsets, count + 1);
  }

  private static boolean isBeyondBasicPlane(String reference) {
    if (!reference.startsWith("&#") || reference.length() > 16) {
      return false;
    }
    boolean hex = reference.startsWith("&#x");
    return Integer.parseInt(reference.substring(hex ? 3 : 2), hex ? 16 : 10) > 0xffff;
  }
}
