package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Location;
import dev.remit.platform.Protection;
import dev.remit.spec.Risk;
import dev.remit.spec.Spec.Acknowledgment;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OwnJudgementTest {
  private static final Location AT = new Location.InFile("web.yaml");

  @Test
  void refusesWhatNobodyCanAcknowledge() {
    var judgement = judge(List.of(), found("PROV-01"));
    assertThat(judgement.problems()).extracting(Diagnostic::code).containsExactly(Code.EXPOSED);
    assertThat(judgement.problems().getFirst().what()).startsWith("PROV-01: ").endsWith(": seen");
    assertThat(judgement.problems().getFirst().fix()).contains("remit explain PROV-01");
    assertThat(judgement.exposure().taken()).isEmpty();
  }

  @Test
  void refusesUntilItIsAcknowledged() {
    assertThat(judge(List.of(), found("PROV-31")).problems().getFirst().fix())
        .contains("{risk: password-login, reason: WHY, until: DATE}");
    var judgement = judge(List.of(taken(Risk.PASSWORD_LOGIN)), found("PROV-31"));
    assertThat(judgement.problems()).isEmpty();
    assertThat(judgement.exposure().taken())
        .extracting(Exposure.Taken::risk)
        .containsExactly("password-login");
    assertThat(judgement.unused()).isEmpty();
  }

  @Test
  void letsOnlyTheLesserFormOfARefusedEntryBeAcknowledged() {
    var console = List.of(taken(Risk.HOST_READS_CONSOLE));
    assertThat(judge(console, found("DEV-07")).problems()).hasSize(1);
    assertThat(judge(console, lesser("DEV-07")).problems()).isEmpty();
    assertThat(judge(List.of(), lesser("DEV-07")).problems()).hasSize(1);
  }

  @Test
  void refusesAnUnsafeValueThatTheSpecAsksForAndNobodyTook() {
    assertThat(judge(List.of(), lesser("POL-10")).problems()).hasSize(1);
    assertThat(judge(List.of(taken(Risk.SEV_KEY_SHARING)), lesser("POL-10")).problems()).isEmpty();
  }

  @Test
  void warnsOfTheRest() {
    var judgement = judge(List.of(), found("DISK-06"), lesser("FW-20"));
    assertThat(judgement.problems()).isEmpty();
    assertThat(judgement.exposure().warnings())
        .extracting(Finding::id)
        .containsExactly("DISK-06", "FW-20");
  }

  @Test
  void namesAnAcknowledgmentThatNothingNeeds() {
    var judgement = judge(List.of(taken(Risk.PASSWORD_LOGIN), taken(Risk.NO_DISK_INTEGRITY)));
    assertThat(judgement.unused())
        .extracting(Diagnostic::what)
        .containsExactly("nothing here takes the risk password-login");
  }

  @Test
  void namesWhatRemainsInEveryGuest() {
    assertThat(Exposure.of(Protection.SEV).residual())
        .extracting(Entry::id)
        .contains("DEV-32", "FW-11", "FW-13", "HOST-14", "HOST-15")
        .doesNotContain("DEV-34", "NET-08");
  }

  private static OwnJudgement judge(List<Acknowledgment> given, Finding... findings) {
    var judgement = new OwnJudgement(Protection.SEV, given);
    judgement.judge(Arrays.asList(findings));
    return judgement;
  }

  private static Finding found(String id) {
    return new Finding(id, Finding.Form.FULL, AT, "seen");
  }

  private static Finding lesser(String id) {
    return new Finding(id, Finding.Form.LESSER, AT, "seen");
  }

  private static Acknowledgment taken(Risk risk) {
    return new Acknowledgment(risk, "a test", LocalDate.of(2030, 12, 31), AT);
  }
}
