package dev.remit.diagnostic;

import java.util.function.IntPredicate;

/**
 * Text that came from a host, a guest or a file: printed only with everything escaped that a
 * terminal, a log or a page could take for more than text.
 */
public record HostText(String raw) {
  private static final int LONGEST = 2_000;

  /** Of a line that other texts went into, escaped ones among them. */
  private static final int LONGEST_LINE = 8_000;

  /**
   * Printable characters as they are, all others as backslash and code; at most 2,000 characters.
   */
  @Override
  public String toString() {
    return escaped(raw, LONGEST, point -> point != '\\' && isHarmless(point));
  }

  /**
   * One line of ours that texts of others may have gone into, at most 8,000 characters of it. Where
   * nothing is harmful it stays as it is, so that escaping twice does no more than once.
   */
  public static String line(String text) {
    return escaped(text, LONGEST_LINE, HostText::isHarmless);
  }

  /** As {@link #line} for a text of several lines, and of any length. */
  public static String lines(String text) {
    return escaped(text, Integer.MAX_VALUE, point -> point == '\n' || isHarmless(point));
  }

  private static String escaped(String text, int longest, IntPredicate stays) {
    if (text.length() <= longest && text.codePoints().allMatch(stays)) {
      return text;
    }
    var shown = new StringBuilder();
    text.codePoints()
        .limit(longest)
        .forEach(point -> {
          if (stays.test(point)) {
            shown.appendCodePoint(point);
          } else if (point == '\n') {
            shown.append("\\n");
          } else if (point == '\t') {
            shown.append("\\t");
          } else if (point <= 0xff) {
            shown.append("\\x%02x".formatted(point));
          } else {
            shown.append("\\u{%x}".formatted(point));
          }
        });
    return text.codePointCount(0, text.length()) > longest ? shown + "…" : shown.toString();
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> !isInvisible(point);
    };
  }

  /**
   * Letters, marks and symbols that show as nothing: the default-ignorable ones (Unicode, {@code
   * DerivedCoreProperties.txt}) that are no format characters, and the empty Braille pattern.
   */
  private static boolean isInvisible(int point) {
    return switch (point) {
      case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0 -> true;
      default ->
          (point >= 0x180b && point <= 0x180f)
              || (point >= 0xfe00 && point <= 0xfe0f)
              || (point >= 0xe0100 && point <= 0xe01ef);
    };
  }
}
