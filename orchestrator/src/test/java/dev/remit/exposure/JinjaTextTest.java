package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JinjaTextTest {
  private static final int LARGE = 4 << 20;
  private static final Pattern STATEMENT =
      Pattern.compile("\\{%.*?%\\}|\\{#.*?#\\}", Pattern.DOTALL);
  private static final Pattern VALUE = Pattern.compile("\\{\\{[^\\n]*?\\}\\}");

  @Test
  void putsAWordInPlaceOfAValueAndBlanksTheRest() {
    assertThat(JinjaText.plain("a: {{ b }}c\n{% if\nd %}e{# f #}\n"))
        .isEqualTo("a: xxxxxxxc\n     \n    e       \n");
  }

  @Test
  void leavesWhatIsNotClosed() {
    assertThat(JinjaText.plain("{{ a\n}} {% b #} {# c %")).isEqualTo("{{ a\n}} {% b #} {# c %");
  }

  /** Short patterns say the same, and take too long for long texts. */
  @Test
  void agreesWithPatterns() {
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      random.ints(random.nextInt(24), 0, 8).forEach(each -> text.append("{}{}%#\na".charAt(each)));
      var without =
          STATEMENT.matcher(text).replaceAll(found -> found.group().replaceAll("[^\\r\\n]", " "));
      assertThat(JinjaText.plain(text.toString()))
          .isEqualTo(
              VALUE.matcher(without).replaceAll(found -> "x".repeat(found.group().length())));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{%", "{#", "{%}", "{#{%", "{{\n", "{{%}}", "%}{"})
  void takesLongTextsOfNothingButMarks(String mark) {
    var text = mark.repeat(LARGE / mark.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> assertThat(JinjaText.plain(text).length()).isEqualTo(text.length()));
  }
}
