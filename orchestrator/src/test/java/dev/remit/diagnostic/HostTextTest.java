package dev.remit.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostTextTest {
  @ParameterizedTest
  @CsvSource({
    "1b, \\x1b",
    "0d, \\x0d",
    "07, \\x07",
    "08, \\x08",
    "00, \\x00",
    "7f, \\x7f",
    "9b, \\x9b",
    "ad, \\xad",
    "a0, \\xa0",
    "0a, \\n",
    "09, \\t",
    "5c, \\x5c",
    "202e, \\u{202e}",
    "2066, \\u{2066}",
    "2028, \\u{2028}",
    "200b, \\u{200b}",
    "3164, \\u{3164}",
    "d800, \\u{d800}",
    "e000, \\u{e000}",
    "e0101, \\u{e0101}",
    "10ffff, \\u{10ffff}"
  })
  void escapes(String point, String shown) {
    String text = "a" + Character.toString(Integer.parseInt(point, 16)) + "b";
    assertThat(new HostText(text)).hasToString("a" + shown + "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "web-1", "ä ß ç", "日本語", "नमस्ते", "e\u0301", "<script>", "🔑"})
  void leavesTextAsItIs(String text) {
    assertThat(new HostText(text)).hasToString(text);
    assertThat(HostText.line(text)).isEqualTo(text);
    assertThat(HostText.lines(text)).isEqualTo(text);
  }

  @Test
  void isCutWhereItIsLong() {
    assertThat(new HostText("x".repeat(1 << 20)).toString()).hasSize(2_001).endsWith("x…");
    assertThat(new HostText("🔑".repeat(2_000)).toString()).hasSize(4_000).endsWith("🔑");
    assertThat(HostText.line("x".repeat(1 << 20))).hasSize(8_001).endsWith("x…");
    assertThat(HostText.lines("x".repeat(1 << 20))).hasSize(1 << 20);
  }

  @Test
  void keepsOnlyTheLineFeedsOfSeveralLines() {
    assertThat(HostText.line("a\nb\tc\\n")).isEqualTo("a\\nb\\tc\\n");
    assertThat(HostText.lines("a\nb\tc\rd\\n")).isEqualTo("a\nb\\tc\\x0dd\\n");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void isHarmlessAndOneLineWhateverItIs(String text) {
    for (String shown : new String[] {new HostText(text).toString(), HostText.line(text)}) {
      assertThat(Hostile.isHarmless(shown)).as("%s", shown).isTrue();
      assertThat(Hostile.lines(shown)).isZero();
    }
    assertThat(Hostile.isHarmless(HostText.lines(text))).isTrue();
    assertThat(HostText.lines(HostText.line(text))).as("twice").isEqualTo(HostText.line(text));
    assertThat(HostText.lines(HostText.lines(text))).as("twice").isEqualTo(HostText.lines(text));
  }

  static Stream<String> hostile() {
    return Hostile.texts(300);
  }

  /** What the reports are held to would find harm that is there. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\u001b", "\r", "\u009b", "\u202e", "\u2028", "\u0000", "\u3164", "\ufe0f"})
  void wouldNotBeTakenForHarmlessUnescaped(String text) {
    assertThat(Hostile.isHarmless("a" + text + "b")).isFalse();
  }
}
