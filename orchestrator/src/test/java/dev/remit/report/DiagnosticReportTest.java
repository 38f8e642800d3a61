package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DiagnosticReportTest {
  private static final Diagnostic AT_TEXT =
      Diagnostic.at(
          new Location.InText("web.yaml", 7, 10, 3, new HostText("  vcpus: \"4\"")),
          Code.WRONG_TYPE,
          "vcpus must be a whole number",
          "the value is text because it is quoted",
          "write 4");

  @Test
  void pointsAtAPlaceInAText() {
    var answer = DiagnosticReport.of(List.of(AT_TEXT));
    assertThat(answer.status()).isEqualTo(ExitStatus.INPUT);
    assertThat(answer.text())
        .isEqualTo(
            """
            remit: error[SPEC-007]: vcpus must be a whole number
              --> web.yaml:7:10
               |
             7 |   vcpus: "4"
               |          ^^^
              why: the value is text because it is quoted
              fix: write 4\
            """);
    assertThat(answer.json())
        .hasToString(
            "{\"schema\":\"remit.diagnostics/1\",\"status\":3,\"diagnostics\":[{\"code\":"
                + "\"SPEC-007\",\"title\":\"a value of another type\",\"what\":"
                + "\"vcpus must be a whole number\",\"at\":{\"file\":\"web.yaml\",\"line\":7,"
                + "\"column\":10},\"why\":\"the value is text because it is quoted\","
                + "\"fix\":\"write 4\"}]}");
  }

  @Test
  void namesAFileAndAByte() {
    assertThat(
            DiagnosticReport.of(
                    List.of(
                        Diagnostic.at(
                            new Location.InFile("a"), Code.FILE_MISSING, "what", "why", "fix"),
                        Diagnostic.at(
                            new Location.InBytes("b", 16), Code.NOT_FIRMWARE, "what", "why", "fix"),
                        Diagnostic.of(Code.INTERRUPTED, "what", "why", "fix")))
                .text())
        .isEqualTo(
            """
            remit: error[FILE-001]: what
              --> a
              why: why
              fix: fix

            remit: error[FW-001]: what
              --> b, byte 16
              why: why
              fix: fix

            remit: stopped[BUG-002]: what
              why: why
              fix: fix\
            """);
  }

  @Test
  void endsWithTheStatusOfTheFirst() {
    var first = Diagnostic.of(Code.NO_SEV, "what", "why", "fix");
    assertThat(DiagnosticReport.of(List.of(first, AT_TEXT)).status()).isEqualTo(ExitStatus.HOST);
  }

  @Test
  void showsALineThatATerminalWouldObeyEscaped() {
    var place = new Location.InText("web.yaml", 1, 1, 1, new HostText("\u001b[2J\u202e"));
    var text =
        DiagnosticReport.of(List.of(Diagnostic.at(place, Code.NOT_YAML, "what", "why", "fix")))
            .text();
    assertThat(text).contains("\\x1b[2J\\u{202e}").doesNotContain("\u001b", "\u202e");
  }

  @Test
  void staysShortWhereALineIsLong() {
    var place =
        new Location.InText("web.yaml", 1, 900_000, 90_000, new HostText("x".repeat(1_000_000)));
    var text =
        DiagnosticReport.of(List.of(Diagnostic.at(place, Code.NOT_YAML, "what", "why", "fix")))
            .text();
    assertThat(text.length()).isLessThan(5_000);
    assertThat(text).contains("web.yaml:1:900000");
  }

  @Test
  void isNotMadeOfGoodNews() {
    assertThatIllegalArgumentException().isThrownBy(() -> DiagnosticReport.of(List.of()));
  }
}
