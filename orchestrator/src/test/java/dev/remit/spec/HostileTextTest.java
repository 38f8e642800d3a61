package dev.remit.spec;

import static dev.remit.spec.Documents.FOLDER;
import static dev.remit.spec.Documents.SPEC;
import static dev.remit.spec.Documents.TODAY;
import static dev.remit.spec.Documents.problems;
import static dev.remit.spec.Documents.readSpec;
import static dev.remit.spec.Documents.sentences;
import static dev.remit.spec.Documents.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Location.InText;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileTextTest {
  @Test
  void refusesMoreThan256KibibytesUnread() {
    String large = SPEC + "#" + "x".repeat((256 << 10) - SPEC.length());
    assertThat(sentences(problems(readSpec(large)))).containsExactly("DOCUMENT_TOO_LARGE 1:1");
    assertThat(readSpec(large.substring(0, 256 << 10))).isInstanceOf(Read.Good.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "a: [", "[{a: "})
  void refusesDeepNestingWithinASecond(String opening) {
    String deep = opening.repeat(100_000 / opening.length());
    assertThat(problems(inASecond(deep)))
        .extracting(Diagnostic::code)
        .contains(Code.DOCUMENT_TOO_LARGE);
  }

  @Test
  void allows32LevelsAndNotOneMore() {
    String allowed = spec("tier: data", "tier: " + "[".repeat(29) + "]".repeat(29));
    assertThat(sentences(problems(readSpec(allowed)))).containsExactly("WRONG_TYPE 3:39");
    String deeper = spec("tier: data", "tier: " + "[".repeat(30) + "]".repeat(30));
    assertThat(sentences(problems(readSpec(deeper)))).containsExactly("DOCUMENT_TOO_LARGE 3:68");
  }

  @Test
  void refusesMoreThan10000ValuesWithinASecond() {
    String many = SPEC + "  more: [" + "1,".repeat(120_000) + "]\n";
    assertThat(problems(inASecond(many)))
        .extracting(Diagnostic::code)
        .containsExactly(Code.DOCUMENT_TOO_LARGE);
  }

  @Test
  void reportsThousandsOfProblemsWithinASecond() {
    var keys = new StringBuilder(SPEC);
    for (int i = 0; i < 9_000; i++) {
      keys.append("  key").append(i).append(": 1\n");
    }
    assertThat(problems(inASecond(keys.toString()))).hasSize(9_000);
  }

  @Test
  void doesNotExpandALaugh() {
    String laugh =
        SPEC
            + "  a: &a [x, x, x, x, x, x, x, x, x]\n"
            + "  b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
            + "  c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n";
    assertThat(problems(inASecond(laugh)))
        .extracting(Diagnostic::what)
        .containsOnly(
            "spec has no key \"a\"",
            "spec has no key \"b\"",
            "spec has no key \"c\"",
            "an anchor stands here",
            "an alias stands here");
  }

  /** The first two are known to make the parser throw what it does not declare. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"fU\\U",
        "!R...%0",
        "\"\\U00110000\"",
        "\"\\ud800\"",
        "!<%>",
        "%TAG ! %",
        "&",
        "*",
        "? ",
        "}",
        "|9999999999",
        "%YAML 99999999999.1\n---",
        "'",
        "a: b: c",
        "@",
        "`",
        "\"\\x\""
      })
  void refusesWhatTheParserCannotRead(String text) {
    for (String document : List.of(text, SPEC + text, spec("tier: data", "tier: " + text))) {
      assertThat(problems(readSpec(document))).isNotEmpty();
    }
  }

  @Test
  void judgesLongScalarsWithinASecond() {
    for (String part : List.of("1", "1.", "x", "-", "a b ", "'", "sha256:", "\\u0041")) {
      String text = part.repeat(200_000 / part.length());
      for (String value : List.of(text, '"' + text + '"', "|\n    " + text)) {
        inASecond(spec("tier: data", "tier: " + value));
        inASecond(spec("vcpus: 4", "vcpus: " + value));
        inASecond(spec("root=/dev/mapper/root ro", value));
      }
    }
  }

  @Test
  void refusesUtf16() {
    for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
      var problem = problems(read(Bytes.copyOf(SPEC.getBytes(charset)))).getFirst();
      assertThat(problem.code()).isEqualTo(Code.NOT_YAML);
    }
  }

  @Test
  void saysWhereAByteIsNotUtf8() {
    Bytes good = Documents.utf8("# é\n# é");
    for (Bytes end : List.of(Bytes.of(0xff), Bytes.of(0xc3), Bytes.of(0xed, 0xa0, 0x80))) {
      var problem = problems(read(Bytes.concat(good, end))).getFirst();
      assertThat(problem.what()).isEqualTo("a byte is not UTF-8 text");
      assertThat(problem.why()).startsWith("byte 0x%02x ".formatted(end.at(0)));
      assertThat(sentences(List.of(problem))).containsExactly("NOT_YAML 2:4");
    }
  }

  @Test
  void countsColumnsInCharactersAndLinesInEveryEnding() {
    String text = spec("tier: data", "tier: 😀é").replace("name: db-1, ", "");
    String line = "metadata: {labels: {tier: 😀é}}";
    for (String ending : List.of("\n", "\r\n", "\r")) {
      String other = text.replace("\n", ending).replace(line, line + " # 😀" + ending + "x: 1");
      assertThat(sentences(problems(readSpec(other))))
          .as(ending)
          .containsExactly("MISSING_KEY 3:1", "UNKNOWN_KEY 4:1");
    }
    assertThat(sentences(problems(readSpec(spec("{tier: data}", "{tier: 😀é, B: c}")))))
        .containsExactly("WRONG_VALUE 3:43");
  }

  @Test
  void acceptsOrExplainsEveryTruncationAndEveryFlippedBit() {
    byte[] good = SPEC.getBytes(StandardCharsets.UTF_8);
    for (int size = 0; size < good.length; size++) {
      explains(Bytes.copyOf(good, 0, size));
    }
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      explains(Bytes.copyOf(bad));
    }
  }

  private static void explains(Bytes content) {
    if (read(content) instanceof Read.Rejected<Spec> rejected) {
      assertThat(rejected.problems())
          .allSatisfy(problem -> assertThat(problem.at()).containsInstanceOf(InText.class));
    }
  }

  /** A second of processor time: others may be busy on this machine. */
  private static Read<Spec> inASecond(String text) {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    Read<Spec> read = readSpec(text);
    assertThat(threads.getCurrentThreadCpuTime() - before).isLessThan(1_000_000_000L);
    return read;
  }

  private static Read<Spec> read(Bytes content) {
    return SpecReader.read("vm.yaml", FOLDER, content, TODAY);
  }
}
