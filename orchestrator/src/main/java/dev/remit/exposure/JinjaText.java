package dev.remit.exposure;

/**
 * A text with Jinja in it, made into one that can be read without its values: what a value would
 * replace becomes a word of the same length, all branches stay, and everything keeps its place.
 */
final class JinjaText {
  private JinjaText() {}

  // By hand, for a pattern would look to the end of the text from each mark that is never closed.
  static String plain(String text) {
    var plain = new StringBuilder(text);
    blankStatements(text, plain);
    fillValues(plain.toString(), plain);
    return plain.toString();
  }

  static boolean isThere(String text) {
    return text.contains("{{") || text.contains("{%") || text.contains("{#");
  }

  /** Those and comments may have several lines. */
  private static void blankStatements(String text, StringBuilder plain) {
    boolean statements = true;
    boolean comments = true;
    for (int at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at)) {
      char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
      boolean closes = (kind == '%' && statements) || (kind == '#' && comments);
      int close = closes ? text.indexOf(kind + "}", at + 2) : -1;
      if (close < 0) {
        // Then none behind it closes either.
        statements &= kind != '%';
        comments &= kind != '#';
        at++;
        continue;
      }
      for (int i = at; i < close + 2; i++) {
        if (text.charAt(i) != '\r' && text.charAt(i) != '\n') {
          plain.setCharAt(i, ' ');
        }
      }
      at = close + 2;
    }
  }

  /** Those end in their line. */
  private static void fillValues(String text, StringBuilder plain) {
    for (int at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", at)) {
      int found = text.indexOf('\n', at);
      int line = found < 0 ? text.length() : found;
      int close = text.indexOf("}}", Math.min(at + 2, line), line);
      if (close < 0) {
        at = line;
        continue;
      }
      for (int i = at; i < close + 2; i++) {
        plain.setCharAt(i, 'x');
      }
      at = close + 2;
    }
  }
}
