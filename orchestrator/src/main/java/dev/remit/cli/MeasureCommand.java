package dev.remit.cli;

import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.firmware.FirmwareDemands;
import dev.remit.firmware.FirmwareImage;
import dev.remit.measurement.KernelHashes;
import dev.remit.measurement.SevExpectation;
import dev.remit.measurement.SevLaunchDigest;
import dev.remit.measurement.SevLaunchMac;
import dev.remit.measurement.VmsaFlavour;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.CpuModel;
import dev.remit.platform.CpuSignature;
import dev.remit.platform.Protection;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import dev.remit.report.Answer;
import dev.remit.report.MeasureReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "measure",
    description =
        "Compute the launch digest that a processor must report, from files only. Prints it in hex"
            + " and nothing else; with --tik, the base64 of measure and nonce.")
final class MeasureCommand extends RemitCommand {
  @Option(names = "--tee", required = true, paramLabel = "KIND", description = "sev or sev-es.")
  Protection tee = Protection.SEV;

  @Option(
      names = "--firmware",
      required = true,
      paramLabel = "FILE",
      description = "The whole image that the host loads.")
  Path firmware = Path.of("");

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

  /** Direct boot measures all three. */
  static final class Kernel {
    @Option(names = "--kernel", required = true, paramLabel = "FILE", description = "bzImage.")
    Path kernel = Path.of("");

    @Option(names = "--initrd", required = true, paramLabel = "FILE", description = "Initrd.")
    Path initrd = Path.of("");

    @Option(
        names = "--cmdline",
        required = true,
        paramLabel = "TEXT",
        description = "The kernel's command line, exactly.")
    String cmdline = "";
  }

  /** A processor by QEMU's name of it, or by numbers. */
  static final class Cpu {
    @Option(
        names = "--cpu",
        paramLabel = "NAME",
        description = "QEMU's name, for example EPYC-Milan.")
    @Nullable CpuModel model;

    @ArgGroup(exclusive = false)
    @Nullable Numbers numbers;
  }

  static final class Numbers {
    @Option(names = "--cpu-family", required = true, paramLabel = "N", description = "As CPUID.")
    int family;

    @Option(names = "--cpu-model", required = true, paramLabel = "N", description = "As CPUID.")
    int model;

    @Option(names = "--cpu-stepping", required = true, paramLabel = "N", description = "As CPUID.")
    int stepping;
  }

  /** What turns a digest into the measurement of one launch. */
  static final class MacInput {
    @Option(
        names = "--tik",
        required = true,
        paramLabel = "FILE",
        description = "Transport integrity key, 16 bytes, readable by its owner only.")
    Path tik = Path.of("");

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

    @Option(
        names = "--guest-policy",
        required = true,
        paramLabel = "P",
        description = "32 bits, decimal or 0x and hex.")
    SevPolicy policy = new SevPolicy(true, true, false, false, false, false, 0, 0);

    @Option(
        names = "--nonce",
        required = true,
        paramLabel = "BASE64",
        description = "Of the firmware, 16 bytes.")
    Bytes nonce = Bytes.EMPTY;
  }

  @Override
  boolean holdsSecrets() {
    return mac != null;
  }

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var expectation = expectation(remit);
    var candidate =
        expectation.candidates().stream()
            .filter(each -> each.vcpus().map(given -> given.flavour() == vmsa).orElse(true))
            .findFirst()
            .orElseThrow();
    return mac == null
        ? MeasureReport.digest(expectation, candidate)
        : MeasureReport.measurement(expectation, candidate, measurement(remit, mac, candidate));
  }

  private Bytes measurement(Remit remit, MacInput given, SevExpectation.Candidate candidate)
      throws Failure, BadInput {
    if (given.policy.protection() != tee) {
      throw usage(
          "the guest policy is for "
              + given.policy.protection().id()
              + " and --tee says "
              + tee.id(),
          "bit 2 of the policy decides it");
    }
    if (given.build < 0 || given.build > 255) {
      throw usage("--build is a number from 0 to 255", "it is one byte of the measurement");
    }
    try (var tik = remit.secrets().read(given.tik)) {
      if (tik.size() != SevLaunchMac.TIK_SIZE) {
        throw usage(
            "the transport integrity key has 16 bytes, and the file " + tik.size(),
            "sevctl and Remit write it as plain bytes");
      }
      var measure =
          SevLaunchMac.compute(
              tik,
              new SevFirmwareVersion(given.api.major(), given.api.minor(), given.build),
              given.policy,
              candidate.launchDigest(),
              given.nonce);
      return Bytes.concat(measure, given.nonce);
    }
  }

  private SevExpectation expectation(Remit remit) throws Failure, BadInput {
    if (vcpus < 1 || vcpus > 255) {
      throw usage("--vcpus is a number from 1 to 255", "each one is measured under SEV-ES");
    }
    var signature = signature();
    try (var file = remit.files().open(firmware)) {
      var image = FirmwareImage.parse(file);
      var unmet =
          new FirmwareDemands(tee, kernel != null, false).unmetBy(image, firmware.toString());
      if (!unmet.isEmpty()) {
        throw new BadInput(unmet);
      }
      return new SevLaunchDigest(policy(), vcpus, signature, image, hashes(remit))
          .over(remit.files().stream(firmware));
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

  private Optional<KernelHashes> hashes(Remit remit) throws Failure, IOException, BadInput {
    if (kernel == null) {
      return Optional.empty();
    }
    if (kernel.cmdline.indexOf('\0') >= 0) {
      throw usage("--cmdline has a NUL in it", "a command line ends at its first NUL");
    }
    return Optional.of(
        KernelHashes.of(
            remit.files().stream(kernel.kernel),
            Optional.of(remit.files().stream(kernel.initrd)),
            kernel.cmdline));
  }

  /** Only whether it is SEV-ES counts for the digest. */
  private SevPolicy policy() {
    return new SevPolicy(true, true, tee == Protection.SEV_ES, false, false, false, 0, 0);
  }

  private CpuSignature signature() throws BadInput {
    if (cpu == null) {
      return switch (tee) {
        // Not measured there; any will do.
        case SEV -> CpuModel.known().getFirst().signature();
        case SEV_ES ->
            throw usage(
                "SEV-ES needs --cpu, or --cpu-family, --cpu-model and --cpu-stepping",
                "the processor's signature is in the measured state of every vCPU");
      };
    }
    if (cpu.model != null) {
      return cpu.model.signature();
    }
    var numbers = cpu.numbers;
    if (numbers == null) {
      throw new IllegalStateException("the parser asks for one of the two");
    }
    try {
      return new CpuSignature(numbers.family, numbers.model, numbers.stepping);
    } catch (IllegalArgumentException outside) {
      throw usage(String.valueOf(outside.getMessage()), "larger numbers do not fit into CPUID");
    }
  }

  private static BadInput usage(String what, String why) {
    return new BadInput(Diagnostic.of(Code.WRONG_USAGE, what, why, "see \"remit measure --help\""));
  }
}
