package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.SevChainProver;
import dev.remit.launch.LaunchReport;
import dev.remit.measurement.Change;
import dev.remit.measurement.Neighbours;
import dev.remit.plan.PlanFixtures;
import dev.remit.trust.Appraiser;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VerdictReportTest {
  @Test
  void tellsOfATrustedLaunch() {
    var answer = VerdictReport.of(Samples.trusted());
    assertThat(answer.status()).isEqualTo(ExitStatus.DONE);
    assertThat(answer.text())
        .isEqualTo(
            """
            web-1: TRUSTED (SEV, SIMULATED, 8 of 8 checks passed)

              R  anchor       root key            PASS     SIMULATED root, named by the host document
              E  endorsement  platform chain      PASS     7 signatures valid
              M  measurement  launch measurement  PASS     launch digest 5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a
              I  identity     session             PASS     the key of this launch
              I  identity     guest policy        PASS     0x3301000b
              T  trust        debug               PASS     off in the reported policy
              T  trust        SEV firmware        PASS     api 1.55 build 21
              T  trust        generation          PASS     simulated
              T  trust        no-disk-integrity   WAIVED   acknowledged until 2030-12-31: a test
              T  trust        sev-without-es      WAIVED   acknowledged until 2030-12-31: a test

            SIMULATED: no secure processor took part; this launch proves nothing about any host
            SEV encrypts memory and does not protect its integrity
            warnings: DEV-35, DISK-06, FW-20, HOST-12, HOST-13, ORCH-05, POL-04
            remains in every such guest: FW-11, FW-13, DISK-22, DEV-32, HOST-14, HOST-15, ORCH-08, ORCH-14
            host's claim: the live domain is the one that was sent
            the guest has its secret and runs\
            """);
    var json = answer.json();
    assertThat(json.propertyNames())
        .containsExactly(
            "schema",
            "name",
            "launch",
            "protection",
            "simulated",
            "at",
            "verdict",
            "released",
            "plan",
            "checks",
            "exposure",
            "contradictionsClaimedByHost");
    assertThat(json.path("schema").stringValue()).isEqualTo("remit.verdict/1");
    assertThat(json.path("verdict").stringValue()).isEqualTo("TRUSTED");
    assertThat(json.path("released").booleanValue()).isTrue();
    assertThat(json.path("checks").path(3))
        .hasToString(
            "{\"stage\":\"I\",\"code\":\"I-002\",\"subject\":\"session\",\"outcome\":\"PASS\","
                + "\"expected\":\"the key of launch 00000000-0000-1111-0000-000000002222\","
                + "\"actual\":\"the key of this launch\"}");
  }

  @Test
  void tellsOfARefusedLaunchAndShowsTheHostsWordsEscaped() {
    var answer = VerdictReport.of(Samples.refused());
    assertThat(answer.status()).isEqualTo(ExitStatus.REFUSED);
    assertThat(answer.text())
        .startsWith("web-1: REFUSED (SEV, SIMULATED, 6 of 9 checks passed)\n")
        .contains(
            "  T  trust        live domain         FAIL     expected the document that was sent;"
                + " found /domain/devices/channel: sent nothing, live channel type=\\x9bpty;"
                + " ORCH-11: unknown element of the document: a channel without a name  T-005")
        .endsWith(
            """
            SEV encrypts memory and does not protect its integrity
            warnings: DEV-35, DISK-06, FW-20, HOST-12, HOST-13, ORCH-05, POL-04
            remains in every such guest: FW-11, FW-13, DISK-22, DEV-32, HOST-14, HOST-15, ORCH-08, ORCH-14
            the VM was destroyed; no secret left this machine
            next: "remit explain M-001\"\
            """)
        .doesNotContain("host's claim");
    assertThat(answer.text())
        .contains(
            """
            most likely one of these files is another one at the host:
              firmware     sha256:0101010101010101010101010101010101010101010101010101010101010101
              kernel       sha256:02020202\
            """);
    assertThat(answer.json().path("released").booleanValue()).isFalse();
    assertThat(answer.json().at("/difference/found").booleanValue()).isFalse();
    assertThat(Json.print(answer.json()).chars()).allMatch(VerdictReportTest::isHarmless);
    assertThat(answer.text().chars()).allMatch(VerdictReportTest::isHarmless);
  }

  @Test
  void namesTheInputThatFits() {
    var refused = Samples.refused();
    var finding =
        new Neighbours.Finding.Fits(
            List.of(
                new Change(Change.Input.VCPUS, "2", "3", "the guest was started with 3"),
                new Change(Change.Input.COMMAND_LINE, "a", "a\n\0", "it was measured otherwise")));
    var answer =
        VerdictReport.of(
            new LaunchReport(
                refused.launchId(),
                refused.plan(),
                refused.at(),
                refused.verdict(),
                refused.running(),
                refused.presented(),
                refused.contradictions(),
                Optional.of(finding),
                refused.notDestroyed()));
    assertThat(answer.text())
        .contains(
            "what fits: the guest was started with 3, and it was measured otherwise\n",
            "the MAC is the reported one");
    assertThat(answer.json().at("/difference/found").booleanValue()).isTrue();
    assertThat(answer.json().at("/difference/changes/0"))
        .hasToString("{\"input\":\"vcpus\",\"expected\":\"2\",\"found\":\"3\"}");
    assertThat(answer.json().at("/difference/changes/1/found").stringValue()).isEqualTo("a\n\0");
  }

  @Test
  void doesNotSayThatItDestroyedWhatTheHostKeeps() {
    var answer = VerdictReport.of(Samples.notDestroyed());
    assertThat(answer.status()).isEqualTo(ExitStatus.REFUSED);
    assertThat(answer.text())
        .contains("the VM may still be there, and the next run destroys it: the call failed")
        .doesNotContain("was destroyed");
    assertThat(answer.json().path("notDestroyed").path("code").stringValue()).isEqualTo("VIRT-006");
  }

  @Test
  void tellsOfALaunchThatWasNotStarted() {
    var answer = VerdictReport.of(Samples.undecided());
    assertThat(answer.status()).isEqualTo(ExitStatus.UNDECIDED);
    assertThat(answer.text())
        .startsWith("web-1: UNDECIDED (SEV, SIMULATED, 1 of 4 checks passed)\n")
        .endsWith(
            """
            nothing was started; no secret left this machine
            next: "remit explain E-002\"\
            """);
  }

  @Test
  void tellsOfAnAssessment() {
    var amd = FakeAmd.believed();
    var proof = SevChainProver.prove(PlanFixtures.platform().chain(), amd.anchors());
    var answer = VerdictReport.of("chain.bin", true, Appraiser.assess(proof));
    assertThat(answer.status()).isEqualTo(ExitStatus.DONE);
    assertThat(answer.text())
        .isEqualTo(
            """
            chain.bin: SATISFIED (SIMULATED, 2 of 2 checks passed)

              R  anchor       root key        PASS     made by a test
              E  endorsement  platform chain  PASS     7 signatures valid

            freshness: not judged
            SIMULATED: no secure processor took part; this launch proves nothing about any host\
            """);
    assertThat(answer.json().path("schema").stringValue()).isEqualTo("remit.assessment/1");
    assertThat(answer.json().path("assessment").stringValue()).isEqualTo("SATISFIED");
    assertThat(answer.json().path("freshness").stringValue()).isEqualTo("not judged");
  }

  private static boolean isHarmless(int character) {
    return character == '\n' || (character >= ' ' && character < 0x7f);
  }
}
