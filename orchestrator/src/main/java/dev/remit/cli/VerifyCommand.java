package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProver;
import dev.remit.evidence.SevAttestationReport;
import dev.remit.plan.Planner;
import dev.remit.report.Answer;
import dev.remit.report.Bundle;
import dev.remit.report.VerdictReport;
import dev.remit.root.Anchors;
import dev.remit.trust.Appraiser;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Judge stored evidence again, offline, without repeating a stored verdict.",
      "FILE is an evidence bundle of a launch, or a platform's chain PDH, PEK, OCA, CEK, and if"
          + " it is there ASK and ARK, which then must be the pinned ones; or the attestation report of"
          + " a SEV guest that runs, 208 bytes, with the chain of its platform."
    })
final class VerifyCommand extends RemitCommand {
  @Parameters(index = "0", paramLabel = "FILE", description = "Bundle, chain or report.")
  Path file = Path.of("");

  @Option(
      names = "--insecure-root",
      paramLabel = "FILE",
      description = "Believe this simulator's root too; what it endorses proves nothing.")
  @Nullable Path insecureRoot;

  @Mixin ReportOptions reportOptions = new ReportOptions();

  @Override
  Answer answer() throws Failure, BadInput {
    var files = program.remit().files();
    var anchors =
        insecureRoot == null
            ? Anchors.builtIn()
            : Planner.withInsecureRoot(
                files.read(insecureRoot, Planner.LARGEST_ROOT), insecureRoot);
    var content = files.read(file, Bundle.LARGEST);
    if (content.size() == SevAttestationReport.SIZE) {
      return reportOptions.judge(file, content, files, anchors, insecureRoot != null);
    }
    reportOptions.requireNone();
    try {
      return content.size() > 0 && content.at(0) == '{'
          ? bundle(Bundle.read(content), anchors)
          : chain(content, anchors);
    } catch (MalformedException malformed) {
      throw new BadInput(
          Diagnostic.at(
              new Location.InBytes(file.toString(), malformed.offset()),
              Code.UNKNOWN_FILE,
              "the file is neither a bundle, nor a chain of certificates, nor a report",
              String.valueOf(malformed.getMessage()),
              "give a bundle of a launch, or PDH, PEK, OCA and CEK as \"sevctl export\" writes them"));
    }
  }

  private Answer chain(Bytes content, Anchors anchors) throws MalformedException {
    return VerdictReport.of(
        file.toString(),
        insecureRoot != null,
        Appraiser.assess(SevChainProver.prove(SevChain.parse(content), anchors)));
  }

  private Answer bundle(Bundle bundle, Anchors anchors) {
    var endorsements = SevChainProver.prove(bundle.chain(), anchors);
    return VerdictReport.of(
        file.toString(),
        bundle.simulated() || insecureRoot != null,
        bundle
            .reported()
            .map(reported -> Appraiser.assessAgain(bundle.policy(), reported, endorsements))
            .orElseGet(() ->
                bundle.started()
                    ? Appraiser.assessWithoutEvidence(bundle.policy(), endorsements)
                    : Appraiser.assessNotStarted(bundle.policy(), endorsements)));
  }
}
