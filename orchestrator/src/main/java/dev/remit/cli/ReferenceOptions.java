package dev.remit.cli;

import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.firmware.Area;
import dev.remit.firmware.FirmwareDemands;
import dev.remit.firmware.FirmwareImage;
import dev.remit.measurement.HashedFirmware;
import dev.remit.measurement.KernelHashes;
import dev.remit.measurement.PendingHash;
import dev.remit.measurement.SevLaunchDigest;
import dev.remit.measurement.Sha256;
import dev.remit.measurement.VcpuState;
import dev.remit.measurement.Vmsa;
import dev.remit.plan.InputFiles;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Protection;
import dev.remit.report.Given;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What a guest must measure: as files, or as the digest that they give. */
final class ReferenceOptions {
  private static final int MOST_VCPUS = 255;

  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      description = "The whole image that the host loads.")
  @Nullable Path firmware;

  @Option(
      names = "--launch-digest",
      paramLabel = "VALUE",
      description =
          "The digest that \"remit measure\" computed, in the place of all files: 32 bytes in hex,"
              + " base64 or a file.")
  @Nullable String launchDigest;

  @ArgGroup(exclusive = false)
  @Nullable Kernel kernel;

  @Option(
      names = "--vcpus",
      paramLabel = "N",
      defaultValue = "1",
      description = "Measured under SEV-ES; 1 if not given.")
  int vcpus = 1;

  @ArgGroup @Nullable Vcpu vcpu;

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
  static final class Vcpu {
    @Option(
        names = "--cpu",
        paramLabel = "NAME",
        description = "QEMU's name, for example EPYC-Milan.")
    @Nullable CpuModel model;

    @ArgGroup(exclusive = false)
    @Nullable CpuNumbers numbers;

    @ArgGroup(exclusive = false)
    @Nullable Pages pages;
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

  /**
   * What was given, read and typed.
   *
   * @param launchDigest that was given in the place of files, 32 bytes
   * @param recipe made of files
   * @param secretArea of the firmware, where it was given and has one
   * @param given what the answer repeats
   */
  record Reference(
      Optional<Bytes> launchDigest,
      Optional<SevLaunchDigest> recipe,
      Optional<Area> secretArea,
      List<Given> given) {
    Reference {
      given = List.copyOf(given);
    }
  }

  boolean isGiven() {
    return launchDigest != null || firmware != null;
  }

  /**
   * Reads it all.
   *
   * @param withSecrets whether the firmware must keep an area for them
   */
  Reference read(Remit remit, Protection protection, boolean withSecrets) throws Failure, BadInput {
    if ((launchDigest == null) == (firmware == null)) {
      throw WrongUsage.of(
          "a guest is told by --firmware, or by --launch-digest",
          "a digest covers firmware, kernel, initrd, command line and vCPUs already",
          "give one of the two");
    }
    if (firmware != null) {
      return ofFiles(remit.files(), protection, firmware, withSecrets);
    }
    if (launchDigest == null || kernel != null || vcpu != null) {
      throw WrongUsage.of(
          "--launch-digest takes no kernel and no CPU besides",
          "the digest covers them already",
          "leave them out, or name --firmware in its place");
    }
    var octets = Octets.read("--launch-digest", launchDigest, Sha256.SIZE, remit.files());
    return new Reference(
        Optional.of(octets.value()),
        Optional.empty(),
        Optional.empty(),
        List.of(Given.octets("--launch-digest", octets.form(), octets.value())));
  }

  private Reference ofFiles(
      InputFiles files, Protection protection, Path image, boolean withSecrets)
      throws Failure, BadInput {
    if (vcpus < 1 || vcpus > MOST_VCPUS) {
      throw WrongUsage.of(
          "--vcpus is a number from 1 to 255",
          "each one is measured under SEV-ES",
          "write how many vCPUs the guest has");
    }
    var state = vcpuState(files, protection);
    try (var file = files.open(image)) {
      // The largest of the three by far; the other two are hashed meanwhile.
      var initrd = initrd(files);
      var parsed = FirmwareImage.parse(file);
      var unmet =
          new FirmwareDemands(protection, kernel != null, withSecrets)
              .unmetBy(parsed, image.toString());
      if (!unmet.isEmpty()) {
        throw new BadInput(unmet);
      }
      var recipe =
          new SevLaunchDigest(
              protection,
              HashedFirmware.of(parsed, files.stream(image)),
              hashes(files, initrd),
              state);
      return new Reference(
          Optional.empty(), Optional.of(recipe), parsed.secretArea(), given(recipe));
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

  private Optional<PendingHash> initrd(InputFiles files) throws Failure {
    return kernel == null || kernel.initrd == null
        ? Optional.empty()
        : Optional.of(PendingHash.of(files.stream(kernel.initrd)));
  }

  private Optional<KernelHashes> hashes(InputFiles files, Optional<PendingHash> initrd)
      throws Failure, IOException, BadInput {
    if (kernel == null) {
      return Optional.empty();
    }
    if (kernel.cmdline.indexOf('\0') >= 0) {
      throw WrongUsage.of(
          "--cmdline has a NUL in it",
          "a command line ends at its first NUL",
          "write the command line without it");
    }
    var ofKernel = Sha256.of(files.stream(kernel.kernel));
    var ofInitrd = initrd.isPresent() ? initrd.get().await() : Sha256.of(Bytes.EMPTY);
    return Optional.of(
        new KernelHashes(ofKernel, ofInitrd, KernelHashes.ofCmdline(kernel.cmdline)));
  }

  /** Files as their digests. */
  private static List<Given> given(SevLaunchDigest recipe) {
    var given = new ArrayList<Given>();
    given.add(new Given("--firmware", "file", recipe.firmware().digest().hex()));
    recipe
        .kernelHashes()
        .ifPresent(hashes -> {
          given.add(new Given("--kernel", "file", hashes.kernel().hex()));
          given.add(new Given("--initrd", "file", hashes.initrd().hex()));
          given.add(new Given("--cmdline", "text", hashes.cmdline().hex()));
        });
    return given;
  }

  private VcpuState vcpuState(InputFiles files, Protection protection) throws Failure, BadInput {
    if (vcpu == null) {
      return switch (protection) {
        // Not measured there; any will do.
        case SEV -> new VcpuState.Started(vcpus, CpuModel.known().getFirst().signature());
        case SEV_ES ->
            throw WrongUsage.of(
                "SEV-ES needs --cpu, or --cpu-family, --cpu-model and --cpu-stepping, or"
                    + " --vmsa-cpu0",
                "the processor's signature is in the measured state of every vCPU",
                "name the processor that the guest sees");
      };
    }
    if (vcpu.model != null) {
      return new VcpuState.Started(vcpus, vcpu.model.signature());
    }
    if (vcpu.numbers != null) {
      return new VcpuState.Started(vcpus, vcpu.numbers.signature());
    }
    if (vcpu.pages == null) {
      throw new IllegalStateException("the parser asks for one of the three");
    }
    return pages(files, vcpu.pages);
  }

  private VcpuState pages(InputFiles files, Pages given) throws Failure, BadInput {
    if (given.application == null && vcpus > 1) {
      throw WrongUsage.of(
          "%d vCPUs need --vmsa-cpu1 too".formatted(vcpus),
          "all vCPUs but the first start with other registers than it",
          "name the page of the others, or leave --vcpus out");
    }
    var boot = page(files, given.boot);
    Optional<Bytes> application =
        given.application == null ? Optional.empty() : Optional.of(page(files, given.application));
    return new VcpuState.Given(vcpus, boot, application);
  }

  private static Bytes page(InputFiles files, Path file) throws Failure, BadInput {
    var page = files.read(file, Vmsa.PAGE_SIZE);
    if (page.size() != Vmsa.PAGE_SIZE) {
      throw WrongUsage.of(
          "%s has %d bytes".formatted(file, page.size()),
          "a VMSA page has 4096 bytes",
          "make one with \"remit vmsa build\"");
    }
    return page;
  }
}
