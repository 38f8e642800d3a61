package dev.remit.diagnostic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The page of each code, {@code docs/codes/ID.md}, as it is packaged with the program. */
public final class CodePages {
  private CodePages() {}

  /** Markdown, UTF-8, lines of at most 80 columns, ending with a line feed. */
  public static String page(Code code) {
    try (var page = CodePages.class.getResourceAsStream("codes/" + code.id() + ".md")) {
      if (page == null) {
        throw new IllegalStateException("no page was packaged for " + code.id());
      }
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
