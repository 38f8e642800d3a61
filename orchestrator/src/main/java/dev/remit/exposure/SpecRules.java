package dev.remit.exposure;

import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import dev.remit.spec.Spec;

/**
 * Rules over what a spec says by itself. Most of the catalogue cannot be written in one: what
 * remains is what the owner must know, or must have acknowledged.
 */
public final class SpecRules {
  private static final ApiVersion NO_FLOOR = new ApiVersion(0, 0);

  private SpecRules() {}

  /**
   * Adds what a spec shows of the catalogue.
   *
   * @param document the place of the whole document, where the spec keeps no closer one
   */
  public static void check(Spec spec, Location document, Findings findings) {
    policy(spec, document, findings);
    for (var disk : spec.disks()) {
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

  private static void policy(Spec spec, Location document, Findings findings) {
    SevPolicy policy = spec.tee().policy();
    if (spec.tee().protection() == Protection.SEV) {
      findings.add("POL-03", document, "tee.kind is sev");
    }
    findings.add("POL-04", document, "tee.kind is " + spec.tee().protection().id());
    findings.add("HOST-14", document, "tee.kind is " + spec.tee().protection().id());
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
