package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.EndorsementBundle;
import dev.remit.endorsement.Voucher;
import dev.remit.platform.ChipId;
import dev.remit.report.Answer;
import dev.remit.report.EndorsementsReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "import",
    description = {
      "Keep the signed CEKs of a file, all or none, each proven to a root first.",
      "Nothing in a CEK says whose it is: that a file is right about the chips is on your word from"
          + " then on."
    })
final class ImportEndorsementsCommand extends RemitCommand {
  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "A bundle, or with --chip a CEK of 2084 bytes.")
  Path file = Path.of("");

  @Option(
      names = "--chip",
      paramLabel = "ID",
      description = "Whose CEK the file is: 64 bytes in hex, or in base64.")
  @Nullable ChipId chip;

  @Mixin AnchorOptions roots = new AnchorOptions();

  @Option(names = "--dry-run", description = "Keep nothing.")
  boolean dryRun;

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var anchors = roots.anchors(remit.files());
    var read = read(remit.files().read(file, EndorsementBundle.LARGEST));
    var proven = new ArrayList<EndorsementsReport.Line>();
    for (var endorsement : read) {
      proven.add(ExportEndorsementsCommand.proven(endorsement, anchors));
    }
    var added = dryRun ? remit.endorsements().additions(read) : remit.endorsements().keep(read);
    return EndorsementsReport.imported(
        file.toString(),
        dryRun,
        proven.stream()
            .map(line ->
                new EndorsementsReport.Line(
                    line.endorsement(), line.anchor(), added.contains(line.endorsement())))
            .toList());
  }

  private List<CekEndorsement> read(Bytes content) throws BadInput {
    var voucher = new Voucher(Voucher.Kind.IMPORT, file.toString());
    try {
      if (content.size() > 0 && content.at(0) == '{') {
        var bundle = EndorsementBundle.parse(content, voucher);
        if (chip != null) {
          throw WrongUsage.of(
              "a bundle says itself which chips it is about",
              "--chip is for a file that holds one CEK and no name",
              "leave out --chip");
        }
        return bundle.endorsements();
      }
      if (chip == null) {
        throw WrongUsage.of(
            "--chip is missing",
            "a CEK does not say of which chip it is, and the file is no bundle",
            "add --chip ID, or give a bundle of \"remit endorsements export\"");
      }
      return List.of(CekEndorsement.parse(chip, content, voucher));
    } catch (MalformedException malformed) {
      throw new BadInput(
          Diagnostic.at(
              new Location.InBytes(file.toString(), malformed.offset()),
              Code.UNKNOWN_FILE,
              "the file is neither a bundle of endorsements nor a CEK",
              String.valueOf(malformed.getMessage()),
              "give a bundle of \"remit endorsements export\", or a signed CEK of 2084 bytes"));
    }
  }
}
