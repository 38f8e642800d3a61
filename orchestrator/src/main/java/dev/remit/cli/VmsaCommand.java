package dev.remit.cli;

import dev.remit.adapter.host.AtomicFile;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.firmware.FirmwareDemands;
import dev.remit.firmware.FirmwareImage;
import dev.remit.measurement.Vmsa;
import dev.remit.measurement.VmsaFlavour;
import dev.remit.measurement.VmsaPage;
import dev.remit.platform.CpuSignature;
import dev.remit.platform.Protection;
import dev.remit.report.Answer;
import dev.remit.report.Given;
import dev.remit.report.VmsaReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "vmsa",
    description = {
      "Build, update or show the page of a vCPU that SEV-ES measures, as QEMU sets it up.",
      "Other programs that start guests, libkrun for one, set it up differently and are not"
          + " supported."
    })
final class VmsaCommand extends RemitCommand {
  /** What is done with the file. */
  enum Action {
    /** Writes a page of a new vCPU. */
    build,
    /** Gives a page another processor or another place to start. */
    update,
    /** Prints every field. */
    show
  }

  enum Userspace {
    qemu,
    krun
  }

  @Parameters(index = "0", paramLabel = "ACTION", description = "${COMPLETION-CANDIDATES}.")
  Action action = Action.show;

  @Parameters(index = "1", paramLabel = "FILE", description = "The page, 4096 bytes.")
  Path file = Path.of("");

  @Option(
      names = "--vcpu",
      paramLabel = "N",
      description = "build: 0 for the vCPU that boots, another number for one of the others.")
  @Nullable Integer vcpu;

  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      description = "Where the vCPUs that do not boot start.")
  @Nullable Path firmware;

  @ArgGroup @Nullable CpuOptions cpu;

  @Option(
      names = "--vmsa",
      paramLabel = "FLAVOUR",
      description =
          "build: as the host's kernel prepares a vCPU, current or legacy; current if not given.")
  @Nullable VmsaFlavour flavour;

  @Option(
      names = "--userspace",
      paramLabel = "PROGRAM",
      description = "build: that starts the guest; only qemu is supported.")
  @Nullable Userspace userspace;

  @Override
  Answer answer() throws Failure, BadInput {
    return switch (action) {
      case build -> written(built());
      case update -> written(updated());
      case show -> {
        requireNone(vcpu != null || cpu != null || firmware != null, "show only reads a page");
        requireNone(flavour != null || userspace != null, "show only reads a page");
        yield VmsaReport.shown(read(), file);
      }
    };
  }

  private Answer written(VmsaPage page) throws Failure, BadInput {
    AtomicFile.write(file, page.raw());
    return VmsaReport.written(page, file, given());
  }

  private VmsaPage built() throws Failure, BadInput {
    if (userspace == Userspace.krun) {
      throw WrongUsage.of(
          "the vCPUs of libkrun are not supported",
          "the tools that know of them disagree about their registers, and nothing settles it",
          "use QEMU, or take the page from a dump of the host's kernel");
    }
    if (vcpu == null || cpu == null) {
      throw WrongUsage.of(
          "build takes --vcpu, and --cpu or its three numbers",
          "the page holds where the vCPU starts and what processor it is",
          "write for example \"--vcpu 0 --cpu EPYC-Milan\"");
    }
    var kind = flavour == null ? VmsaFlavour.CURRENT : flavour;
    CpuSignature signature = cpu.signature();
    if (vcpu < 0 || vcpu > 254) {
      throw WrongUsage.of(
          "--vcpu is a number from 0 to 254",
          "the first vCPU is 0, and all others have one and the same page",
          "write 0 or 1");
    }
    if (vcpu == 0) {
      requireNone(
          firmware != null,
          "the vCPU that boots starts at the reset vector, whatever the firmware");
      return new VmsaPage(Vmsa.bootProcessor(kind, signature));
    }
    if (firmware == null) {
      throw WrongUsage.of(
          "a vCPU that does not boot takes --firmware",
          "it starts at the SEV-ES reset address, which the firmware names",
          "name the image that the host loads");
    }
    return new VmsaPage(Vmsa.applicationProcessor(kind, signature, resetAddress(firmware)));
  }

  private VmsaPage updated() throws Failure, BadInput {
    requireNone(
        vcpu != null || flavour != null || userspace != null,
        "update changes the processor and the place to start, and nothing else");
    if (cpu == null && firmware == null) {
      throw WrongUsage.of(
          "update takes --firmware, or --cpu or its three numbers",
          "there is nothing else that it would change",
          "say what is to be changed, or write \"remit vmsa show\" to look at the page");
    }
    var page = read();
    if (cpu != null) {
      page = page.withSignature(cpu.signature());
    }
    if (firmware == null) {
      return page;
    }
    requireNone(
        page.startsAtResetVector(),
        "this is the vCPU that boots; it starts at the reset vector, whatever the firmware");
    return page.withStart(resetAddress(firmware));
  }

  private VmsaPage read() throws Failure, BadInput {
    try {
      return VmsaPage.parse(program.remit().files().read(file, Vmsa.PAGE_SIZE));
    } catch (MalformedException malformed) {
      throw new BadInput(
          Diagnostic.at(
              new Location.InFile(file.toString()),
              Code.NOT_A_VMSA,
              "the file is not the page of a vCPU",
              String.valueOf(malformed.getMessage()),
              "give one page of 4096 bytes, as a kernel dumps it or \"remit vmsa build\" makes it"));
    }
  }

  private long resetAddress(Path image) throws Failure, BadInput {
    try (var open = program.remit().files().open(image)) {
      var parsed = FirmwareImage.parse(open);
      var unmet =
          new FirmwareDemands(Protection.SEV_ES, false, false).unmetBy(parsed, image.toString());
      if (!unmet.isEmpty()) {
        throw new BadInput(unmet);
      }
      return parsed.sevEsResetAddress().orElseThrow();
    } catch (MalformedException malformed) {
      throw new BadInput(FirmwareDemands.notFirmware(image.toString(), malformed));
    } catch (IOException cause) {
      throw new BadInput(Diagnostic.brokenFile(image.toString(), cause));
    }
  }

  private List<Given> given() throws BadInput {
    var given = new ArrayList<Given>();
    if (vcpu != null) {
      given.add(new Given("--vcpu", "decimal", vcpu.toString()));
    }
    if (cpu != null) {
      given.add(
          new Given(
              cpu.model == null ? "--cpu-family" : "--cpu",
              cpu.model == null ? "decimal" : "text",
              "0x%08x".formatted(cpu.signature().eax())));
    }
    if (firmware != null) {
      given.add(new Given("--firmware", "file", firmware.toString()));
    }
    if (flavour != null) {
      given.add(new Given("--vmsa", "text", flavour.id()));
    }
    return List.copyOf(given);
  }

  private static void requireNone(boolean given, String why) throws BadInput {
    if (given) {
      throw WrongUsage.of("an option does not belong here", why, "leave it out");
    }
  }
}
