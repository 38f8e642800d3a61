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
import dev.remit.image.Content;
import dev.remit.image.Examination;
import dev.remit.image.LuksHeader;
import dev.remit.plan.InputFiles.OpenFile;
import dev.remit.plan.PlanDocument;
import dev.remit.report.Answer;
import dev.remit.report.Bundle;
import dev.remit.report.InspectReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    description =
        "Decode a certificate, chain, measurement, firmware, disk image, plan or bundle. Verifies"
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
              "give a SEV certificate or chain, ASK and ARK, a launch measurement, an OVMF image, a disk"
                  + " image, a plan or a bundle"));
    } catch (IOException cause) {
      throw new BadInput(Diagnostic.brokenFile(file.toString(), cause));
    }
  }

  private static Answer decode(OpenFile open) throws MalformedException, IOException {
    if (open.size() > 0 && open.size() <= Bundle.LARGEST && open.read(0, 1).at(0) == '{') {
      return json(whole(open));
    }
    if (open.size() == SevCertificate.SIZE) {
      return InspectReport.of(SevCertificate.parse(whole(open)));
    }
    if (open.size() == SMALL_CA || open.size() == LARGE_CA) {
      return InspectReport.of(List.of(CaCertificate.parse(whole(open))));
    }
    if (open.size() == 2 * SMALL_CA || open.size() == 2 * LARGE_CA) {
      return InspectReport.of(certificates(whole(open), 2, CaCertificate::parse));
    }
    if (open.size() == SevChain.SIZE - SevCertificate.SIZE) {
      var above = certificates(whole(open), 3, SevCertificate::parse);
      return InspectReport.of(above.get(0), above.get(1), above.get(2));
    }
    if (open.size() == SevChain.SIZE
        || open.size() == SevChain.SIZE + 2 * SMALL_CA
        || open.size() == SevChain.SIZE + 2 * LARGE_CA) {
      return InspectReport.of(SevChain.parse(whole(open)));
    }
    if (open.size() == SevLaunchMeasurement.SIZE) {
      return InspectReport.ofMeasurement(whole(open));
    }
    var image = Examination.of(open);
    if (image.contents().stream().allMatch(InspectCommand::isUnknown)) {
      return InspectReport.of(FirmwareImage.parse(open));
    }
    boolean luks2 =
        image.contents().stream()
            .anyMatch(content -> content instanceof Content.Luks luks && luks.version() == 2);
    return InspectReport.of(image, luks2 ? Optional.of(LuksHeader.parse(open)) : Optional.empty());
  }

  private static boolean isUnknown(Content content) {
    return content instanceof Content.Opaque || content instanceof Content.Blank;
  }

  private interface Parser<T> {
    T parse(Bytes raw) throws MalformedException;
  }

  /** Several of one size. */
  private static <T> List<T> certificates(Bytes content, int count, Parser<T> parser)
      throws MalformedException {
    int size = content.size() / count;
    var found = new ArrayList<T>();
    for (int at = 0; at < content.size(); at += size) {
      try {
        found.add(parser.parse(content.slice(at, size)));
      } catch (MalformedException malformed) {
        throw malformed.in("certificate " + (found.size() + 1) + " of " + count, at);
      }
    }
    return found;
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
