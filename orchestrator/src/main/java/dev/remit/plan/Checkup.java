package dev.remit.plan;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.HostText;
import dev.remit.endorsement.CekAnswer;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.endorsement.SevEndorser;
import dev.remit.root.Anchors;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a host can do for a launch, point by point. Claims of the host throughout. */
public final class Checkup {
  private Checkup() {}

  /** How one point came out. */
  public enum Outcome {
    PASS,
    FAIL,
    SKIP
  }

  /**
   * One point.
   *
   * @param found what was seen
   * @param fix what to do about a failure; empty otherwise
   */
  public record Finding(String point, Outcome outcome, String found, String fix) {
    public Finding {
      point = HostText.line(point);
      found = HostText.line(found);
      fix = HostText.line(fix);
    }

    public static Finding pass(String point, String found) {
      return new Finding(point, Outcome.PASS, found, "");
    }

    public static Finding fail(String point, String found, String fix) {
      return new Finding(point, Outcome.FAIL, found, fix);
    }

    public static Finding skip(String point, String found) {
      return new Finding(point, Outcome.SKIP, found, "");
    }
  }

  /** All points of a host that answers. */
  public static List<Finding> of(HostFacts facts, Anchors anchors, SevEndorser endorser) {
    var findings = new ArrayList<Finding>();
    findings.add(Finding.pass("libvirt", facts.libvirt()));
    findings.add(Finding.pass("QEMU", facts.qemu() + ", machine " + facts.machine()));
    findings.add(
        facts.kvm()
            ? Finding.pass("KVM", "domains can run under KVM")
            : Finding.fail(
                "KVM",
                "no domain can run under KVM",
                "load kvm_amd and see that /dev/kvm is there; a simulated host does without"));
    if (facts.sev().isEmpty()) {
      findings.add(
          Finding.fail(
              "SEV",
              "libvirt does not list it",
              "turn SEV on in the firmware setup, boot with kvm_amd.sev=1, update QEMU"));
      findings.add(Finding.skip("SEV-ES", "no SEV"));
      findings.add(Finding.skip("platform chain", "no SEV"));
      return List.copyOf(findings);
    }
    var sev = facts.sev().get();
    findings.add(
        Finding.pass(
            "SEV",
            "C-bit %d, %d address bits less".formatted(sev.cbitpos(), sev.reducedPhysBits())));
    findings.add(
        sev.es()
            ? Finding.pass("SEV-ES", "guests can be started")
            : Finding.fail(
                "SEV-ES",
                "no address space identifiers are set aside for it",
                "raise \"Minimum SEV non-ES ASID\" in the firmware setup"));
    findings.add(chain(sev, anchors, endorser));
    return List.copyOf(findings);
  }

  private static Finding chain(HostFacts.Sev sev, Anchors anchors, SevEndorser endorser) {
    SevChain chain;
    try {
      chain = SevChain.of(sev.pdh(), sev.certChain());
    } catch (MalformedException malformed) {
      return Finding.fail(
          "platform chain",
          String.valueOf(malformed.getMessage()),
          "have the host's owner look at \"sevctl verify\"");
    }
    return switch (endorser.prove(chain, sev.chip(), Set.of(), anchors)) {
      case SevChainProof.Proven proven ->
          Finding.pass(
              "platform chain",
              "proven to the "
                  + proven.platform().anchor().origin()
                  + proven
                      .chip()
                      .endorsement()
                      .map(found -> ", the signed CEK from " + found.voucher())
                      .orElse(""));
      case SevChainProof.Incomplete incomplete ->
          Finding.fail(
              "platform chain",
              "the CEK carries no signature of AMD"
                  + incomplete.chip().lacking().map(why -> "; " + why.reason()).orElse(""),
              incomplete.chip().lacking().map(CekAnswer.NotHad::fix).orElse("see the chain")
                  + "; launches stay undecided until then, see \"remit explain E-002\"");
      case SevChainProof.OtherChip other ->
          Finding.fail(
              "platform chain",
              "another CEK than that of " + other.found(),
              "see \"remit explain E-003\"");
      case SevChainProof.Broken broken ->
          Finding.fail(
              "platform chain", "a signature does not hold", "see \"remit explain E-001\"");
      case SevChainProof.NotPinned notPinned ->
          Finding.fail(
              "platform chain",
              "another " + notPinned.which() + " than the pinned one",
              "see \"remit explain R-002\"");
    };
  }
}
