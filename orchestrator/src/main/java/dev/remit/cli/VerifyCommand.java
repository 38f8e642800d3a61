package dev.remit.cli;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.endorsement.CaCertificate;
import dev.remit.endorsement.EndorsementBundle;
import dev.remit.endorsement.EndorsementSource;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.evidence.SevAttestationReport;
import dev.remit.platform.ChipId;
import dev.remit.report.Answer;
import dev.remit.report.Bundle;
import dev.remit.report.VerdictReport;
import dev.remit.root.Anchors;
import dev.remit.trust.Appraiser;
import dev.remit.trust.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin AnchorOptions roots = new AnchorOptions();
  @Mixin EndorsementOptions endorsementOptions = new EndorsementOptions();
  @Mixin ReportOptions reportOptions = new ReportOptions();

  @Override
  Answer answer() throws Failure, BadInput {
    var files = program.remit().files();
    var anchors = roots.anchors(files);
    var content = files.read(file, Bundle.LARGEST);
    var brought = endorsementOptions.read(files);
    try {
      if (content.size() == SevAttestationReport.SIZE) {
        return reportOptions.judge(
            file,
            content,
            files,
            roots.simulated(),
            brought.machine(),
            chain -> proof(chain, brought, anchors));
      }
      reportOptions.requireNone();
      return content.size() > 0 && content.at(0) == '{'
          ? bundle(Bundle.read(content), brought, anchors)
          : chain(SevChain.parse(content), brought, anchors);
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

  private Answer chain(SevChain chain, EndorsementOptions.Brought brought, Anchors anchors)
      throws MalformedException {
    var proof = proof(chain, brought, anchors);
    return VerdictReport.of(
        file.toString(),
        roots.simulated(),
        Appraiser.assess(proof, brought.machine()),
        judged(proof, chain),
        proof.links());
  }

  /**
   * The chain with the CEK that took part in the proof, and with the root that it was proven to.
   */
  private static SevChain judged(SevChainProof proof, SevChain chain) throws MalformedException {
    return switch (proof) {
      case SevChainProof.Proven proven -> {
        var proved = proven.platform().chain();
        yield new SevChain(
            proved.pdh(),
            proved.pek(),
            proved.oca(),
            proved.cek(),
            Optional.of(CaCertificate.parse(proven.platform().anchor().ask())),
            Optional.of(CaCertificate.parse(proven.platform().anchor().ark())));
      }
      case SevChainProof.Broken broken -> chain;
      case SevChainProof.Incomplete incomplete -> chain;
      case SevChainProof.NotPinned notPinned -> chain;
      case SevChainProof.OtherChip other -> chain;
    };
  }

  private SevChainProof proof(SevChain chain, EndorsementOptions.Brought brought, Anchors anchors)
      throws MalformedException {
    return brought.prove(
        chain, anchors, source -> program.remit().offlineEndorser(source, Optional.empty()));
  }

  private Answer bundle(Bundle bundle, EndorsementOptions.Brought brought, Anchors anchors)
      throws BadInput {
    if (brought.chip().isPresent() || brought.cek().isPresent()) {
      throw WrongUsage.of(
          "--chip and --cek are for chains",
          "a bundle of a launch says which chips its policy names, and brings its CEK along",
          "leave them out; --endorsements FILE says which chip a CEK belongs to");
    }
    var proof = proof(bundle, brought, anchors);
    return VerdictReport.of(
        file.toString(),
        bundle.simulated() || roots.simulated(),
        bundle
            .reported()
            .map(reported -> Appraiser.assessAgain(bundle.policy(), reported, proof))
            .orElseGet(() ->
                bundle.started()
                    ? Appraiser.assessWithoutEvidence(bundle.policy(), proof)
                    : Appraiser.assessNotStarted(bundle.policy(), proof)));
  }

  private SevChainProof proof(Bundle bundle, EndorsementOptions.Brought brought, Anchors anchors) {
    Optional<EndorsementSource> own =
        bundle.endorsement().map(found -> new EndorsementBundle(List.of(found)));
    var named =
        switch (bundle.policy().machine()) {
          case Policy.Machine.OfGeneration generation -> Set.<ChipId>of();
          case Policy.Machine.OfChip chips -> chips.chip().values();
        };
    return program
        .remit()
        .offlineEndorser(brought.source(), own)
        .prove(bundle.chain(), bundle.claimed(), named, anchors);
  }
}
