package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.domain.DomainDocument;
import dev.remit.evidence.Presented;
import dev.remit.identity.LaunchId;
import dev.remit.junit.RemitExtension;
import dev.remit.junit.SimulatedHost;
import dev.remit.launch.Ending;
import dev.remit.launch.Hypervisor;
import dev.remit.launch.LaunchReport;
import dev.remit.launch.PausedVm;
import dev.remit.plan.Documents;
import dev.remit.plan.Inputs;
import dev.remit.plan.Plan;
import dev.remit.plan.Planned;
import dev.remit.plan.SourceDocument;
import dev.remit.spec.HostReader;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Read;
import dev.remit.spec.Spec;
import dev.remit.spec.SpecReader;
import dev.remit.trust.Outcome;
import dev.remit.trust.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A host whose libvirt loses the launch security on the way: the VM runs, in the clear. */
@Simulated
@ExtendWith(RemitExtension.class)
final class LyingLibvirtTest {
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final SimulatedHost host;

  LyingLibvirtTest(SimulatedHost host) {
    this.host = host;
  }

  /** Real libvirt answers for such a domain with success and no values. */
  @Test
  void refusesADomainWithoutLaunchSecurity() throws Exception {
    var remit = new Remit(host.state(), InstantSource.system());
    var documents = documents();
    try (var libvirt = remit.connect(documents.host(), DEADLINE)) {
      var inputs = ready(Inputs.examine(documents.spec(), remit.files()));
      Plan plan = ready(remit.planner().plan(documents, inputs, libvirt.probe()));
      var launchId = new LaunchId(UUID.randomUUID());

      LaunchReport launch =
          remit.launcher(new WithoutLaunchSecurity(libvirt), stage -> {}).launch(launchId, plan);

      assertThat(launch.presented()).contains(new Presented.Nothing());
      assertThat(launch.verdict()).isInstanceOf(Verdict.Refused.class);
      assertThat(launch.verdict().checks())
          .filteredOn(check -> check.outcome() == Outcome.FAIL)
          .extracting(check -> check.code())
          .containsExactly(Code.NOT_MEASURED, Code.DOMAIN_DIFFERS);
      assertThat(launch.running()).isEmpty();
      assertThat(libvirt.lookUp(launchId)).isEmpty();
    }
    assertThat(host.qemuProcesses()).isEmpty();
  }

  private Documents documents() throws IOException {
    Path specFile = Example.of(host, "hello-sev").write();
    Read<Spec> spec =
        SpecReader.read(
            "hello-sev.yaml", host.folder(), content(specFile), LocalDate.of(2026, 11, 1));
    Read<HostSpec> named = HostReader.read("host.yaml", host.folder(), content(host.document()));
    return new Documents(
        new SourceDocument(specFile, Bytes.zeros(32)),
        good(spec),
        Optional.of(new SourceDocument(host.document(), Bytes.zeros(32))),
        good(named));
  }

  private static Bytes content(Path file) throws IOException {
    return Bytes.copyOf(Files.readAllBytes(file));
  }

  private static <T> T good(Read<T> read) {
    return switch (read) {
      case Read.Good<T>(T value) -> value;
      case Read.Rejected<T> rejected -> throw new AssertionError(rejected.problems());
    };
  }

  private static <T> T ready(Planned<T> planned) {
    return switch (planned) {
      case Planned.Ready<T>(T value) -> value;
      case Planned.Impossible<T> impossible -> throw new AssertionError(impossible.problems());
    };
  }

  /** Passes everything on, and one element not. */
  private record WithoutLaunchSecurity(Hypervisor libvirt) implements Hypervisor {
    @Override
    public PausedVm startPaused(LaunchId launchId, DomainDocument document) throws Failure {
      String without = document.text().replaceAll("(?s)<launchSecurity.*</launchSecurity>", "");
      return libvirt.startPaused(launchId, new DomainDocument(without, document.digest()));
    }

    @Override
    public Optional<DomainState> lookUp(LaunchId launchId) throws Failure {
      return libvirt.lookUp(launchId);
    }

    @Override
    public void shutdown(LaunchId launchId) throws Failure {
      libvirt.shutdown(launchId);
    }

    @Override
    public Ending ending(LaunchId launchId, String name) throws Failure {
      return libvirt.ending(launchId, name);
    }

    @Override
    public void destroy(LaunchId launchId) throws Failure {
      libvirt.destroy(launchId);
    }

    @Override
    public void close() {
      libvirt.close();
    }
  }
}
