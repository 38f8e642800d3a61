package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Diagnostic;
import java.util.Set;
import java.util.function.Consumer;

/** Rules over a whole text of one kind. */
@FunctionalInterface
public interface TextCheck {
  /**
   * Finds what is there, and says what the text asks for: all technologies where it asks for none
   * that is known.
   *
   * @param unreadable takes what is wrong with a part, beside which the rest is checked
   */
  Set<Technology> check(
      String file, String text, Findings findings, Consumer<Diagnostic> unreadable)
      throws MalformedException;
}
