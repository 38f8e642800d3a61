package dev.remit.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiVersionTest {
  @ParameterizedTest
  @ValueSource(strings = {"0.0", "0.24", "1.55", "255.255"})
  void readsWhatItWrites(String text) {
    assertThat(ApiVersion.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.",
        ".1",
        "1.5.1",
        "01.5",
        "1.05",
        "+1.5",
        "-1.5",
        "1.256",
        "256.1",
        "1.99999999999",
        "1.x",
        "1.5 ",
        "\u0661.5"
      })
  void refusesEverythingElse(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ApiVersion.parse(text));
  }
}
