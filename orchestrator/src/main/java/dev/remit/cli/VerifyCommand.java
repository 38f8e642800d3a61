package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.endorsement.CaCertificate;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.EndorsementBundle;
import dev.remit.endorsement.EndorsementSource;
import dev.remit.endorsement.SevCertificate;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.endorsement.SevEndorser;
import dev.remit.endorsement.Voucher;
import dev.remit.evidence.SevAttestationReport;
import dev.remit.plan.InputFiles;
import dev.remit.platform.ChipId;
import dev.remit.report.Answer;
import dev.remit.report.Bundle;
import dev.remit.report.VerdictReport;
import dev.remit.root.Anchors;
import dev.remit.trust.Appraiser;
import dev.remit.trust.Demand;
import dev.remit.trust.Policy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

  @Option(
      names = "--cek",
      paramLabel = "FILE",
      description = "The chip's CEK as AMD signed it, 2084 bytes, for a chain that lacks it.")
  @Nullable Path cek;

  @Option(
      names = "--endorsements",
      paramLabel = "FILE",
      description = "A bundle of signed CEKs to look the chip up in, before those that are kept.")
  @Nullable Path endorsements;

  @Option(
      names = "--chip",
      paramLabel = "ID",
      description = "Demand that a chain is of this chip, 64 bytes in hex or base64.")
  @Nullable ChipId chip;

  @Mixin ReportOptions reportOptions = new ReportOptions();

  @Override
  Answer answer() throws Failure, BadInput {
    var files = program.remit().files();
    var anchors = InsecureRoot.with(insecureRoot, files);
    var content = files.read(file, Bundle.LARGEST);
    if (content.size() == SevAttestationReport.SIZE) {
      return reportOptions.judge(file, content, files, anchors, insecureRoot != null);
    }
    reportOptions.requireNone();
    var brought = brought(files);
    try {
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

  /**
   * What the user gives for this one judgement.
   *
   * @param cek of a chip that nobody names
   * @param bundle of chips that it names
   */
  private record Brought(Optional<SevCertificate> cek, Optional<EndorsementBundle> bundle) {
    Optional<EndorsementSource> source() {
      return bundle.map(known -> known);
    }

    Set<ChipId> chips() {
      return bundle.stream()
          .flatMap(known -> known.endorsements().stream())
          .map(CekEndorsement::chip)
          .collect(Collectors.toSet());
    }
  }

  private Brought brought(InputFiles files) throws Failure, BadInput {
    return new Brought(
        cek == null
            ? Optional.empty()
            : Optional.of(parsed(cek, files, "a signed CEK", SevCertificate::parse)),
        endorsements == null
            ? Optional.empty()
            : Optional.of(
                parsed(
                    endorsements,
                    files,
                    "a bundle of endorsements",
                    content ->
                        EndorsementBundle.parse(
                            content,
                            new Voucher(Voucher.Kind.FILE, String.valueOf(endorsements))))));
  }

  private interface Parser<T> {
    T parse(Bytes content) throws MalformedException;
  }

  private static <T> T parsed(Path file, InputFiles files, String what, Parser<T> parser)
      throws Failure, BadInput {
    try {
      return parser.parse(files.read(file, EndorsementBundle.LARGEST));
    } catch (MalformedException malformed) {
      throw new BadInput(
          Diagnostic.at(
              new Location.InBytes(file.toString(), malformed.offset()),
              Code.UNKNOWN_FILE,
              "the file is not " + what,
              String.valueOf(malformed.getMessage()),
              "see \"remit inspect\" of it; \"remit endorsements export\" writes bundles"));
    }
  }

  private Answer chain(SevChain chain, Brought brought, Anchors anchors) throws MalformedException {
    var claimed = Optional.ofNullable(chip);
    var proof =
        brought.cek().isPresent()
            ? joined(chain, brought.cek().get(), claimed, anchors)
            : program
                .remit()
                .offlineEndorser(brought.source(), Optional.empty())
                .prove(chain, claimed, claimed.map(Set::of).orElseGet(brought::chips), anchors);
    return VerdictReport.of(
        file.toString(),
        insecureRoot != null,
        chip == null
            ? Appraiser.assess(proof)
            : Appraiser.assess(proof, new Policy.Machine.OfChip(new Demand.OneOf<>(Set.of(chip)))),
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

  private SevChainProof joined(
      SevChain chain, SevCertificate signed, Optional<ChipId> claimed, Anchors anchors)
      throws MalformedException {
    var voucher = new Voucher(Voucher.Kind.FILE, String.valueOf(cek));
    return claimed.isPresent()
        ? SevEndorser.join(
            chain, CekEndorsement.parse(claimed.get(), signed.raw(), voucher), claimed, anchors)
        : SevEndorser.join(chain, signed, voucher.toString(), anchors);
  }

  private Answer bundle(Bundle bundle, Brought brought, Anchors anchors) throws BadInput {
    if (chip != null || cek != null) {
      throw new BadInput(
          Diagnostic.of(
              Code.WRONG_USAGE,
              "--chip and --cek are for chains",
              "a bundle of a launch says which chips its policy names, and brings its CEK along",
              "leave them out; --endorsements FILE says which chip a CEK belongs to"));
    }
    var proof = proof(bundle, brought, anchors);
    return VerdictReport.of(
        file.toString(),
        bundle.simulated() || insecureRoot != null,
        bundle
            .reported()
            .map(reported -> Appraiser.assessAgain(bundle.policy(), reported, proof))
            .orElseGet(() ->
                bundle.started()
                    ? Appraiser.assessWithoutEvidence(bundle.policy(), proof)
                    : Appraiser.assessNotStarted(bundle.policy(), proof)));
  }

  private SevChainProof proof(Bundle bundle, Brought brought, Anchors anchors) {
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
