package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.report.Answer;
import dev.remit.report.ReferenceReport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class BoundedTest {
  private static final Duration LATE = Duration.ofMinutes(1);

  @Test
  void answersWithWhatTheWorkAnswers() throws Exception {
    Answer answer = ReferenceReport.codes();
    assertThat(Bounded.within(LATE, () -> answer)).isSameAs(answer);
  }

  @Test
  void throwsWhatTheWorkThrows() {
    var failure = new Failure(Diagnostic.of(Code.CALL_FAILED, "a", "b", "c"));
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() ->
            Bounded.within(
                LATE,
                () -> {
                  throw failure;
                }))
        .isSameAs(failure);
    assertThatIllegalStateException()
        .isThrownBy(() ->
            Bounded.within(
                LATE,
                () -> {
                  throw new IllegalStateException("a bug");
                }));
  }

  @Test
  void leavesAHostBehindThatDoesNotAnswer() {
    var never = new CountDownLatch(1);
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() ->
            Bounded.within(
                Duration.ofMillis(1),
                () -> {
                  try {
                    never.await();
                  } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                  }
                  throw new IllegalStateException("nobody waits for this any more");
                }))
        .satisfies(failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.DEADLINE));
    never.countDown();
  }
}
