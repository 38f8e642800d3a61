package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.plan.Checkup.Finding;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CheckupReportTest {
  @Test
  void tellsEachPointAndTheFixOfAFailure() {
    var answer =
        CheckupReport.of(
            "lab",
            true,
            List.of(
                Finding.pass("libvirt", "11.3.0"),
                Finding.fail("SEV", "libvirt does not list it", "turn it on"),
                Finding.skip("platform chain", "no SEV")));
    assertThat(answer.status()).isEqualTo(ExitStatus.HOST);
    assertThat(answer.text())
        .isEqualTo(
            """
            host lab, SIMULATED
              PASS  libvirt         11.3.0
              FAIL  SEV             libvirt does not list it
                    fix: turn it on
              SKIP  platform chain  no SEV\
            """);
    assertThat(answer.json().path("findings").path(1))
        .hasToString(
            "{\"point\":\"SEV\",\"outcome\":\"FAIL\",\"found\":\"libvirt does not list it\","
                + "\"fix\":\"turn it on\"}");
  }

  @Test
  void isFitWhereNothingFails() {
    var answer =
        CheckupReport.of(
            "lab", false, List.of(Finding.pass("SEV", "there"), Finding.skip("KVM", "none")));
    assertThat(answer.status()).isEqualTo(ExitStatus.DONE);
    assertThat(answer.text()).startsWith("host lab\n");
  }
}
