package dev.remit.adapter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SystemWaitingTest {
  @Test
  void looksAgainUntilTimeIsUp() throws Failure {
    var waiting = new SystemWaiting(Duration.ofMillis(200));
    int looks = 0;
    while (waiting.again()) {
      looks++;
    }
    // After a tenth of a second, and at the end; on a busy machine perhaps only then.
    assertThat(looks).isBetween(1, 2);
    assertThat(waiting.again()).isFalse();
  }

  @Test
  void doesNotLookAgainWithoutTime() throws Failure {
    assertThat(new SystemWaiting(Duration.ZERO).again()).isFalse();
  }

  @Test
  void endsWhenItsThreadIsInterrupted() {
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> new SystemWaiting(Duration.ofHours(1)).again())
        .satisfies(failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.INTERRUPTED));
    assertThat(Thread.interrupted()).isTrue();
  }
}
