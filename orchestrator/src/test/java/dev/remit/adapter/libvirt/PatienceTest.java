package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatienceTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

  @ParameterizedTest
  @CsvSource({
    "PT1S, PT0.5S",
    "PT10S, PT5S",
    "PT40S, PT20S",
    "PT60S, PT40S",
    "PT600S, PT580S",
    "PT24H, PT23H59M40S"
  })
  void keepsPartOfTheTimeoutToDestroyWhatWasStarted(Duration timeout, Duration ofOneCall) {
    assertThat(patience(timeout).left()).isEqualTo(ofOneCall);
  }

  @Test
  void givesEachCallItsTimeAsLongAsTheHostAnswers() {
    var patience = patience(Duration.ofSeconds(60));
    pass(Duration.ofHours(1));
    assertThat(patience.left()).isEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void sharesTheRestAmongAllThatFollowsACallThatWasNotAnswered() {
    var patience = patience(Duration.ofSeconds(60));
    pass(Duration.ofSeconds(40));
    patience.expired(Duration.ofSeconds(40));
    assertThat(patience.left()).isEqualTo(Duration.ofSeconds(20));
    pass(Duration.ofSeconds(15));
    assertThat(patience.left()).isEqualTo(Duration.ofSeconds(5));
    pass(Duration.ofSeconds(6));
    assertThat(patience.left()).isZero();
  }

  @Test
  void isNotMadeLongerByASecondCallThatIsNotAnswered() {
    var patience = patience(Duration.ofSeconds(60));
    pass(Duration.ofSeconds(40));
    patience.expired(Duration.ofSeconds(40));
    pass(Duration.ofSeconds(20));
    patience.expired(Duration.ofSeconds(20));
    assertThat(patience.left()).isZero();
  }

  private Patience patience(Duration timeout) {
    return new Patience(timeout, now::get);
  }

  /** The clock may run over: only differences count. */
  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }
}
