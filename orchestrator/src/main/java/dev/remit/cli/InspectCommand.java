package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.endorsement.CaCertificate;
import dev.remit.endorsement.SevCertificate;
import dev.remit.endorsement.SevChain;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.firmware.FirmwareImage;
import dev.remit.image.DiskContent;
import dev.remit.image.LuksHeader;
import dev.remit.plan.InputFiles.OpenFile;
import dev.remit.plan.PlanDocument;
import dev.remit.report.Answer;
import dev.remit.report.Bundle;
import dev.remit.report.InspectReport;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    description =
        "Decode a certificate, chain, measurement, firmware, LUKS header, plan or bundle. Verifies"
            + " nothing.")
final class InspectCommand extends RemitCommand {
  private static final int SMALL_CA = 832;
  private static final int LARGE_CA = 1600;

  @Parameters(index = "0", paramLabel = "FILE", description = "What to decode.")
  Path file = Path.of("");

  @Override
  Answer answer() throws Failure, BadInput {
    try (var open = program.remit().files().open(file)) {
      return decode(open);
    } catch (MalformedException malformed) {
      throw new BadInput(
          Diagnostic.at(
              new Location.InBytes(file.toString(), malformed.offset()),
              Code.UNKNOWN_FILE,
              "the file is nothing that Remit knows, or broken",
              String.valueOf(malformed.getMessage()),
              "give a SEV certificate or chain, a launch measurement, an OVMF image, a LUKS2"
                  + " header, a plan or a bundle"));
    } catch (IOException cause) {
      throw new BadInput(
          Diagnostic.at(
              new Location.InFile(file.toString()),
              Code.FILE_MISSING,
              "the file cannot be read to its end",
              cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(),
              "see that it is whole and does not change"));
    }
  }

  private static Answer decode(OpenFile open) throws MalformedException, IOException {
    if (open.size() == SevCertificate.SIZE) {
      return InspectReport.of(SevCertificate.parse(whole(open)));
    }
    if (open.size() == SMALL_CA || open.size() == LARGE_CA) {
      return InspectReport.of(CaCertificate.parse(whole(open)));
    }
    if (open.size() == SevChain.SIZE
        || open.size() == SevChain.SIZE + 2 * SMALL_CA
        || open.size() == SevChain.SIZE + 2 * LARGE_CA) {
      return InspectReport.of(SevChain.parse(whole(open)));
    }
    if (open.size() == SevLaunchMeasurement.SIZE) {
      return InspectReport.ofMeasurement(whole(open));
    }
    if (open.size() > 0 && open.size() <= Bundle.LARGEST && open.read(0, 1).at(0) == '{') {
      return json(whole(open));
    }
    return DiskContent.of(open) == DiskContent.LUKS2
        ? InspectReport.of(LuksHeader.parse(open))
        : InspectReport.of(FirmwareImage.parse(open));
  }

  private static Answer json(Bytes content) throws MalformedException {
    try {
      return InspectReport.of("evidence bundle", Bundle.parse(content));
    } catch (MalformedException notABundle) {
      return InspectReport.of("plan", PlanDocument.parse(content));
    }
  }

  private static Bytes whole(OpenFile open) throws IOException {
    return open.read(0, (int) open.size());
  }
}
