package dev.remit.cli;

import dev.remit.adapter.host.AtomicFile;
import dev.remit.app.Remit;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.endorsement.CekAnswer;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.EndorsementBundle;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.endorsement.SevChainProver;
import dev.remit.endorsement.SevEndorser;
import dev.remit.plan.HostFacts;
import dev.remit.platform.ChipId;
import dev.remit.report.Answer;
import dev.remit.report.EndorsementsReport;
import dev.remit.root.Anchors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    description =
        "Write the signed CEKs of chips to a file, from what is kept, else from the key server. The"
            + " chips are named, or else it is that of a host.")
final class ExportEndorsementsCommand extends RemitCommand {
  @Option(
      names = "--chip",
      paramLabel = "ID",
      description = "64 bytes in hex, or in base64; several times for several chips.")
  List<ChipId> chips = new ArrayList<>();

  @Mixin HostOptions hostOptions = new HostOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where the bundle goes, whole or not at all.")
  Path out = Path.of("");

  @Mixin AnchorOptions roots = new AnchorOptions();

  @Option(names = "--dry-run", description = "Do not write the file.")
  boolean dryRun;

  @Override
  Answer answer() throws Failure, BadInput {
    boolean host = hostOptions.which.isGiven();
    if (host && (!chips.isEmpty() || roots.simulated())) {
      throw WrongUsage.of(
          "a host is named, and so is a chip or a root",
          "the chip is then that of the host, and the root that of its document",
          "leave out --chip and --insecure-root, or --host and --connect");
    }
    var remit = program.remit();
    var lines =
        chips.isEmpty()
            ? List.of(ofHost(remit))
            : ofChips(remit.endorser(Optional.empty()), roots.anchors(remit.files()));
    if (!dryRun) {
      AtomicFile.write(
          out,
          new EndorsementBundle(lines.stream().map(EndorsementsReport.Line::endorsement).toList())
              .toBytes());
    }
    return EndorsementsReport.exported(out.toString(), dryRun, lines);
  }

  private List<EndorsementsReport.Line> ofChips(SevEndorser endorser, Anchors anchors)
      throws Failure {
    var lines = new ArrayList<EndorsementsReport.Line>();
    for (var chip : chips.stream().distinct().toList()) {
      lines.add(proven(had(chip, endorser.signedCek(chip, anchors)), anchors));
    }
    return lines;
  }

  /** A host is believed neither about its chip nor about its key: the two must fit. */
  private EndorsementsReport.Line ofHost(Remit remit) throws Failure, BadInput {
    var named = new SpecFiles(remit.files(), remit.clock()).host(hostOptions).spec();
    HostFacts facts;
    try (var host = remit.connect(named, hostOptions.timeout)) {
      facts = host.probe();
    }
    var anchors = remit.planner().anchors(named);
    var sev = facts.sev().orElseThrow(() -> tellsNoChip(named.name()));
    var chip = sev.chip().orElseThrow(() -> tellsNoChip(named.name()));
    var line =
        proven(had(chip, remit.endorser(Optional.empty()).signedCek(chip, anchors)), anchors);
    try {
      var chain = SevChain.of(sev.pdh(), sev.certChain());
      refuseUnfit(named.name(), SevEndorser.join(chain, line.endorsement(), sev.chip(), anchors));
      return line;
    } catch (MalformedException malformed) {
      throw new Failure(
          Diagnostic.of(
              Code.UNUSABLE_CHAIN,
              "the certificate chain of host " + named.name() + " cannot be read",
              String.valueOf(malformed.getMessage()),
              "have the host's owner run \"sevctl verify\""));
    }
  }

  private static void refuseUnfit(String host, SevChainProof proof) throws Failure {
    switch (proof) {
      case SevChainProof.Proven proven -> {}
      case SevChainProof.OtherChip other ->
          throw unfit(Code.OTHER_CHIP, host, "its CEK is not that of " + other.found());
      case SevChainProof.Broken broken ->
          throw unfit(Code.CHAIN, host, "a signature does not hold");
      case SevChainProof.Incomplete incomplete ->
          throw unfit(Code.CEK_UNSIGNED, host, "a signature is missing");
      case SevChainProof.NotPinned notPinned ->
          throw unfit(Code.PINNED_DIFFERS, host, "it brings another " + notPinned.which());
    }
  }

  private static Failure unfit(Code code, String host, String why) {
    return new Failure(
        Diagnostic.of(
            code,
            "the chain of host " + host + " is not proven with the CEK of its chip",
            why,
            "see \"remit doctor\"; with --chip ID a CEK is exported whatever a host says"));
  }

  private static Failure tellsNoChip(String host) {
    return new Failure(
        Diagnostic.of(
            Code.CEK_NOT_HAD,
            "host " + host + " does not tell the id of its chip",
            "libvirt tells it from 8.4 on, with QEMU 7.1, on hosts with SEV",
            "name the chip by --chip"));
  }

  private static CekEndorsement had(ChipId chip, CekAnswer answer) throws Failure {
    return switch (answer) {
      case CekAnswer.Had(CekEndorsement endorsement) -> endorsement;
      case CekAnswer.NotHad notHad ->
          throw new Failure(
              Diagnostic.of(
                  Code.CEK_NOT_HAD,
                  "the signed CEK of chip " + chip + " cannot be had",
                  notHad.reason(),
                  notHad.fix()));
    };
  }

  /** No bundle carries on what nobody signed. */
  static EndorsementsReport.Line proven(CekEndorsement endorsement, Anchors anchors)
      throws Failure {
    var anchor =
        SevChainProver.anchorOf(endorsement.cek(), anchors)
            .orElseThrow(() ->
                new Failure(
                    Diagnostic.of(
                        Code.CEK_UNPROVEN,
                        "the CEK of chip %s is signed by no root that is believed"
                            .formatted(endorsement.chip()),
                        "it stands on the word of " + endorsement.voucher(),
                        "take it from AMD's key server, or from where it was exported")));
    return new EndorsementsReport.Line(endorsement, anchor, true);
  }
}
