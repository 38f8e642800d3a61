package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MarksTest {
  private static final Marks MARKS =
      new Marks(List.of(List.of("abc", "xy"), List.of("abd"), List.of("-KEY-")));

  @ParameterizedTest
  @CsvSource({
    "abc, 0",
    "abd, 1",
    "xyabd, 0 1",
    "aabd, 1",
    "ababd, 1",
    "XY and -key-, 0 2",
    "-Key- at the end abc, 0 2",
  })
  void findsGroupsAnywhere(String text, String groups) {
    var expected = new BitSet();
    groups.chars().filter(sign -> sign != ' ').forEach(digit -> expected.set(digit - '0'));
    assertThat(MARKS.groupsIn(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"''", "a", "ab", "-KEY", "abxab", "áabe", "a bc"})
  void findsNothingElse(String text) {
    assertThat(MARKS.groupsIn(text).isEmpty()).isTrue();
  }

  /** A sign beyond ASCII has the low bits of another. */
  @Test
  void tellsSignsBeyondAsciiFromOthers() {
    String alike =
        IntStream.of('a' + 0x80, 'b' + 0x100, 'c' + 0x180)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    assertThat(MARKS.groupsIn(alike).isEmpty()).isTrue();
    assertThat(MARKS.groupsIn(alike + "abc").get(0)).isTrue();
  }
}
