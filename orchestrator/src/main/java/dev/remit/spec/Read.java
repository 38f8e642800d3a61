package dev.remit.spec;

import dev.remit.diagnostic.Diagnostic;
import java.util.List;

/** What came of reading a document. */
public sealed interface Read<T> {
  record Good<T>(T value) implements Read<T> {}

  /** All that is wrong, in the order of the text; at least one. */
  record Rejected<T>(List<Diagnostic> problems) implements Read<T> {
    public Rejected {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("what is rejected has a problem");
      }
    }
  }
}
