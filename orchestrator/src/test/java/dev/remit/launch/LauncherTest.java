package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.endorsement.FakeAmd;
import dev.remit.identity.FakeEntropy;
import dev.remit.identity.LaunchId;
import dev.remit.launch.FakeHypervisor.Call;
import dev.remit.measurement.Neighbours;
import dev.remit.measurement.SevLaunchDigest;
import dev.remit.measurement.VcpuState;
import dev.remit.plan.FakeFiles;
import dev.remit.plan.Plan;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Protection;
import dev.remit.spec.Spec;
import dev.remit.trust.Check;
import dev.remit.trust.Outcome;
import dev.remit.trust.Trusted;
import dev.remit.trust.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LauncherTest {
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0x1111, 0x2222));
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final FakeHypervisor host = honest(PlanFixtures.LAUNCH_DIGEST);
  private final FakeJournals journals = new FakeJournals();
  private final FakeFiles files = PlanFixtures.files();
  private final List<String> stages = new ArrayList<>();
  private final List<LaunchReport> judged = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void handsTheSecretToAGuestThatIsTrustedAndLetsItRun(Protection protection) throws Failure {
    var report = launcher(host).launch(LAUNCH, PlanFixtures.plan(protection));

    assertThat(report.verdict()).isInstanceOf(Trusted.class);
    assertThat(report.running()).map(RunningDomain::launchId).contains(LAUNCH);
    assertThat(report.at()).isEqualTo(NOW);
    assertThat(report.contradictions()).isEmpty();
    assertThat(host.calls())
        .containsExactly(Call.START, Call.MEASURE, Call.LIVE_DOCUMENT, Call.INJECT, Call.RESUME);
    assertThat(host.state(LAUNCH)).contains(Hypervisor.DomainState.RUNNING);
    assertThat(host.injected()).map(LauncherTest::entries).contains(expectedEntries());
    assertThat(journals.events(LAUNCH))
        .containsExactly(
            LaunchEvent.INTENDED,
            LaunchEvent.STARTED,
            LaunchEvent.MEASURED,
            LaunchEvent.TRUSTED,
            LaunchEvent.INJECTING,
            LaunchEvent.INJECTED,
            LaunchEvent.RELEASED);
    assertThat(journals.isHeld(LAUNCH)).isFalse();
    assertThat(stages)
        .containsExactly(
            "starting the domain, paused",
            "fetching the launch measurement",
            "handing over the secret");
    assertThatSecretsAreWiped();
  }

  @Test
  void trustsTheOlderLayoutOfTheVcpuStateToo() throws Failure {
    var older = honest(PlanFixtures.LEGACY_DIGEST);
    assertThat(launcher(older).launch(LAUNCH, PlanFixtures.plan(Protection.SEV_ES)).verdict())
        .isInstanceOf(Trusted.class);
  }

  @Test
  void doesNothingWhereTheSamePlanRunsAlready() throws Failure {
    var plan = PlanFixtures.plan(Protection.SEV);
    launcher(host).launch(LAUNCH, plan);
    int before = host.calls().size();
    var second = new LaunchId(new UUID(0x1111, 0x3333));
    var failure = catchThrowableOfType(Failure.class, () -> launcher(host).launch(second, plan));
    assertThat(failure.diagnostic().code()).isEqualTo(Code.ALREADY_RUNS);
    assertThat(host.calls().subList(before, host.calls().size())).containsExactly(Call.LOOK_UP);
    assertThat(journals.events(second)).isEmpty();
  }

  @Test
  void doesNothingWhereAnotherLaunchOfTheNameIsUnderWay() throws Failure {
    var plan = PlanFixtures.plan(Protection.SEV);
    try (var held = journals.reserve(plan.spec().name(), plan.host().uri()).orElseThrow()) {
      var failure = catchThrowableOfType(Failure.class, () -> launcher(host).launch(LAUNCH, plan));
      assertThat(failure.diagnostic().code()).isEqualTo(Code.UNDER_WAY);
      assertThat(host.calls()).isEmpty();
      assertThat(launcher(host).launch(held, LAUNCH, plan).running()).isPresent();
    }
  }

  @Test
  void takesNoReservationOfAnotherName() throws Failure {
    var plan = PlanFixtures.plan(Protection.SEV);
    for (var held :
        List.of(
            journals.reserve("other", plan.host().uri()).orElseThrow(),
            journals.reserve(plan.spec().name(), "qemu:///session").orElseThrow())) {
      assertThatIllegalStateException().isThrownBy(() -> launcher(host).launch(held, LAUNCH, plan));
    }
    assertThat(host.calls()).isEmpty();
  }

  @Test
  void launchesAgainAfterARefusal() throws Failure {
    var plan = PlanFixtures.plan(Protection.SEV);
    launcher(honest(Bytes.ofHex("77".repeat(32)))).launch(LAUNCH, plan);
    var second = new LaunchId(new UUID(0x1111, 0x3333));
    assertThat(launcher(host).launch(second, plan).running()).isPresent();
  }

  @Nested
  class BeforeAnythingIsStarted {
    @Test
    void refusesAPlatformWhoseChainIsBroken() throws Failure {
      var stranger = FakeAmd.believed().platform(1).pdh();
      var plan = planFor(stranger, PlanFixtures.platform().certChain());
      assertThatNothingStarts(plan, Verdict.Refused.class);
    }

    @Test
    void isUndecidedOnAPlatformWithoutTheVendorsSignature() throws Failure {
      var platform = PlanFixtures.platform();
      assertThatNothingStarts(
          planFor(platform.pdh(), platform.unsignedCertChain()), Verdict.Undecided.class);
    }

    private Plan planFor(Bytes pdh, Bytes certChain) {
      return PlanFixtures.plan(
          PlanFixtures.spec(Protection.SEV),
          PlanFixtures.host(),
          PlanFixtures.facts(pdh, certChain));
    }

    private void assertThatNothingStarts(Plan plan, Class<? extends Verdict> verdict)
        throws Failure {
      var report = launcher(host).launch(LAUNCH, plan);
      assertThat(report.verdict()).isInstanceOf(verdict);
      assertThat(report.presented()).isEmpty();
      assertThat(report.running()).isEmpty();
      assertThat(host.calls()).isEmpty();
      assertThat(journals.events(LAUNCH)).isEmpty();
      assertThat(files.handedOut()).isEmpty();
    }
  }

  @Nested
  class AHostThatLies {
    @Test
    void isRefusedWhereItStartedSomethingElse() throws Failure {
      var other = honest(Bytes.ofHex("77".repeat(32)));
      assertThatItIsRefused(other, Code.MEASUREMENT);
    }

    @Test
    void isToldWhichInputItChangedAfterItsDomainIsGone() throws Failure {
      var recipe = PlanFixtures.recipe(Protection.SEV_ES);
      var started =
          new SevLaunchDigest(
              recipe.protection(),
              recipe.firmware(),
              recipe.kernelHashes(),
              new VcpuState.Started(3, CpuModel.named("EPYC-Milan").orElseThrow().signature()));
      var other = honest(started.expectation().candidates().getFirst().launchDigest());
      var statesAtTheSearch = new ArrayList<Optional<Hypervisor.DomainState>>();
      var launcher =
          new Launcher(
              other,
              journals,
              files,
              FakeEntropy.seeded(7),
              InstantSource.fixed(NOW),
              stage -> {
                if (stage.startsWith("looking for")) {
                  statesAtTheSearch.add(other.state(LAUNCH));
                }
              });

      var report = launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV_ES));

      assertThat(report.verdict()).isInstanceOf(Verdict.Refused.class);
      assertThat(report.difference())
          .hasValueSatisfying(finding ->
              assertThat(((Neighbours.Finding.Fits) finding).sentence())
                  .isEqualTo("the guest was started with 3 vCPUs, not 2"));
      assertThat(statesAtTheSearch).containsExactly(Optional.empty());
      assertThatItIsDestroyed(other);
    }

    @Test
    void isNotToldOfAChangeWhereItsMeasurementIsRight() throws Failure {
      var lying =
          host.living(
              document -> document.replace("</devices>", "<channel type=\"pty\"/></devices>"));
      var report = launcher(lying).launch(LAUNCH, PlanFixtures.plan(Protection.SEV));
      assertThat(report.verdict()).isInstanceOf(Verdict.Refused.class);
      assertThat(report.difference()).isEmpty();
      assertThat(stages).doesNotContain("looking for the input that the host changed");
    }

    @Test
    void isRefusedWhereItMeasuresNothing() throws Failure {
      assertThatItIsRefused(host.claiming(honest -> Optional.empty()), Code.NOT_MEASURED);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "AAAA",
          "not base64",
          // 47 and 49 bytes
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="
        })
    void isRefusedWhereItsMeasurementIsNotInItsFormat(String base64) throws Failure {
      assertThatItIsRefused(
          host.claiming(honest ->
              Optional.of(new PausedVm.ClaimedMeasurement(base64, 1, 55, 21, 0x3301_000b))),
          Code.EVIDENCE_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", " ", "=", "A", "===="})
    void isRefusedWhereSomethingFollowsItsMeasurement(String tail) throws Failure {
      assertThatItIsRefused(
          host.claiming(honest ->
              Optional.of(
                  new PausedVm.ClaimedMeasurement(
                      honest.measurementBase64() + tail, 1, 55, 21, honest.policy()))),
          Code.EVIDENCE_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 256, 0x1_0000_0001L, Long.MIN_VALUE, Long.MAX_VALUE})
    void isRefusedWhereANumberIsOutOfRange(long number) throws Failure {
      for (int field = 0; field < 3; field++) {
        int which = field;
        assertThatItIsRefused(
            honest(PlanFixtures.LAUNCH_DIGEST)
                .claiming(honest ->
                    Optional.of(
                        new PausedVm.ClaimedMeasurement(
                            honest.measurementBase64(),
                            which == 0 ? number : honest.apiMajor(),
                            which == 1 ? number : honest.apiMinor(),
                            which == 2 ? number : honest.buildId(),
                            honest.policy()))),
            Code.EVIDENCE_MALFORMED);
      }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1L << 32, 0x3301_000bL | 1L << 63, 0x3301_004bL})
    void isRefusedWhereThePolicyIsNone(long policy) throws Failure {
      assertThatItIsRefused(
          host.claiming(honest ->
              Optional.of(
                  new PausedVm.ClaimedMeasurement(honest.measurementBase64(), 1, 55, 21, policy))),
          Code.EVIDENCE_MALFORMED);
    }

    @Test
    void isRefusedWhereItsLiveDocumentLacksLaunchSecurity() throws Failure {
      assertThatItIsRefused(
          host.living(
              document -> document.replaceAll("(?s)<launchSecurity.*</launchSecurity>", "")),
          Code.DOMAIN_DIFFERS);
    }

    @Test
    void isRefusedWhereItsLiveDocumentHasADeviceMore() throws Failure {
      var report =
          assertThatItIsRefused(
              host.living(document ->
                  document.replace("</devices>", "<channel type=\"\u001b[2Jpty\"/></devices>")),
              Code.DOMAIN_DIFFERS);
      assertThat(report.contradictions()).hasSize(1);
      assertThat(report.contradictions().getFirst()).doesNotContain("\u001b");
    }

    @Test
    void isToldWhichDoorStandsOpenInItsLiveDocument() throws Failure {
      var report =
          assertThatItIsRefused(
              host.living(
                  document -> document.replace("kernelHashes=\"yes\"", "kernelHashes=\"no\"")),
              Code.DOMAIN_DIFFERS);
      assertThat(report.contradictions())
          .contains("/domain/launchSecurity@kernelHashes: sent yes, live no")
          .anyMatch(told -> told.startsWith("POL-23: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<domain>", "<domain/>", "\u0000", "<!DOCTYPE a><domain/>"})
    void isRefusedWhereItsLiveDocumentIsNone(String document) throws Failure {
      assertThatItIsRefused(host.living(sent -> document), Code.DOMAIN_DIFFERS);
    }

    @Test
    void isRefusedForBothWhereMeasurementAndDocumentDiffer() throws Failure {
      var other = honest(Bytes.ofHex("77".repeat(32))).living(document -> "<domain/>");
      assertThatItIsRefused(other, Code.MEASUREMENT, Code.DOMAIN_DIFFERS);
    }

    @Test
    void isRefusedAlsoWhereItDoesNotDestroyTheDomain() throws Failure {
      var liar =
          honest(Bytes.ofHex("77".repeat(32)))
              .before(
                  Call.DESTROY,
                  () -> {
                    throw FakeHypervisor.failure();
                  });
      var report = launcher(liar).launch(LAUNCH, PlanFixtures.plan(Protection.SEV));
      assertThat(report.verdict()).isInstanceOf(Verdict.Refused.class);
      assertThat(report.notDestroyed()).map(Diagnostic::code).contains(Code.CALL_FAILED);
      assertThat(liar.calls()).containsOnlyOnce(Call.DESTROY);
      assertThat(journals.entries()).singleElement().matches(Journals.Entry::isLeftOver);
      assertThatSecretsAreWiped();
    }

    private LaunchReport assertThatItIsRefused(FakeHypervisor liar, Code... codes) throws Failure {
      var launchId = new LaunchId(UUID.randomUUID());
      var report = launcher(liar).launch(launchId, PlanFixtures.plan(Protection.SEV));
      assertThat(report.verdict()).isInstanceOf(Verdict.Refused.class);
      assertThat(report.verdict().checks())
          .filteredOn(check -> check.outcome() == Outcome.FAIL)
          .extracting(Check::code)
          .containsExactly(codes);
      assertThat(report.running()).isEmpty();
      assertThat(report.notDestroyed()).isEmpty();
      assertThat(report.presented()).isPresent();
      assertThat(liar.calls())
          .containsExactly(Call.START, Call.MEASURE, Call.LIVE_DOCUMENT, Call.DESTROY);
      assertThat(liar.injected()).isEmpty();
      assertThat(liar.state(launchId)).isEmpty();
      assertThat(journals.events(launchId))
          .endsWith(LaunchEvent.MEASURED, LaunchEvent.REFUSED, LaunchEvent.DESTROYED);
      assertThat(journals.isHeld(launchId)).isFalse();
      assertThatSecretsAreWiped();
      return report;
    }
  }

  @Nested
  class AHostThatFails {
    @ParameterizedTest
    @EnumSource(names = {"MEASURE", "LIVE_DOCUMENT", "INJECT", "RESUME"})
    void leavesNothingUndestroyed(Call call) {
      assertThatNothingIsLeft(
          host.before(
              call,
              () -> {
                throw FakeHypervisor.failure();
              }),
          call);
    }

    @ParameterizedTest
    @EnumSource(names = {"MEASURE", "LIVE_DOCUMENT", "INJECT", "RESUME"})
    void leavesNothingUndestroyedWhereItDidAsAskedAndItsAnswerWasLost(Call call) {
      assertThatNothingIsLeft(
          host.after(
              call,
              () -> {
                throw FakeHypervisor.failure();
              }),
          call);
    }

    @ParameterizedTest
    @EnumSource(names = {"MEASURE", "LIVE_DOCUMENT", "INJECT", "RESUME"})
    void leavesNothingUndestroyedWhereOurOwnCodeFails(Call call) {
      host.before(
          call,
          () -> {
            throw new IllegalStateException("a bug");
          });
      assertThatIllegalStateException().isThrownBy(LauncherTest.this::launch);
      assertThatItIsDestroyed(host);
    }

    @Test
    void isAskedOnceMoreByTheNextRunWhereItDidNotStart() throws Failure {
      host.before(
          Call.START,
          () -> {
            throw FakeHypervisor.failure();
          });
      assertThatTheNextRunDestroysOnceMore();
    }

    @Test
    void isAskedOnceMoreByTheNextRunWhereItsAnswerToTheStartWasLost() throws Failure {
      host.after(
          Call.START,
          () -> {
            throw FakeHypervisor.failure();
          });
      assertThatTheNextRunDestroysOnceMore();
    }

    @Test
    void leavesNoDomainThatStartsOnlyAfterItWasDestroyed() throws Failure {
      host.before(
              Call.START,
              () -> {
                throw FakeHypervisor.failure();
              })
          .after(Call.DESTROY, () -> host.with(LAUNCH, Hypervisor.DomainState.PAUSED));
      assertThatExceptionOfType(Failure.class).isThrownBy(LauncherTest.this::launch);
      assertThat(host.state(LAUNCH)).isPresent();

      host.after(Call.DESTROY, () -> {});
      assertThat(nextRun()).hasSize(1);
      assertThat(host.state(LAUNCH)).isEmpty();
      assertThat(journals.events(LAUNCH)).endsWith(LaunchEvent.DESTROYED);
    }

    private List<Journals.Entry> nextRun() throws Failure {
      var ended = new ArrayList<Journals.Entry>();
      CleanUp.run(journals, host, PlanFixtures.host().uri(), ended::add);
      return ended;
    }

    private void assertThatTheNextRunDestroysOnceMore() throws Failure {
      assertThatExceptionOfType(Failure.class).isThrownBy(LauncherTest.this::launch);
      assertThat(host.calls()).containsExactly(Call.START, Call.DESTROY);
      assertThat(host.state(LAUNCH)).isEmpty();
      assertThatSecretsAreWiped();

      assertThat(nextRun()).isEmpty();
      assertThat(host.calls()).endsWith(Call.DESTROY);
      assertThat(journals.events(LAUNCH)).endsWith(LaunchEvent.DESTROYED);
    }

    @Test
    void isNotResumedAfterAnInjectionWhoseAnswerWasLost() {
      assertThatNothingIsLeft(
          host.after(
              Call.INJECT,
              () -> {
                throw FakeHypervisor.failure();
              }),
          Call.INJECT);
      assertThat(host.calls()).doesNotContain(Call.RESUME);
      assertThat(journals.events(LAUNCH)).contains(LaunchEvent.INJECTING);
    }

    @Test
    void saysWhatCameBetweenTheSecretAndItsAnswer() {
      host.after(
          Call.INJECT,
          () -> {
            throw FakeHypervisor.failure();
          });
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(LauncherTest.this::launch)
          .satisfies(failure ->
              assertThat(failure.diagnostic().why())
                  .isEqualTo("VIRT-006: the call failed; a test says so"));
    }

    @Test
    void saysThatTheFirmwareRefusedTheSecretWhereItDid() {
      host.before(
          Call.INJECT,
          () -> {
            throw new Failure(
                Diagnostic.of(Code.FIRMWARE_REFUSED, "refused", "a test says so", "none"));
          });
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(LauncherTest.this::launch)
          .satisfies(
              failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.FIRMWARE_REFUSED));
      assertThatItIsDestroyed(host);
    }

    @ParameterizedTest
    @EnumSource(names = {"INJECT", "RESUME"})
    void letsTheEvidenceOfATrustedGuestBeKeptAlsoWhereItCannotBeReleased(Call call) {
      host.before(
          call,
          () -> {
            throw FakeHypervisor.failure();
          });
      assertThatExceptionOfType(Failure.class).isThrownBy(LauncherTest.this::launch);
      assertThat(judged)
          .singleElement()
          .satisfies(report -> {
            assertThat(report.verdict()).isInstanceOf(Trusted.class);
            assertThat(report.presented()).isPresent();
            assertThat(report.running()).isEmpty();
          });
    }

    @Test
    void leavesALaunchToTheNextRunWhereItCannotEvenDestroy() {
      host.before(
              Call.MEASURE,
              () -> {
                throw FakeHypervisor.failure();
              })
          .before(
              Call.DESTROY,
              () -> {
                throw FakeHypervisor.failure();
              });
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(LauncherTest.this::launch)
          .satisfies(failure ->
              assertThat(failure.diagnostics())
                  .extracting(Diagnostic::fix)
                  .satisfiesExactly(
                      first -> assertThat(first).isEqualTo("none"),
                      second -> assertThat(second).contains("the next run destroys it")));
      assertThat(journals.entries()).singleElement().matches(Journals.Entry::isLeftOver);
    }

    private void assertThatNothingIsLeft(FakeHypervisor failing, Call call) {
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(LauncherTest.this::launch)
          .satisfies(failure ->
              assertThat(failure.diagnostic().code())
                  .isEqualTo(call == Call.INJECT ? Code.AMBIGUOUS_INJECTION : Code.CALL_FAILED));
      assertThat(failing.calls()).startsWith(Call.START).contains(call);
      assertThatItIsDestroyed(failing);
    }
  }

  @Nested
  class AJournalThatFails {
    @Test
    void letsNothingStartWithoutItsFirstLine() {
      journals.failingAt(LaunchEvent.INTENDED);
      assertThatExceptionOfType(Failure.class).isThrownBy(LauncherTest.this::launch);
      assertThat(host.calls()).isEmpty();
      assertThatSecretsAreWiped();
    }

    @ParameterizedTest
    @EnumSource(names = {"MEASURED", "TRUSTED", "INJECTING", "INJECTED", "RELEASED"})
    void endsTheLaunchAndLeavesNothingUndestroyed(LaunchEvent event) {
      journals.failingAt(event);
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(LauncherTest.this::launch)
          .satisfies(
              failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.CANNOT_WRITE));
      assertThatItIsDestroyed(host);
    }

    @Test
    void leavesALaunchToTheNextRunTooWhereItsStartCannotBeWrittenDown() {
      journals.failingAt(LaunchEvent.STARTED);
      assertThatExceptionOfType(Failure.class).isThrownBy(LauncherTest.this::launch);
      assertThat(host.state(LAUNCH)).isEmpty();
      assertThat(journals.entries()).singleElement().matches(Journals.Entry::isLeftOver);
      assertThatSecretsAreWiped();
    }

    @Test
    void letsNoSecretOutBeforeTheIntentionIsWrittenDown() {
      journals.failingAt(LaunchEvent.INJECTING);
      assertThatExceptionOfType(Failure.class).isThrownBy(LauncherTest.this::launch);
      assertThat(host.calls()).doesNotContain(Call.INJECT, Call.RESUME);
    }

    @Test
    void letsNothingRunBeforeTheInjectionIsWrittenDown() {
      journals.failingAt(LaunchEvent.INJECTED);
      assertThatExceptionOfType(Failure.class).isThrownBy(LauncherTest.this::launch);
      assertThat(host.calls()).doesNotContain(Call.RESUME);
    }

    @Test
    void stillDestroysWhatWasRefused() throws Failure {
      journals.failingAt(LaunchEvent.DESTROYED);
      var liar = honest(Bytes.ofHex("77".repeat(32)));
      var report = launcher(liar).launch(LAUNCH, PlanFixtures.plan(Protection.SEV));
      assertThat(report.notDestroyed()).map(Diagnostic::code).contains(Code.CANNOT_WRITE);
      assertThat(liar.state(LAUNCH)).isEmpty();
      assertThat(journals.entries()).singleElement().matches(Journals.Entry::isLeftOver);
    }
  }

  @Nested
  class TheSecrets {
    @Test
    void startsNothingWhereASecretCannotBeRead() {
      files.remove(PlanFixtures.KEY);
      assertThatExceptionOfType(Failure.class).isThrownBy(LauncherTest.this::launch);
      assertThat(host.calls()).isEmpty();
    }

    /** QEMU does not look whether it writes past the area. */
    @Test
    void startsNothingWhereASecretHasGrownOutOfItsArea() {
      files.put(PlanFixtures.KEY, Bytes.zeros(3072));
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(LauncherTest.this::launch)
          .matches(failure -> failure.diagnostic().code() == Code.SECRET_TOO_LARGE);
      assertThat(host.calls()).isEmpty();
    }

    @Test
    void startsNothingAndWipesTheOthersWhereTheLastOneCannotBeRead() {
      var source = new FakeFiles().put(PlanFixtures.KEY, PlanFixtures.DISK_KEY);
      var references =
          List.of(
              PlanFixtures.spec(Protection.SEV).secrets().getFirst(),
              new Spec.SecretReference(
                  "second", Path.of("/nowhere"), new UUID(1, 1), PlanFixtures.at()));
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(() -> Secrets.read(references, PlanFixtures.inputs(Protection.SEV), source));
      assertThat(source.handedOut()).hasSize(1).allSatisfy(LauncherTest::assertWiped);
    }
  }

  @Nested
  class Interruption {
    @ParameterizedTest
    @EnumSource(names = {"START", "MEASURE", "LIVE_DOCUMENT", "INJECT", "RESUME"})
    void destroysALaunchWhicheverCallItMeetsAndSaysThatItWasInterrupted(Call call) {
      var interrupter = new Interrupter(host);
      host.before(call, interrupter::interruptAndWait);
      assertThatItIsInterrupted(interrupter);
    }

    @ParameterizedTest
    @EnumSource(names = {"MEASURE", "LIVE_DOCUMENT", "INJECT", "RESUME"})
    void saysThatItWasInterruptedWhereTheCallFailsForThat(Call call) {
      var interrupter = new Interrupter(host);
      host.before(
          call,
          () -> {
            interrupter.interruptAndWait();
            throw FakeHypervisor.failure();
          });
      assertThatItIsInterrupted(interrupter);
    }

    @ParameterizedTest
    @EnumSource(names = {"START", "MEASURE", "LIVE_DOCUMENT", "INJECT", "RESUME"})
    void destroysALaunchAfterEachCallAndSaysThatItWasInterrupted(Call call) {
      var interrupter = new Interrupter(host);
      host.after(call, interrupter::interruptAndWait);
      assertThatItIsInterrupted(interrupter);
    }

    private void assertThatItIsInterrupted(Interrupter interrupter) {
      var thrown =
          catchThrowableOfType(
              Failure.class,
              () -> interrupter.launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV)));
      assertThat(thrown.diagnostic().code()).isEqualTo(Code.INTERRUPTED);
      assertThatItIsDestroyed(host);
      assertThat(host.state(LAUNCH)).isEmpty();
      assertThat(journals.events(LAUNCH)).endsWith(LaunchEvent.DESTROYED);
    }

    @Test
    void doesNotWaitForAHostThatHangs() throws Exception {
      var hanging = new CountDownLatch(1);
      var destroyed = new CountDownLatch(1);
      host.before(
              Call.INJECT,
              () -> {
                hanging.countDown();
                await(destroyed);
              })
          .after(Call.DESTROY, destroyed::countDown);
      var interrupter = new Interrupter(host);
      var thrown = new AtomicReference<Throwable>();
      var launching =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  interrupter.launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV));
                } catch (Failure | RuntimeException cause) {
                  thrown.set(cause);
                }
              });
      hanging.await();
      assertThat(interrupter.launcher.interrupt(PATIENCE)).isTrue();
      launching.join();
      assertThat(thrown.get()).isInstanceOf(Failure.class);
      assertThatItIsDestroyed(host);
      assertThat(host.calls()).doesNotContain(Call.RESUME);
    }

    @Test
    void saysSoWhereALaunchDoesNotComeToRest() throws Exception {
      var hanging = new CountDownLatch(1);
      var enough = new CountDownLatch(1);
      host.before(
          Call.START,
          () -> {
            hanging.countDown();
            await(enough);
          });
      var interrupter = new Interrupter(host);
      var launching =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  interrupter.launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV));
                } catch (Failure expected) {
                  return;
                }
              });
      hanging.await();
      assertThat(interrupter.launcher.interrupt(Duration.ZERO)).isFalse();
      enough.countDown();
      launching.join();
      assertThatItIsDestroyed(host);
    }

    @Test
    void isNoMorePatientWithAHostThatDoesNotDestroy() throws Exception {
      var measuring = new CountDownLatch(1);
      var enough = new CountDownLatch(1);
      host.before(
              Call.MEASURE,
              () -> {
                measuring.countDown();
                await(enough);
              })
          .before(Call.DESTROY, () -> await(enough));
      var interrupter = new Interrupter(host);
      var launching =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  interrupter.launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV));
                } catch (Failure expected) {
                  return;
                }
              });
      measuring.await();
      assertThat(interrupter.launcher.interrupt(Duration.ZERO)).isFalse();
      enough.countDown();
      launching.join();
      assertThatItIsDestroyed(host);
      assertThat(host.calls()).containsOnlyOnce(Call.DESTROY);
    }

    @Test
    void leavesAReleasedGuestAlone() throws Failure {
      var launcher = launcher(host);
      launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV));
      assertThat(launcher.interrupt(PATIENCE)).isTrue();
      assertThat(host.state(LAUNCH)).contains(Hypervisor.DomainState.RUNNING);
    }

    @Test
    void letsNothingStartAfterwards() throws Failure {
      var launcher = launcher(host);
      assertThat(launcher.interrupt(PATIENCE)).isTrue();
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(() -> launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV)))
          .satisfies(
              failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.INTERRUPTED));
      assertThat(host.calls()).isEmpty();
    }

    @Test
    void leavesTheLaunchToTheNextRunWhereItCannotDestroy() throws InterruptedException {
      var interrupter = new Interrupter(host);
      host.after(Call.RESUME, interrupter::interruptAndWait)
          .before(
              Call.DESTROY,
              () -> {
                throw FakeHypervisor.failure();
              });
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(() -> interrupter.launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV)));
      assertThat(journals.entries()).singleElement().matches(Journals.Entry::isLeftOver);
    }

    /** Whatever line is being written when it comes: either all is released or all is gone. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void leavesNothingBetweenReleasedAndDestroyed(int line) throws Exception {
      var interrupter = new Interrupter(host);
      var count = new int[] {0};
      journals.beforeAppend(() -> {
        if (++count[0] == line) {
          interrupter.start();
        }
      });
      var released = Optional.<RunningDomain>empty();
      try {
        released = interrupter.launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV)).running();
      } catch (Failure interrupted) {
        assertThat(host.state(LAUNCH)).isEmpty();
      }
      interrupter.join();
      assertThat(host.state(LAUNCH).isPresent()).isEqualTo(released.isPresent());
      assertThat(journals.events(LAUNCH).getLast())
          .isEqualTo(released.isPresent() ? LaunchEvent.RELEASED : LaunchEvent.DESTROYED);
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Somebody who presses Ctrl-C. */
    private final class Interrupter {
      private final Launcher launcher;
      private final Thread thread;

      Interrupter(FakeHypervisor host) {
        launcher = launcher(host);
        thread =
            Thread.ofPlatform()
                .unstarted(() -> {
                  try {
                    launcher.interrupt(Duration.ZERO);
                  } catch (Failure cannotDestroy) {
                    return;
                  }
                });
      }

      void start() {
        thread.start();
      }

      void join() throws InterruptedException {
        thread.join();
      }

      void interruptAndWait() {
        start();
        try {
          join();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private static FakeHypervisor honest(Bytes launchDigest) {
    return new FakeHypervisor(PlanFixtures.platform(), launchDigest);
  }

  private LaunchReport launch() throws Failure {
    return launcher(host).launch(LAUNCH, PlanFixtures.plan(Protection.SEV));
  }

  private Launcher launcher(FakeHypervisor hypervisor) {
    var progress =
        new Progress() {
          @Override
          public void stage(String what) {
            stages.add(what);
          }

          @Override
          public void judged(LaunchReport report) {
            judged.add(report);
          }
        };
    return new Launcher(
        hypervisor, journals, files, FakeEntropy.seeded(7), InstantSource.fixed(NOW), progress);
  }

  private void assertThatItIsDestroyed(FakeHypervisor hypervisor) {
    assertThat(hypervisor.calls()).contains(Call.DESTROY);
    assertThat(hypervisor.state(LAUNCH)).isEmpty();
    assertThat(journals.events(LAUNCH)).endsWith(LaunchEvent.DESTROYED);
    assertThat(journals.isHeld(LAUNCH)).isFalse();
    assertThatSecretsAreWiped();
  }

  private void assertThatSecretsAreWiped() {
    assertThat(files.handedOut()).isNotEmpty().allSatisfy(LauncherTest::assertWiped);
  }

  private static void assertWiped(SecretBytes secret) {
    assertThatIllegalStateException().isThrownBy(() -> secret.reveal().get(0));
  }

  private static Map<Bytes, Bytes> expectedEntries() {
    return Map.of(Bytes.efiGuid(PlanFixtures.DISK_KEY_GUID), PlanFixtures.DISK_KEY);
  }

  /** What a guest finds in its secret area, by the GUIDs as EFI stores them. */
  private static Map<Bytes, Bytes> entries(Bytes table) {
    var entries = new HashMap<Bytes, Bytes>();
    int end = size(table, 16);
    for (int at = 20; at < end; at += size(table, at + 16)) {
      entries.put(table.slice(at, 16), table.slice(at + 20, size(table, at + 16) - 20));
    }
    return entries;
  }

  private static int size(Bytes table, int at) {
    return table.at(at) | table.at(at + 1) << 8;
  }
}
