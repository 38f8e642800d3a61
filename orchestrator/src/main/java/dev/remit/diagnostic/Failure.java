package dev.remit.diagnostic;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The world did not do its part: a file, a host, a process, a network. */
public final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Diagnostic diagnostic;

  public Failure(Diagnostic diagnostic) {
    super(diagnostic.what());
    this.diagnostic = diagnostic;
  }

  public Failure(Diagnostic diagnostic, Throwable cause) {
    super(diagnostic.what(), cause);
    this.diagnostic = diagnostic;
  }

  public Diagnostic diagnostic() {
    return diagnostic;
  }

  /** What stopped the work, and after it what failed while the work was cleaned up. */
  public List<Diagnostic> diagnostics() {
    return Stream.concat(Stream.of(diagnostic), suppressedIn(this).stream()).toList();
  }

  /** What failed while something was cleaned up after this. */
  public static List<Diagnostic> suppressedIn(Throwable thrown) {
    return Arrays.stream(thrown.getSuppressed())
        .flatMap(second ->
            second instanceof Failure failure
                ? failure.diagnostics().stream()
                : suppressedIn(second).stream())
        .toList();
  }
}
