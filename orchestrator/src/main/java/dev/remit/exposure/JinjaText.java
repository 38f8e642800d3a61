package dev.remit.exposure;

import java.util.regex.Pattern;

/**
 * A text with Jinja in it, made into one that can be read without its values: what a value would
 * replace becomes a word of the same length, all branches stay, and everything keeps its place.
 */
final class JinjaText {
  private static final Pattern VALUE = Pattern.compile("\\{\\{[^\\n]*?\\}\\}");
  private static final Pattern STATEMENT =
      Pattern.compile("\\{%.*?%\\}|\\{#.*?#\\}", Pattern.DOTALL);
  private static final Pattern NOT_A_LINE_END = Pattern.compile("[^\\r\\n]");

  private JinjaText() {}

  static String plain(String text) {
    var without =
        STATEMENT
            .matcher(text)
            .replaceAll(found -> NOT_A_LINE_END.matcher(found.group()).replaceAll(" "));
    return VALUE.matcher(without).replaceAll(found -> "x".repeat(found.group().length()));
  }

  static boolean isThere(String text) {
    return text.contains("{{") || text.contains("{%") || text.contains("{#");
  }
}
