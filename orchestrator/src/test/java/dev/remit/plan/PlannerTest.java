package dev.remit.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.SevChainProof;
import dev.remit.endorsement.SevEndorser;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.ChipId;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Profile;
import dev.remit.spec.Risk;
import dev.remit.spec.Spec;
import dev.remit.trust.Demand;
import dev.remit.trust.Policy;
import dev.remit.trust.Waiver;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlannerTest {
  private final FakeFiles files = PlanFixtures.files();
  private final Spec spec = PlanFixtures.spec(Protection.SEV);
  private final HostSpec host = PlanFixtures.host();
  private final HostFacts facts = PlanFixtures.facts();

  @Test
  void demandsWhatTheSpecSays() {
    var policy = PlanFixtures.plan(Protection.SEV_ES).policy();
    assertThat(policy.guestPolicy().value()).isEqualTo(PlanFixtures.guestPolicy(Protection.SEV_ES));
    assertThat(policy.api().lowest()).isEqualTo(new ApiVersion(1, 51));
    assertThat(policy.machine())
        .isEqualTo(
            new Policy.Machine.OfGeneration(new Demand.OneOf<>(Set.of(Generation.SIMULATED))));
    assertThat(policy.launchDigests().values())
        .containsExactlyInAnyOrder(PlanFixtures.LAUNCH_DIGEST, PlanFixtures.LEGACY_DIGEST);
    assertThat(policy.waivers())
        .containsExactly(new Waiver("no-disk-integrity", "a test", LocalDate.of(2030, 12, 31)));
  }

  @Test
  void demandsTheNamedChipsWhereThereAreSome() throws Failure {
    var chip = new ChipId(Bytes.zeros(64));
    var named = PlanFixtures.with(spec, new Spec.TrustDemand(Set.of(), List.of(chip)));
    assertThat(ready(named, host, facts).policy().machine())
        .isEqualTo(new Policy.Machine.OfChip(new Demand.OneOf<>(Set.of(chip))));
  }

  @Test
  void deniesAllWhereNoMachineIsNamed() throws Failure {
    var nobody = PlanFixtures.with(spec, new Spec.TrustDemand(Set.of(), List.of()));
    assertThat(ready(nobody, host, facts).policy().machine())
        .isEqualTo(new Policy.Machine.OfGeneration(new Demand.OneOf<>(Set.of())));
  }

  @Test
  void takesTheDomainFromSpecFilesAndHost() {
    var domain = PlanFixtures.plan(Protection.SEV).domain();
    assertThat(domain.name()).isEqualTo("web-1");
    assertThat(domain.vcpus()).isEqualTo(2);
    assertThat(domain.cmdline()).isEqualTo("console=ttyS0 quoted=\"a b\"");
    assertThat(domain.host().emulator()).contains("/host/qemu");
    assertThat(domain.host().kvm()).isFalse();
    assertThat(domain.host().cbitpos()).isEqualTo(51);
    assertThat(domain.console()).isEmpty();
  }

  @Test
  void putsTheConsoleIntoTheFolderThatTheHostDocumentNames() throws Failure {
    var serial =
        PlanFixtures.with(
            PlanFixtures.acknowledging(
                spec, Risk.NO_DISK_INTEGRITY, Risk.SEV_WITHOUT_ES, Risk.HOST_READS_CONSOLE),
            new Spec.Devices(Spec.Console.SERIAL));
    var withFolder =
        new HostSpec(
            host.name(),
            host.uri(),
            host.emulator(),
            host.insecureRoot(),
            Optional.of(Path.of("/console")));
    assertThat(ready(serial, withFolder, facts).domain().console()).contains("/console/web-1.log");
  }

  @Test
  void plansAHostWhoseChainIsIncompleteAndLeavesTheVerdictToTheAppraiser() throws Failure {
    var platform = PlanFixtures.platform();
    var unsigned = PlanFixtures.facts(platform.pdh(), platform.unsignedCertChain());
    assertThat(ready(spec, host, unsigned).endorsements())
        .isInstanceOf(SevChainProof.Incomplete.class);
  }

  @Test
  void isSimulatedExactlyWhereTheHostDocumentNamesARoot() throws Failure {
    assertThat(ready(spec, host, facts).simulated()).isTrue();
    var plain =
        new HostSpec("lab", "qemu:///system", Optional.empty(), Optional.empty(), Optional.empty());
    var plan = ready(spec, plain, facts);
    assertThat(plan.simulated()).isFalse();
    assertThat(plan.anchors().all()).noneMatch(anchor -> anchor.simulated());
    assertThat(plan.endorsements()).isNotInstanceOf(SevChainProof.Proven.class);
  }

  @Nested
  class Contradictions {
    @Test
    void areNoneBetweenDocumentsThatFit() {
      assertThat(Planner.contradictions(spec, host)).isEmpty();
    }

    @Test
    void areFoundWhereProductionMeetsASimulator() {
      assertThat(Planner.contradictions(PlanFixtures.with(spec, Profile.PRODUCTION), host))
          .extracting(Diagnostic::code)
          .containsExactly(Code.SIMULATED_HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"qemu+ssh://host/system", "qemu+tls://host/system"})
    void areFoundWhereTheHostIsAnotherMachine(String uri) {
      var remote =
          new HostSpec(
              host.name(), uri, host.emulator(), host.insecureRoot(), host.consoleFolder());
      assertThat(Planner.contradictions(spec, remote))
          .extracting(Diagnostic::code)
          .containsExactly(Code.CONTRADICTION);
    }

    @Test
    void areFoundWhereAConsoleHasNoPlace() {
      var serial = PlanFixtures.with(spec, new Spec.Devices(Spec.Console.SERIAL));
      assertThat(Planner.contradictions(serial, host))
          .extracting(Diagnostic::code)
          .containsExactly(Code.CONTRADICTION);
    }

    @Test
    void areFoundAllAtOnceAndStopThePlanToo() throws Failure {
      var serial =
          PlanFixtures.with(
              PlanFixtures.with(spec, Profile.PRODUCTION), new Spec.Devices(Spec.Console.SERIAL));
      assertThat(problems(serial, host, facts))
          .containsExactly(Code.SIMULATED_HOST, Code.CONTRADICTION);
    }
  }

  @Nested
  class Hosts {
    @Test
    void areRefusedWithoutSev() throws Failure {
      var without =
          new HostFacts(facts.uri(), facts.libvirt(), facts.qemu(), true, "q35", Optional.empty());
      assertThat(problems(spec, host, without)).containsExactly(Code.NO_SEV);
    }

    @Test
    void areRefusedWithoutSevEsOnlyWhereItIsAskedFor() throws Failure {
      var platform = PlanFixtures.platform();
      var without =
          new HostFacts(
              facts.uri(),
              facts.libvirt(),
              facts.qemu(),
              true,
              "q35",
              Optional.of(
                  new HostFacts.Sev(
                      false, 51, 1, platform.pdh(), platform.certChain(), Optional.empty())));
      assertThat(problems(PlanFixtures.spec(Protection.SEV_ES), host, without))
          .containsExactly(Code.NO_SEV_ES);
      assertThat(ready(spec, host, without)).isNotNull();
    }

    @Test
    void areRefusedWithAChainThatIsNone() throws Failure {
      var platform = PlanFixtures.platform();
      for (var malformed :
          List.of(
              PlanFixtures.facts(Bytes.EMPTY, Bytes.EMPTY),
              PlanFixtures.facts(platform.pdh().slice(1, 2083), platform.certChain()),
              PlanFixtures.facts(Bytes.concat(platform.pdh(), Bytes.of(0)), platform.certChain()),
              PlanFixtures.facts(platform.pdh(), platform.pdh()),
              PlanFixtures.facts(Bytes.zeros(2084), Bytes.zeros(6252)))) {
        assertThat(problems(spec, host, malformed)).containsExactly(Code.UNUSABLE_CHAIN);
      }
    }

    @Test
    void areRefusedWhereAnEmulatorStandsInWithoutItsRoot() throws Failure {
      var nameless =
          new HostSpec(
              host.name(), host.uri(), host.emulator(), Optional.empty(), Optional.empty());
      assertThat(problems(spec, nameless, facts)).containsExactly(Code.SIMULATOR_WITHOUT_ROOT);
    }
  }

  @Nested
  class InsecureRoots {
    @Test
    void areNamedAsSuch() throws Failure {
      var anchors = new Planner(files, SevEndorser.ofNobody()).anchors(host);
      assertThat(anchors.all()).hasSize(6);
      assertThat(anchors.all().getLast().simulated()).isTrue();
      assertThat(anchors.all().getLast().origin()).contains("SIMULATED");
    }

    @Test
    void areRefusedWhereTheyAreMissing() {
      files.remove(PlanFixtures.ROOT);
      assertFails(Code.FILE_MISSING);
    }

    @Test
    void areRefusedWhereTheyAreSomethingElse() {
      var root = PlanFixtures.insecureRoot();
      for (var wrong :
          List.of(
              Bytes.EMPTY,
              Bytes.zeros(2 * 832),
              root.slice(0, root.size() - 1),
              Bytes.concat(root, Bytes.of(0)),
              root.slice(0, root.size() / 2),
              Bytes.zeros(Planner.LARGEST_ROOT))) {
        files.put(PlanFixtures.ROOT, wrong);
        assertFails(Code.UNKNOWN_FILE);
      }
    }

    @Test
    void areRefusedWhereTheyAreLargerThanAny() {
      files.put(PlanFixtures.ROOT, Bytes.zeros(Planner.LARGEST_ROOT + 1));
      assertFails(Code.UNKNOWN_FILE);
    }

    @Test
    void areRefusedInTheWrongOrder() {
      var amd = FakeAmd.believed();
      files.put(PlanFixtures.ROOT, Bytes.concat(amd.ark(), amd.ask()));
      assertFails(Code.UNKNOWN_FILE);
    }

    private void assertFails(Code code) {
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(() -> new Planner(files, SevEndorser.ofNobody()).anchors(host))
          .satisfies(failure -> assertThat(failure.diagnostic().code()).isEqualTo(code));
    }
  }

  private Planned<Plan> plan(Spec of, HostSpec at, HostFacts found) throws Failure {
    return new Planner(files, SevEndorser.ofNobody())
        .plan(PlanFixtures.documents(of, at), PlanFixtures.inputs(of.tee().protection()), found);
  }

  private Plan ready(Spec of, HostSpec at, HostFacts found) throws Failure {
    return switch (plan(of, at, found)) {
      case Planned.Ready<Plan>(Plan plan) -> plan;
      case Planned.Impossible<Plan> impossible ->
          throw new AssertionError(impossible.problems().toString());
    };
  }

  private List<Code> problems(Spec of, HostSpec at, HostFacts found) throws Failure {
    return switch (plan(of, at, found)) {
      case Planned.Ready<Plan> ready -> List.of();
      case Planned.Impossible<Plan> impossible ->
          impossible.problems().stream().map(Diagnostic::code).toList();
    };
  }
}
