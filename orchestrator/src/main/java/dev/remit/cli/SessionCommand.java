package dev.remit.cli;

import dev.remit.adapter.host.AtomicFolder;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.endorsement.SevChainProof;
import dev.remit.endorsement.SevChainProver;
import dev.remit.endorsement.SevPlatform;
import dev.remit.identity.SevSession;
import dev.remit.platform.SevPolicy;
import dev.remit.report.Answer;
import dev.remit.report.Given;
import dev.remit.report.SessionReport;
import dev.remit.report.VerdictReport;
import dev.remit.trust.Appraiser;
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
    var anchors = roots.anchors(remit.files());
    var proof = SevChainProver.prove(chain.read(remit.files()), anchors);
    return switch (proof) {
      case SevChainProof.Proven proven -> made(proven.platform(), policy);
      case SevChainProof.Broken broken -> refused(broken);
      case SevChainProof.Incomplete incomplete -> refused(incomplete);
      case SevChainProof.NotPinned notPinned -> refused(notPinned);
      case SevChainProof.OtherChip other -> refused(other);
    };
  }

  private Answer refused(SevChainProof proof) {
    say("no session was made: the platform's chain is not proven");
    return VerdictReport.of(chain.name(), roots.simulated(), Appraiser.assess(proof));
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
