package dev.remit.exposure;

import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import dev.remit.provisioning.SealedVolume;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Spec;
import java.util.List;
import java.util.Set;

/**
 * Rules over what a spec says by itself. Most of the catalogue cannot be written in one: what
 * remains is what the owner must know, or must have acknowledged.
 */
public final class SpecRules {
  private static final ApiVersion NO_FLOOR = new ApiVersion(0, 0);

  private SpecRules() {}

  /** What keeps a spec from being launched, before any file that it names is opened. */
  public static List<Diagnostic> problems(Spec spec) {
    var findings = Findings.about(Set.of(Technology.of(spec.tee().protection())));
    check(spec, findings);
    var judgement = new OwnJudgement(spec.tee().protection(), spec.acknowledgments());
    judgement.judge(findings.all());
    return judgement.problems();
  }

  /** Adds what a spec shows and its owner did not acknowledge. */
  static void checkOpen(Spec spec, Findings findings) {
    var all = Findings.about(Set.of(Technology.of(spec.tee().protection())));
    check(spec, all);
    var judgement = new OwnJudgement(spec.tee().protection(), spec.acknowledgments());
    all.all().stream().filter(finding -> !judgement.isTaken(finding)).forEach(findings::add);
  }

  /** Adds what a spec shows of the catalogue, its command line included. */
  public static void check(Spec spec, Findings findings) {
    var document = document(spec);
    KernelCommandLineRules.check(spec.boot().cmdline(), TextPlace.whole(document), findings);
    policy(spec, document, findings);
    for (var disk : spec.disks()) {
      if (disk.name().equals(SealedVolume.NAME)) {
        continue; // the guest compares the whole volume with the digest in its measured initrd
      }
      // The header says whether blocks are authenticated; luks2-guest itself does not.
      findings.add("DISK-05", disk.at(), "disk " + disk.name() + " is protection luks2-guest");
      findings.add("DISK-06", disk.at(), "disk " + disk.name() + " keeps what the guest writes");
    }
    switch (spec.devices().console()) {
      case NONE -> {}
      case SERIAL -> findings.addLesser("DEV-07", document, "devices.console is serial");
    }
    if (spec.trust().generations().contains(Generation.NAPLES)) {
      findings.addLesser("POL-43", document, "trust.generations names naples");
    }
    spec.labels()
        .forEach((key, value) -> {
          NamedText.check("metadata.labels." + new HostText(key), key, document, findings);
          NamedText.check("metadata.labels." + new HostText(key), value, document, findings);
        });
  }

  /** Adds what the place of a launch shows: the owner's own machine is no place for a proof. */
  public static void checkHost(Spec spec, HostSpec host, Findings findings) {
    if (host.isLocal()) {
      findings.add("ORCH-05", document(spec), "host " + host.name() + " is this machine");
    }
  }

  /** A spec keeps the places of few things; the others are in the document as a whole. */
  private static Location document(Spec spec) {
    return new Location.InFile(spec.boot().firmware().at().file());
  }

  private static void policy(Spec spec, Location document, Findings findings) {
    SevPolicy policy = spec.tee().policy();
    if (spec.tee().protection() == Protection.SEV) {
      findings.add("POL-03", document, "tee.kind is sev");
    }
    if (!policy.noKeySharing()) {
      findings.addLesser("POL-10", document, "tee.policy.keySharing is true");
    }
    if (!policy.noSend()) {
      findings.addLesser("POL-11", document, "tee.policy.migration is true");
    }
    if (policy.minApi().equals(NO_FLOOR)) {
      findings.add("POL-16", document, "tee.policy.minApi is 0.0");
    }
  }
}
