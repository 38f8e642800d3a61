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
import dev.remit.measurement.SevLaunchDigest;
import dev.remit.plan.Inputs;
import dev.remit.platform.CpuModel;
import dev.remit.platform.CpuSignature;
import dev.remit.platform.SevPolicy;
import dev.remit.report.Given;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What the tenant's own files say that a guest must measure. */
final class ReferenceOptions {
  private static final int DIGEST_SIZE = 32;

  @Option(
      names = "--launch-digest",
      paramLabel = "DIGEST",
      description =
          "The digest that \"remit measure\" computed: 32 bytes in hex, base64 or a file.")
  @Nullable String launchDigest;

  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      description = "The image that the host loads: the digest is computed, the secret area known.")
  @Nullable Path firmware;

  @ArgGroup(exclusive = false)
  MeasureCommand.@Nullable Kernel kernel;

  @Option(
      names = "--vcpus",
      paramLabel = "N",
      defaultValue = "1",
      description = "Measured under SEV-ES; 1 if not given.")
  int vcpus = 1;

  @ArgGroup MeasureCommand.@Nullable Cpu cpu;

  /**
   * @param launchDigests under the names by which a verdict calls them; none where nothing was
   *     given
   * @param secretArea bytes that the firmware keeps for secrets, where the firmware was given
   */
  record Reference(Map<String, Bytes> launchDigests, Optional<Long> secretArea, List<Given> given) {
    Reference {
      launchDigests = Map.copyOf(launchDigests);
      given = List.copyOf(given);
    }
  }

  boolean isGiven() {
    return launchDigest != null || firmware != null || kernel != null || cpu != null;
  }

  Reference read(Remit remit, SevPolicy policy) throws Failure, BadInput {
    var digests = new TreeMap<String, Bytes>();
    var given = new ArrayList<Given>();
    Optional<Long> secretArea = Optional.empty();
    if (launchDigest != null) {
      var octets = Octets.read("--launch-digest", launchDigest, DIGEST_SIZE, remit.files());
      given.add(Given.octets("--launch-digest", octets.form(), octets.value()));
      digests.put("launch digest", octets.value());
    }
    if (firmware != null) {
      if (launchDigest != null) {
        throw usage(
            "the digest is given and computed",
            "--launch-digest and --firmware say the same thing in two ways",
            "leave out one of them");
      }
      secretArea = Optional.of(addComputed(remit, policy, firmware, digests, given));
    } else if (kernel != null || cpu != null) {
      throw usage(
          "--kernel and --cpu need --firmware",
          "the digest is over the firmware first, and then over the rest",
          "name the image that the host loads");
    }
    return new Reference(digests, secretArea, given);
  }

  /** Returns the bytes of the firmware's secret area. */
  private long addComputed(
      Remit remit, SevPolicy policy, Path image, Map<String, Bytes> digests, List<Given> given)
      throws Failure, BadInput {
    if (vcpus < 1 || vcpus > 255) {
      throw usage(
          "--vcpus is a number from 1 to 255",
          "each one is measured under SEV-ES",
          "write how many vCPUs the guest has");
    }
    var signature = signature(policy);
    try (var file = remit.files().open(image)) {
      var parsed = FirmwareImage.parse(file);
      var unmet =
          new FirmwareDemands(policy.protection(), kernel != null, true)
              .unmetBy(parsed, image.toString());
      if (!unmet.isEmpty()) {
        throw new BadInput(unmet);
      }
      var expectation =
          new SevLaunchDigest(policy, vcpus, signature, parsed, hashes(remit))
              .over(remit.files().stream(image));
      digests.putAll(Inputs.launchDigests(expectation));
      given.add(new Given("--firmware", "file", expectation.firmware().hex()));
      expectation
          .kernelHashes()
          .ifPresent(hashes -> {
            given.add(new Given("--kernel", "file", hashes.kernel().hex()));
            given.add(new Given("--initrd", "file", hashes.initrd().hex()));
            given.add(new Given("--cmdline", "text", hashes.cmdline().hex()));
          });
      return parsed.secretArea().orElseThrow().size();
    } catch (MalformedException malformed) {
      throw new BadInput(FirmwareDemands.notFirmware(image.toString(), malformed));
    } catch (IOException cause) {
      throw new BadInput(
          Diagnostic.of(
              Code.FILE_MISSING,
              "a file cannot be read to its end",
              cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(),
              "see that the files are whole and do not change while Remit reads them"));
    }
  }

  private CpuSignature signature(SevPolicy policy) throws BadInput {
    if (cpu != null) {
      return Signatures.of(cpu);
    }
    return switch (policy.protection()) {
      // Not measured there; any will do.
      case SEV -> CpuModel.known().getFirst().signature();
      case SEV_ES ->
          throw usage(
              "SEV-ES needs --cpu, or --cpu-family, --cpu-model and --cpu-stepping",
              "the processor's signature is in the measured state of every vCPU",
              "name the processor that the guest sees");
    };
  }

  private Optional<KernelHashes> hashes(Remit remit) throws Failure, IOException, BadInput {
    if (kernel == null) {
      return Optional.empty();
    }
    if (kernel.cmdline.indexOf('\0') >= 0) {
      throw usage(
          "--cmdline has a NUL in it",
          "a command line ends at its first NUL",
          "write the command line without it");
    }
    return Optional.of(
        KernelHashes.of(
            remit.files().stream(kernel.kernel),
            Optional.of(remit.files().stream(kernel.initrd)),
            kernel.cmdline));
  }

  private static BadInput usage(String what, String why, String fix) {
    return new BadInput(Diagnostic.of(Code.WRONG_USAGE, what, why, fix));
  }
}
