package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.evidence.SevAttestationReport;
import dev.remit.plan.InputFiles;
import dev.remit.report.Answer;
import dev.remit.report.Given;
import dev.remit.report.VerdictReport;
import dev.remit.trust.Appraiser;
import dev.remit.trust.Policy;
import dev.remit.trust.ReportDemands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the attestation report of a running guest is judged by. */
final class ReportOptions {
  @Mixin ChainOptions chain = new ChainOptions();

  @Option(
      names = "--policy",
      paramLabel = "P",
      description = "For a report: the policy of the guest, 32 bits, decimal or 0x and hex.")
  @Nullable GivenPolicy policy;

  @Option(
      names = "--launch-digest",
      paramLabel = "DIGEST",
      description = "For a report: as \"remit measure\" computes it; hex, base64 or a file.")
  @Nullable String launchDigest;

  @Option(
      names = "--nonce",
      paramLabel = "NONCE",
      description = "For a report: that it was asked with, 16 bytes; hex, base64 or a file.")
  @Nullable String nonce;

  /** How the chain of a platform is proven. */
  interface Prover {
    SevChainProof prove(SevChain chain) throws MalformedException;
  }

  /**
   * The assessment of a report.
   *
   * @param content 208 bytes
   * @param machine which platforms will do
   */
  Answer judge(
      Path file,
      Bytes content,
      InputFiles files,
      boolean simulated,
      Policy.Machine machine,
      Prover prover)
      throws Failure, BadInput, MalformedException {
    SevAttestationReport report;
    try {
      report = SevAttestationReport.parse(content);
    } catch (MalformedException malformed) {
      throw new BadInput(
          Diagnostic.at(
              new Location.InBytes(file.toString(), malformed.offset()),
              Code.EVIDENCE_MALFORMED,
              "the file has the size of an attestation report, and is none",
              String.valueOf(malformed.getMessage()),
              "see that it arrived as the platform gave it; do not trust the guest"));
    }
    var platform = chain.read(files);
    var given = new ArrayList<>(chain.given());
    if (policy != null) {
      given.add(policy.given("--policy"));
    }
    var demands =
        new ReportDemands(
            machine,
            Optional.ofNullable(policy).map(GivenPolicy::value),
            octets("--launch-digest", launchDigest, SevAttestationReport.DIGEST_SIZE, files, given),
            octets("--nonce", nonce, SevAttestationReport.NONCE_SIZE, files, given));
    var proof = prover.prove(platform);
    return VerdictReport.ofReport(
        file.toString(), simulated, Appraiser.assess(report, demands, platform, proof), given);
  }

  /** For evidence of another kind, which takes none of these. */
  void requireNone() throws BadInput {
    if (chain.isGiven() || policy != null || launchDigest != null || nonce != null) {
      throw WrongUsage.of(
          "--chain, --policy, --launch-digest and --nonce belong to an attestation report",
          "the file does not have the 208 bytes of one",
          "leave them out, or name the report");
    }
  }

  private static Optional<Bytes> octets(
      String option, @Nullable String written, int size, InputFiles files, List<Given> given)
      throws Failure, BadInput {
    if (written == null) {
      return Optional.empty();
    }
    var octets = Octets.read(option, written, size, files);
    given.add(Given.octets(option, octets.form(), octets.value()));
    return Optional.of(octets.value());
  }
}
