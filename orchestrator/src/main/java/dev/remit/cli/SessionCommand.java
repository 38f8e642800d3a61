package dev.remit.cli;

import dev.remit.adapter.host.AtomicFolder;
import dev.remit.app.Remit;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.endorsement.SevChainProof;
import dev.remit.endorsement.SevPlatform;
import dev.remit.identity.SevSession;
import dev.remit.platform.SevPolicy;
import dev.remit.report.Answer;
import dev.remit.report.Given;
import dev.remit.report.SessionReport;
import dev.remit.report.VerdictReport;
import dev.remit.trust.Appraiser;
import dev.remit.trust.Assessment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "session",
    description = {
      "Make the launch session for one start of one guest, on a platform whose chain is proven.",
      "Writes godh.b64 and session.b64, as <dhCert> and <session> take them, and the keys tik.bin"
          + " and tek.bin; tk.bin holds TEK and TIK for \"virt-qemu-sev-validate --tk\"."
    })
final class SessionCommand extends RemitCommand {
  @Mixin ChainOptions chain = new ChainOptions();
  @Mixin AnchorOptions roots = new AnchorOptions();
  @Mixin EndorsementOptions endorsementOptions = new EndorsementOptions();
  @Mixin SessionPolicyOptions policyOptions = new SessionPolicyOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Made for the session, readable by its owner only; never overwritten.")
  Path out = Path.of("");

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var policy = policyOptions.policy();
    var brought = endorsementOptions.read(remit.files());
    var proof = proof(remit, brought);
    // A platform that nobody wants is as bad as one that nobody proved.
    return switch (Appraiser.assess(proof, brought.machine())) {
      case Assessment.Satisfied satisfied -> made(proof, policy);
      case Assessment.Refused refused -> refused(refused);
      case Assessment.Undecided undecided -> refused(undecided);
    };
  }

  private SevChainProof proof(Remit remit, EndorsementOptions.Brought brought)
      throws Failure, BadInput {
    var certificates = chain.read(remit.files());
    try {
      return brought.prove(certificates, roots.anchors(remit.files()), remit::endorser);
    } catch (MalformedException malformed) {
      throw new IllegalStateException("what was read before is well-formed", malformed);
    }
  }

  private Answer made(SevChainProof proof, SevPolicy policy) throws Failure {
    return switch (proof) {
      case SevChainProof.Proven proven -> made(proven.platform(), policy);
      case SevChainProof.Broken broken -> throw unproven();
      case SevChainProof.Incomplete incomplete -> throw unproven();
      case SevChainProof.NotPinned notPinned -> throw unproven();
      case SevChainProof.OtherChip other -> throw unproven();
    };
  }

  private static IllegalStateException unproven() {
    return new IllegalStateException("no chain satisfies that was not proven");
  }

  private Answer refused(Assessment assessment) {
    say("no session was made: the platform is not proven");
    return VerdictReport.of(chain.name(), roots.simulated(), assessment);
  }

  private Answer made(SevPlatform platform, SevPolicy policy) throws Failure {
    try (var folder = AtomicFolder.draft(out);
        var session = SevSession.create(platform, policy, program.remit().entropy())) {
      folder.addBase64("godh.b64", session.godh());
      folder.addBase64("session.b64", session.blob());
      folder.add("tek.bin", session.tek());
      folder.add("tik.bin", session.tik());
      folder.add("tk.bin", session.tek(), session.tik());
      folder.publish();
      return SessionReport.of(session, out, given());
    }
  }

  private List<Given> given() {
    var given = new ArrayList<>(chain.given());
    given.addAll(policyOptions.given());
    return given;
  }
}
