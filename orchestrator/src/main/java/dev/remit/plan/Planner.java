package dev.remit.plan;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.domain.DomainRequest;
import dev.remit.endorsement.CaCertificate;
import dev.remit.endorsement.KeyUsage;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.endorsement.SevEndorser;
import dev.remit.exposure.OwnJudgement;
import dev.remit.platform.Protection;
import dev.remit.root.Anchors;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Profile;
import dev.remit.spec.Spec;
import dev.remit.trust.Demand;
import dev.remit.trust.Policy;
import dev.remit.trust.Waiver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides everything about a launch from documents, files and what a host claims. */
public final class Planner {
  /** Bytes of an insecure root: ASK and ARK, each with a key of 4096 bits. */
  public static final int LARGEST_ROOT = 2 * 1600;

  private final InputFiles files;
  private final SevEndorser endorser;

  /**
   * @param endorser who is asked for the signed CEK of the host's chip
   */
  public Planner(InputFiles files, SevEndorser endorser) {
    this.files = files;
    this.endorser = endorser;
  }

  /** What is wrong between the two documents, before a host is asked or a file is opened. */
  public static List<Diagnostic> contradictions(Spec spec, HostSpec host) {
    var problems = new ArrayList<Diagnostic>();
    if (spec.profile() == Profile.PRODUCTION && host.insecureRoot().isPresent()) {
      problems.add(
          Diagnostic.of(
              Code.SIMULATED_HOST,
              "profile production does not run on host " + host.name(),
              "its document names an insecure root, "
                  + host.insecureRoot().get()
                  + ": nothing that it endorses is a secure processor",
              "name a host with real hardware, or use profile lab or ci"));
    }
    if (!host.isLocal()) {
      problems.add(
          Diagnostic.of(
              Code.CONTRADICTION,
              "host " + host.name() + " is not this machine",
              "this release brings no files to another machine, and firmware, kernel, initrd and"
                  + " disks are opened by the host",
              "run Remit on the host itself, with a URI without a host name"));
    }
    if (spec.devices().console() == Spec.Console.SERIAL && host.consoleFolder().isEmpty()) {
      problems.add(
          Diagnostic.of(
              Code.CONTRADICTION,
              "the spec asks for a serial console and host " + host.name() + " has no place for it",
              "the host writes a serial console to a file, and its document names no folder",
              "add consoleFolder to the host document, or write console: none"));
    }
    return List.copyOf(problems);
  }

  /**
   * The plan, or all that stands in the way at this host.
   *
   * @param inputs from {@link Inputs#examine} of the same spec
   */
  public Planned<Plan> plan(Documents documents, Inputs inputs, HostFacts facts) throws Failure {
    var spec = documents.spec();
    var host = documents.host();
    var problems = new ArrayList<>(contradictions(spec, host));
    var anchors = anchors(host);
    if (facts.sev().isEmpty()) {
      problems.add(
          Diagnostic.of(
              Code.NO_SEV,
              "host " + host.name() + " does not offer SEV",
              "libvirt " + facts.libvirt() + " lists no SEV for this emulator",
              "see \"remit doctor\"; SEV must be on in the firmware setup and in the kernel"));
      return new Planned.Impossible<>(problems);
    }
    var sev = facts.sev().get();
    if (spec.tee().protection() == Protection.SEV_ES && !sev.es()) {
      problems.add(
          Diagnostic.of(
              Code.NO_SEV_ES,
              "host " + host.name() + " does not offer SEV-ES",
              "it has no address space identifiers for SEV-ES guests",
              "give it some in the firmware setup, \"Minimum SEV non-ES ASID\", or use kind sev"));
    }
    SevChain chain;
    try {
      chain = SevChain.of(sev.pdh(), sev.certChain());
    } catch (MalformedException malformed) {
      problems.add(
          Diagnostic.of(
              Code.UNUSABLE_CHAIN,
              "the certificate chain of host " + host.name() + " cannot be read",
              String.valueOf(malformed.getMessage()),
              "have the host's owner run \"sevctl verify\"; \"sevctl rotate\" makes a new PDH"));
      return new Planned.Impossible<>(problems);
    }
    var endorsements = endorser.prove(chain, sev.chip(), Set.copyOf(spec.trust().chips()), anchors);
    if (isSimulatorWithoutRoot(host, endorsements)) {
      problems.add(
          Diagnostic.of(
              Code.SIMULATOR_WITHOUT_ROOT,
              "host " + host.name() + " names an emulator and no insecureRoot",
              "no built-in root vouches for the platform behind the emulator "
                  + host.emulator().orElseThrow(),
              "name the simulator's root in the host document, or take the emulator out"));
    }
    var request = request(spec, host, inputs, facts, sev);
    var judgement = new OwnJudgement(spec.tee().protection(), spec.acknowledgments());
    judgement.judge(LeakSearch.ofHost(spec, host));
    judgement.judge(LeakSearch.ofDocument(request));
    problems.addAll(judgement.problems());
    if (!problems.isEmpty()) {
      return new Planned.Impossible<>(problems);
    }
    return new Planned.Ready<>(
        new Plan(
            documents,
            inputs.with(inputs.exposure().with(judgement.exposure())),
            facts,
            anchors,
            chain,
            endorsements,
            policy(spec, inputs),
            request));
  }

  private static boolean isSimulatorWithoutRoot(HostSpec host, SevChainProof endorsements) {
    return host.emulator().isPresent()
        && host.insecureRoot().isEmpty()
        && switch (endorsements) {
          case SevChainProof.Proven proven -> false;
          case SevChainProof.Broken broken -> true;
          case SevChainProof.Incomplete incomplete -> true;
          case SevChainProof.NotPinned notPinned -> true;
          case SevChainProof.OtherChip other -> false; // a believed root vouches for that chip
        };
  }

  /** AMD's, and the insecure one that the host document names. */
  public Anchors anchors(HostSpec host) throws Failure {
    return host.insecureRoot().isPresent()
        ? withInsecureRoot(
            files.read(host.insecureRoot().get(), LARGEST_ROOT),
            host.insecureRoot().get(),
            "the host document")
        : Anchors.builtIn();
  }

  /**
   * The built-in anchors and one that proves nothing.
   *
   * @param content ASK then ARK, of the same size
   * @param namedBy what told us to believe it, for reports
   */
  public static Anchors withInsecureRoot(Bytes content, Path file, String namedBy) throws Failure {
    try {
      int half = content.size() / 2;
      var ask = CaCertificate.parse(content.slice(0, half));
      var ark = CaCertificate.parse(content.slice(half, content.size() - half));
      if (ask.usage() != KeyUsage.ASK || ark.usage() != KeyUsage.ARK) {
        throw new MalformedException(0, "the ASK comes first and the ARK after it");
      }
      return Anchors.builtIn()
          .withInsecureRoot(ark.raw(), ask.raw(), "SIMULATED root, named by " + namedBy);
    } catch (MalformedException malformed) {
      throw new Failure(
          Diagnostic.at(
              new Location.InBytes(file.toString(), malformed.offset()),
              Code.UNKNOWN_FILE,
              "the insecure root is not an ASK and an ARK",
              String.valueOf(malformed.getMessage()),
              "name the file simulated-ca.cert that \"remit-simulator init\" made"));
    }
  }

  private static Policy policy(Spec spec, Inputs inputs) {
    return new Policy(
        new Demand.Exactly<>(spec.tee().policy()),
        inputs.launchDigests(),
        machine(spec.trust()),
        new Demand.AtLeast<>(spec.tee().policy().minApi()),
        spec.acknowledgments().stream()
            .map(given -> new Waiver(given.risk().id(), given.reason(), given.until()))
            .toList());
  }

  private static Policy.Machine machine(Spec.TrustDemand demanded) {
    return demanded.chips().isEmpty()
        ? new Policy.Machine.OfGeneration(new Demand.OneOf<>(demanded.generations()))
        : new Policy.Machine.OfChip(new Demand.OneOf<>(Set.copyOf(demanded.chips())));
  }

  private static DomainRequest request(
      Spec spec, HostSpec host, Inputs inputs, HostFacts facts, HostFacts.Sev sev) {
    return new DomainRequest(
        spec.name(),
        spec.resources().vcpus(),
        spec.resources().memoryBytes(),
        spec.resources().cpuModel(),
        spec.tee().policy(),
        inputs.firmware().path().toString(),
        inputs.kernel().path().toString(),
        inputs.initrd().path().toString(),
        spec.boot().cmdline(),
        spec.disks().stream()
            .map(disk -> new DomainRequest.DiskRequest(disk.name(), disk.file().path().toString()))
            .toList(),
        console(spec, host),
        new DomainRequest.HostFit(
            facts.kvm(),
            host.emulator().map(Path::toString),
            facts.machine(),
            sev.cbitpos(),
            sev.reducedPhysBits()));
  }

  private static Optional<String> console(Spec spec, HostSpec host) {
    return switch (spec.devices().console()) {
      case NONE -> Optional.empty();
      case SERIAL ->
          host.consoleFolder().map(folder -> folder.resolve(spec.name() + ".log").toString());
    };
  }
}
