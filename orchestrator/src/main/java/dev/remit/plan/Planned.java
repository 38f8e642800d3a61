package dev.remit.plan;

import dev.remit.diagnostic.Diagnostic;
import java.util.List;

/** What came of planning. */
public sealed interface Planned<T> {
  record Ready<T>(T value) implements Planned<T> {}

  /** All that stands in the way; at least one. */
  record Impossible<T>(List<Diagnostic> problems) implements Planned<T> {
    public Impossible {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("what is impossible has a reason");
      }
    }
  }
}
