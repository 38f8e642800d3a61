package dev.remit.cli;

import dev.remit.adapter.host.AtomicFile;
import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.firmware.FirmwareDemands;
import dev.remit.firmware.FirmwareImage;
import dev.remit.measurement.HashedFirmware;
import dev.remit.measurement.KernelHashes;
import dev.remit.measurement.Neighbours;
import dev.remit.measurement.PendingHash;
import dev.remit.measurement.SevExpectation;
import dev.remit.measurement.SevLaunchDigest;
import dev.remit.measurement.SevLaunchMac;
import dev.remit.measurement.Sha256;
import dev.remit.measurement.VcpuState;
import dev.remit.measurement.Vmsa;
import dev.remit.measurement.VmsaFlavour;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.CpuModel;
import dev.remit.platform.CpuSignature;
import dev.remit.platform.Protection;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import dev.remit.report.Answer;
import dev.remit.report.MeasureReport;
import dev.remit.spec.FirmwareManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "measure",
    description =
        "Compute the launch digest that a processor must report, from files only. Prints it in hex"
            + " and nothing else; with --tik or --tk, the base64 of measure and nonce; with"
            + " --reported, whether that is what was reported, and else which input is wrong.")
final class MeasureCommand extends RemitCommand {
  private static final int DIGEST_SIZE = 32;
  private static final int MOST_VCPUS = 255;

  @Option(
      names = "--tee",
      paramLabel = "KIND",
      description = "sev or sev-es; not needed with --guest-policy, whose bit 2 says it.")
  @Nullable Protection tee;

  @Option(
      names = "--guest-policy",
      paramLabel = "P",
      description = "32 bits, decimal or 0x and hex; part of the measurement.")
  @Nullable SevPolicy policy;

  @ArgGroup(multiplicity = "1")
  Source source = new Source();

  @ArgGroup(exclusive = false)
  @Nullable Kernel kernel;

  @Option(
      names = "--vcpus",
      paramLabel = "N",
      defaultValue = "1",
      description = "Measured under SEV-ES; 1 if not given.")
  int vcpus = 1;

  @ArgGroup @Nullable Cpu cpu;

  @Option(
      names = "--vmsa",
      paramLabel = "FLAVOUR",
      defaultValue = "current",
      description = "Under SEV-ES, how the host prepares a vCPU: current or legacy.")
  VmsaFlavour vmsa = VmsaFlavour.CURRENT;

  @ArgGroup(exclusive = false)
  @Nullable MacInput mac;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write what is computed as bytes, too: the digest, or measure and nonce.")
  @Nullable Path out;

  /** A launch digest is computed from a firmware, or given. */
  static final class Source {
    @Option(
        names = "--firmware",
        paramLabel = "FILE",
        description = "The whole image that the host loads.")
    @Nullable Path firmware;

    @Option(
        names = "--launch-digest",
        paramLabel = "VALUE",
        description = "32 bytes: hex, base64 or a file; in the place of all files.")
    @Nullable String launchDigest;
  }

  /** Direct boot measures all three; what is not there has a hash too. */
  static final class Kernel {
    @Option(names = "--kernel", required = true, paramLabel = "FILE", description = "bzImage.")
    Path kernel = Path.of("");

    @Option(names = "--initrd", paramLabel = "FILE", description = "Initrd, if there is one.")
    @Nullable Path initrd;

    @Option(
        names = "--cmdline",
        paramLabel = "TEXT",
        description = "The kernel's command line, exactly; empty if not given.")
    String cmdline = "";
  }

  /** A processor by QEMU's name of it, by numbers, or by the registers that it starts with. */
  static final class Cpu {
    @Option(
        names = "--cpu",
        paramLabel = "NAME",
        description = "QEMU's name, for example EPYC-Milan.")
    @Nullable CpuModel model;

    @ArgGroup(exclusive = false)
    @Nullable Numbers numbers;

    @ArgGroup(exclusive = false)
    @Nullable Pages pages;
  }

  static final class Numbers {
    @Option(names = "--cpu-family", required = true, paramLabel = "N", description = "As CPUID.")
    int family;

    @Option(names = "--cpu-model", required = true, paramLabel = "N", description = "As CPUID.")
    int model;

    @Option(names = "--cpu-stepping", required = true, paramLabel = "N", description = "As CPUID.")
    int stepping;
  }

  static final class Pages {
    @Option(
        names = "--vmsa-cpu0",
        required = true,
        paramLabel = "FILE",
        description = "The first vCPU's VMSA page, 4096 bytes.")
    Path boot = Path.of("");

    @Option(
        names = "--vmsa-cpu1",
        paramLabel = "FILE",
        description = "The page of every other vCPU.")
    @Nullable Path application;
  }

  /** What turns a digest into the measurement of one launch. */
  static final class MacInput {
    @ArgGroup(multiplicity = "1")
    KeyFile key = new KeyFile();

    @Option(
        names = "--api",
        required = true,
        paramLabel = "VERSION",
        description = "Of the SEV firmware, for example 1.55.")
    ApiVersion api = new ApiVersion(0, 0);

    @Option(
        names = "--build",
        required = true,
        paramLabel = "N",
        description = "Of the SEV firmware.")
    int build;

    @ArgGroup(multiplicity = "1")
    NonceSource nonce = new NonceSource();
  }

  static final class KeyFile {
    @Option(
        names = "--tik",
        paramLabel = "FILE",
        description = "Transport integrity key, 16 bytes, readable by its owner only.")
    @Nullable Path tik;

    @Option(
        names = "--tk",
        paramLabel = "FILE",
        description = "Both transport keys, 32 bytes: TEK, then TIK.")
    @Nullable Path both;
  }

  static final class NonceSource {
    @Option(
        names = "--nonce",
        paramLabel = "VALUE",
        description = "Of the firmware, 16 bytes: hex, base64 or a file.")
    @Nullable String nonce;

    @Option(
        names = "--nonce-of",
        paramLabel = "BLOB",
        description = "The same, from measure and nonce, 48 bytes.")
    @Nullable String nonceOf;

    @Option(
        names = "--reported",
        paramLabel = "BLOB",
        description = "Compare with measure and nonce that were reported, 48 bytes.")
    @Nullable String reported;
  }

  /** A launch digest, and how it came about where that is known. */
  private record Computed(
      Bytes launchDigest, Optional<SevLaunchDigest> recipe, Optional<SevExpectation> steps) {}

  /** The nonce, and the whole blob where it is to be compared. */
  private record Reported(Bytes nonce, Optional<Bytes> blob) {}

  @Override
  boolean holdsSecrets() {
    return mac != null;
  }

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var given = new HashMap<String, MeasureReport.Given>();
    var protection = protection();
    var computed = computed(remit, protection, given);
    if (mac == null) {
      write(computed.launchDigest());
      return MeasureReport.digest(digest(protection, computed, given));
    }
    return answer(remit, mac, protection, computed, given);
  }

  private Answer answer(
      Remit remit,
      MacInput with,
      Protection protection,
      Computed computed,
      Map<String, MeasureReport.Given> given)
      throws Failure, BadInput {
    if (policy == null) {
      throw usage("a measurement needs --guest-policy", "the policy is part of the measurement");
    }
    if (with.build < 0 || with.build > 255) {
      throw usage("--build is a number from 0 to 255", "it is one byte of the measurement");
    }
    var firmware = new SevFirmwareVersion(with.api.major(), with.api.minor(), with.build);
    var reported = reported(remit, with.nonce, given);
    var digest = digest(protection, computed, given);
    try (var keys = keys(remit, with.key)) {
      var measure =
          SevLaunchMac.compute(
              keys.tik(), firmware, policy, computed.launchDigest(), reported.nonce());
      var expected =
          new MeasureReport.Measurement(firmware, policy, Bytes.concat(measure, reported.nonce()));
      write(expected.blob());
      if (reported.blob().isEmpty()) {
        return MeasureReport.measurement(digest, expected);
      }
      var blob = reported.blob().get();
      if (expected.blob().equals(blob)) {
        return MeasureReport.same(digest, expected);
      }
      say("it differs; looking for the input that is wrong");
      var question =
          new Neighbours.Question(
              List.of(computed.launchDigest()),
              computed.recipe(),
              Optional.ofNullable(kernel).map(boot -> boot.cmdline),
              Set.of(vmsa),
              policy,
              firmware,
              policy,
              reported.nonce(),
              blob.slice(0, SevLaunchMeasurement.MEASURE_SIZE));
      return MeasureReport.differs(
          digest,
          expected,
          blob,
          Neighbours.search(question, keys.tik(), keys.tek(), FirmwareManifest.builtIn()));
    }
  }

  private static MeasureReport.Digest digest(
      Protection protection, Computed computed, Map<String, MeasureReport.Given> given) {
    return new MeasureReport.Digest(protection, computed.steps(), computed.launchDigest(), given);
  }

  private void write(Bytes content) throws Failure {
    if (out != null) {
      AtomicFile.write(out, content);
      say("written to " + out);
    }
  }

  private Protection protection() throws BadInput {
    if (policy == null) {
      if (tee == null) {
        throw usage(
            "--tee or --guest-policy is missing", "SEV-ES measures the vCPUs, and SEV does not");
      }
      return tee;
    }
    if (tee != null && policy.protection() != tee) {
      throw usage(
          "the guest policy is for %s and --tee says %s"
              .formatted(policy.protection().id(), tee.id()),
          "bit 2 of the policy decides it");
    }
    return policy.protection();
  }

  private TransportKeyFile keys(Remit remit, KeyFile file) throws Failure, BadInput {
    if (file.tik != null) {
      return TransportKeyFile.tik(remit.secrets(), file.tik);
    }
    if (file.both == null) {
      throw new IllegalStateException("the parser asks for one of the two");
    }
    return TransportKeyFile.both(remit.secrets(), file.both);
  }

  private static Reported reported(
      Remit remit, NonceSource source, Map<String, MeasureReport.Given> given)
      throws Failure, BadInput {
    if (source.nonce != null) {
      return new Reported(
          value(remit, "--nonce", source.nonce, SevLaunchMac.NONCE_SIZE, given), Optional.empty());
    }
    boolean compare = source.reported != null;
    String written = compare ? source.reported : source.nonceOf;
    if (written == null) {
      throw new IllegalStateException("the parser asks for one of the three");
    }
    var blob =
        value(
            remit,
            compare ? "--reported" : "--nonce-of",
            written,
            SevLaunchMeasurement.SIZE,
            given);
    return new Reported(
        blob.slice(SevLaunchMeasurement.MEASURE_SIZE, SevLaunchMeasurement.NONCE_SIZE),
        compare ? Optional.of(blob) : Optional.empty());
  }

  private static Bytes value(
      Remit remit, String option, String written, int size, Map<String, MeasureReport.Given> given)
      throws Failure, BadInput {
    var octets = Octets.read(option, written, size, remit.files());
    given.put(
        option.substring(2),
        new MeasureReport.Given(octets.form().name().toLowerCase(Locale.ROOT), octets.value()));
    return octets.value();
  }

  private Computed computed(
      Remit remit, Protection protection, Map<String, MeasureReport.Given> given)
      throws Failure, BadInput {
    if (vcpus < 1 || vcpus > MOST_VCPUS) {
      throw usage("--vcpus is a number from 1 to 255", "each one is measured under SEV-ES");
    }
    if (source.launchDigest != null) {
      if (kernel != null || cpu != null) {
        throw usage(
            "--launch-digest takes no kernel and no CPU besides", "the digest covers them already");
      }
      return new Computed(
          value(remit, "--launch-digest", source.launchDigest, DIGEST_SIZE, given),
          Optional.empty(),
          Optional.empty());
    }
    if (source.firmware == null) {
      throw new IllegalStateException("the parser asks for one of the two");
    }
    var recipe = recipe(remit, protection, source.firmware);
    var steps = recipe.expectation();
    var candidate =
        steps.candidates().stream()
            .filter(each ->
                each.vcpus()
                    .flatMap(SevExpectation.Vcpus::flavour)
                    .map(flavour -> flavour == vmsa)
                    .orElse(true))
            .findFirst()
            .orElseThrow();
    return new Computed(candidate.launchDigest(), Optional.of(recipe), Optional.of(steps));
  }

  private SevLaunchDigest recipe(Remit remit, Protection protection, Path firmware)
      throws Failure, BadInput {
    var state = vcpuState(remit, protection);
    try (var file = remit.files().open(firmware)) {
      // The largest of the three by far; the other two are hashed meanwhile.
      var initrd = initrd(remit);
      var image = FirmwareImage.parse(file);
      var unmet =
          new FirmwareDemands(protection, kernel != null, false)
              .unmetBy(image, firmware.toString());
      if (!unmet.isEmpty()) {
        throw new BadInput(unmet);
      }
      var hashed = HashedFirmware.of(image, remit.files().stream(firmware));
      return new SevLaunchDigest(protection, hashed, hashes(remit, initrd), state);
    } catch (MalformedException malformed) {
      throw new BadInput(FirmwareDemands.notFirmware(firmware.toString(), malformed));
    } catch (IOException cause) {
      throw new BadInput(
          Diagnostic.of(
              Code.FILE_MISSING,
              "a file cannot be read to its end",
              cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(),
              "see that the files are whole and do not change while Remit reads them"));
    }
  }

  private Optional<PendingHash> initrd(Remit remit) throws Failure {
    return kernel == null || kernel.initrd == null
        ? Optional.empty()
        : Optional.of(PendingHash.of(remit.files().stream(kernel.initrd)));
  }

  private Optional<KernelHashes> hashes(Remit remit, Optional<PendingHash> initrd)
      throws Failure, IOException, BadInput {
    if (kernel == null) {
      return Optional.empty();
    }
    if (kernel.cmdline.indexOf('\0') >= 0) {
      throw usage("--cmdline has a NUL in it", "a command line ends at its first NUL");
    }
    var ofKernel = Sha256.of(remit.files().stream(kernel.kernel));
    var ofInitrd = initrd.isPresent() ? initrd.get().await() : Sha256.of(Bytes.EMPTY);
    return Optional.of(
        new KernelHashes(ofKernel, ofInitrd, KernelHashes.ofCmdline(kernel.cmdline)));
  }

  private VcpuState vcpuState(Remit remit, Protection protection) throws Failure, BadInput {
    if (cpu == null) {
      return switch (protection) {
        // Not measured there; any will do.
        case SEV -> new VcpuState.Started(vcpus, CpuModel.known().getFirst().signature());
        case SEV_ES ->
            throw usage(
                "SEV-ES needs --cpu, or --cpu-family, --cpu-model and --cpu-stepping, or"
                    + " --vmsa-cpu0",
                "the processor's signature is in the measured state of every vCPU");
      };
    }
    if (cpu.model != null) {
      return new VcpuState.Started(vcpus, cpu.model.signature());
    }
    if (cpu.pages != null) {
      return pages(remit, cpu.pages);
    }
    var numbers = cpu.numbers;
    if (numbers == null) {
      throw new IllegalStateException("the parser asks for one of the three");
    }
    try {
      return new VcpuState.Started(
          vcpus, new CpuSignature(numbers.family, numbers.model, numbers.stepping));
    } catch (IllegalArgumentException outside) {
      throw usage(String.valueOf(outside.getMessage()), "larger numbers do not fit into CPUID");
    }
  }

  private VcpuState pages(Remit remit, Pages given) throws Failure, BadInput {
    if (given.application == null && vcpus > 1) {
      throw usage(
          "%d vCPUs need --vmsa-cpu1 too".formatted(vcpus),
          "all vCPUs but the first start with other registers than it");
    }
    var boot = page(remit, given.boot);
    Optional<Bytes> application =
        given.application == null ? Optional.empty() : Optional.of(page(remit, given.application));
    return new VcpuState.Given(vcpus, boot, application);
  }

  private static Bytes page(Remit remit, Path file) throws Failure, BadInput {
    var page = remit.files().read(file, Vmsa.PAGE_SIZE);
    if (page.size() != Vmsa.PAGE_SIZE) {
      throw usage("%s has %d bytes".formatted(file, page.size()), "a VMSA page has 4096 bytes");
    }
    return page;
  }

  private static BadInput usage(String what, String why) {
    return new BadInput(Diagnostic.of(Code.WRONG_USAGE, what, why, "see \"remit measure --help\""));
  }
}
