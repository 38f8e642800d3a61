package dev.remit.diagnostic;

import java.util.List;

/** Everything that is wrong with what the user gave, found in one pass. */
public final class BadInput extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Diagnostic> problems;

  public BadInput(List<Diagnostic> problems) {
    super(problems.size() + " problems");
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("bad input has a problem");
    }
    this.problems = List.copyOf(problems);
  }

  public BadInput(Diagnostic problem) {
    this(List.of(problem));
  }

  public List<Diagnostic> problems() {
    return problems;
  }
}
