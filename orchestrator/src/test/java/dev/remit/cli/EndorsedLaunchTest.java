package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakePlatform;
import dev.remit.endorsement.FakeSource;
import dev.remit.launch.LaunchReport;
import dev.remit.plan.PlanDocument;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.ChipId;
import dev.remit.report.Bundle;
import dev.remit.report.PlanReport;
import dev.remit.report.Samples;
import dev.remit.report.VerdictReport;
import dev.remit.trust.Trusted;
import dev.remit.trust.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Launches on a host that hands out no signature of its vendor, and what is said of them later. */
final class EndorsedLaunchTest {
  private static final FakePlatform HOST = FakeAmd.believed().platform();
  private static final ChipId CHIP = FakeSource.chip(1);
  private static final ChipId OTHER_CHIP = FakeSource.chip(2);

  private final LaunchReport trusted =
      Samples.endorsed(CHIP, CHIP, FakeSource.keyServer().with(CHIP, HOST.cek()));

  @TempDir private Path folder;

  @Nested
  class ALaunch {
    @Test
    void isTrustedByTheWordOfTheKeyServer() {
      assertThat(trusted.verdict()).isInstanceOf(Trusted.class);
      assertThat(VerdictReport.of(trusted).text())
          .contains(
              "the signed CEK from the key server https://keys.test",
              CHIP + ", by the word of the key server https://keys.test");
    }

    @Test
    void isRefusedWhereTheKeyServerHasAnotherCekForItsChip() {
      var other = FakeAmd.believed().platform(1).cek();
      var refused = Samples.endorsed(CHIP, CHIP, FakeSource.keyServer().with(CHIP, other));

      assertThat(refused.verdict()).isInstanceOf(Verdict.Refused.class);
      assertThat(refused.presented()).as("nothing was started").isEmpty();
      assertThat(VerdictReport.of(refused).text()).contains("E-003", "nothing was started");
    }

    @Test
    void isUndecidedWhereNobodyKnowsItsChip() {
      var undecided = Samples.endorsed(CHIP, CHIP, FakeSource.keyServer());

      assertThat(undecided.verdict()).isInstanceOf(Verdict.Undecided.class);
      assertThat(undecided.presented()).as("nothing was started").isEmpty();
      assertThat(VerdictReport.of(undecided).text())
          .contains("E-002", "the key server https://keys.test does not know it; fix: ask another");
    }

    @Test
    void isRefusedWhereTheHostSaysAnotherChip() {
      var refused =
          Samples.endorsed(OTHER_CHIP, CHIP, FakeSource.keyServer().with(OTHER_CHIP, HOST.cek()));

      assertThat(refused.verdict()).isInstanceOf(Verdict.Refused.class);
      assertThat(VerdictReport.of(refused).text()).contains("T-004");
    }
  }

  @Nested
  class APlan {
    @Test
    void saysWhereTheSignatureComesFromOrWhyItIsNotThere() {
      var server = FakeSource.keyServer().with(CHIP, HOST.cek());
      assertThat(PlanReport.of(Samples.endorsedPlan(CHIP, CHIP, server)).text())
          .contains("signed CEK of chip " + CHIP + ", from the key server https://keys.test");
      assertThat(PlanReport.of(Samples.endorsedPlan(CHIP, CHIP, FakeSource.keyServer())).text())
          .contains("signed CEK not had: the key server https://keys.test does not know it");
    }

    @Test
    void changesWithTheSignedCekAndWithWhoseWordItIs() {
      var one = FakeSource.keyServer().with(CHIP, HOST.cek());
      var other = FakeSource.imported().with(CHIP, HOST.cek());
      var stored = PlanDocument.withDigest(Samples.endorsedPlan(CHIP, CHIP, one));

      assertThat(PlanDocument.differences(stored, Samples.endorsedPlan(CHIP, CHIP, one))).isEmpty();
      assertThat(PlanDocument.differences(stored, Samples.endorsedPlan(CHIP, CHIP, other)))
          .containsExactly("endorsement", "digest");
    }
  }

  @Nested
  class ABundle {
    @Test
    void provesItsChainByWhatItBringsAlongAndNotItsChip() throws IOException {
      var run = verify(trusted);

      assertThat(run.status()).isEqualTo(6);
      assertThat(run.out())
          .contains("7 signatures valid, the signed CEK from the evidence itself")
          .contains("by the word of the evidence itself  T-004");
    }

    @Test
    void isOfItsChipByTheWordOfAnImport() throws IOException {
      var imported =
          run(
              "endorsements",
              "import",
              file("cek", HOST.cek()),
              "--chip",
              CHIP.toString(),
              "--insecure-root",
              root());
      assertThat(imported.status()).isZero();

      var run = verify(trusted);

      assertThat(run.out()).contains("by the word of the imported file").doesNotContain("T-004");
      assertThat(run.status()).as("the MAC's key is gone").isEqualTo(6);
    }

    @Test
    void isRefusedAgainForTheCekOfAnotherChip() throws IOException {
      var other = FakeAmd.believed().platform(1).cek();
      var run = verify(Samples.endorsed(CHIP, CHIP, FakeSource.keyServer().with(CHIP, other)));

      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("E-003");
    }

    @Test
    void isRefusedAgainForACekThatNoBelievedRootSigned() throws IOException {
      var foreign = FakeAmd.stranger().platform().cek();
      var run = verify(Samples.endorsed(CHIP, CHIP, FakeSource.keyServer().with(CHIP, foreign)));

      assertThat(run.status()).isEqualTo(7);
      assertThat(run.out()).contains("E-001");
    }
  }

  private CommandLineRun verify(LaunchReport launch) throws IOException {
    return run("verify", file("bundle", Bundle.write(launch)), "--insecure-root", root());
  }

  private String root() throws IOException {
    return file("root", PlanFixtures.insecureRoot());
  }

  private CommandLineRun run(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--state", folder.resolve("state").toString()));
    return CommandLineRun.of(all.toArray(String[]::new));
  }

  private String file(String name, Bytes content) throws IOException {
    return Files.write(folder.resolve(name), content.toArray()).toString();
  }
}
