package dev.remit.diagnostic;

/**
 * Text that came from a host, a guest or a file: printed only with everything escaped that a
 * terminal, a log or a page could take for more than text.
 */
public record HostText(String raw) {
  private static final int LONGEST = 2_000;

  /**
   * Printable characters as they are, all others as backslash and code; at most 2,000 characters.
   */
  @Override
  public String toString() {
    var shown = new StringBuilder();
    raw.codePoints()
        .limit(LONGEST)
        .forEach(point -> {
          if (isHarmless(point)) {
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
    return raw.codePointCount(0, raw.length()) > LONGEST ? shown + "…" : shown.toString();
  }

  private static boolean isHarmless(int point) {
    if (point == '\\') {
      return false;
    }
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
      default -> true;
    };
  }
}
