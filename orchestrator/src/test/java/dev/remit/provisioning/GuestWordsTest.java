package dev.remit.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestWordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "remit.end=wait remit.end=wait",
        "panic=-1 panic",
        "remit.seed=1 quiet remit.seed=1",
        "x=\"a remit.seed=1 b\" remit.seed=1"
      })
  void tellsAWordThatTwoProgramsMayReadDifferently(String cmdline) {
    assertThat(new GuestWords(cmdline).repeated()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "console=ttyS0 console=tty0", "panic=-1 panic_on_oops=1 remit.seed=1 x=panic"})
  void leavesOtherWordsAsOftenAsTheyStand(String cmdline) {
    assertThat(new GuestWords(cmdline).repeated()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"remit.seed", "remit.seed=", "remit.seed=0", "remit.seed=\"1\""})
  void tellsASeedThatIsNeitherThereNorMissing(String cmdline) {
    assertThat(new GuestWords(cmdline).hasWrongSeed()).isTrue();
    assertThat(new GuestWords(cmdline).askForSeed()).isFalse();
  }

  @Test
  void takesTheOneWordThatAsksForTheSeed() {
    var words = new GuestWords("quiet remit.seed=1 ro");
    assertThat(words.hasWrongSeed()).isFalse();
    assertThat(words.askForSeed()).isTrue();
    assertThat(new GuestWords("quiet remit.seeds=0").hasWrongSeed()).isFalse();
  }
}
