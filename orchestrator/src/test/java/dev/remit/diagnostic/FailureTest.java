package dev.remit.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FailureTest {
  @Test
  void tellsWhatStoppedTheWorkBeforeWhatFailedAfterIt() {
    var failure = failure("measuring");
    var destroying = failure("destroying");
    destroying.addSuppressed(failure("closing"));
    failure.addSuppressed(destroying);
    assertThat(failure.diagnostics())
        .extracting(Diagnostic::what)
        .containsExactly("measuring", "destroying", "closing");
  }

  @Test
  void isFoundBehindABug() {
    var bug = new IllegalStateException("a bug");
    bug.addSuppressed(failure("destroying"));
    var outer = new IllegalStateException("another");
    outer.addSuppressed(bug);
    assertThat(Failure.suppressedIn(outer))
        .extracting(Diagnostic::what)
        .containsExactly("destroying");
  }

  private static Failure failure(String what) {
    return new Failure(Diagnostic.of(Code.CALL_FAILED, what, "why", "fix"));
  }
}
