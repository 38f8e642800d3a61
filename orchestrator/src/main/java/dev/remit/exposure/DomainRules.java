package dev.remit.exposure;

import java.util.EnumSet;
import java.util.Set;

/** The catalogue over a domain's document. */
public final class DomainRules {
  private static final Set<String> EMULATED = Set.of("kvm", "qemu");

  private DomainRules() {}

  /** What the document asks for; everything where it asks for nothing that is known. */
  public static Set<Technology> technologies(DomainXml document) {
    return document
        .root()
        .find("launchSecurity")
        .map(DomainRules::technologies)
        .orElseGet(() -> EnumSet.allOf(Technology.class));
  }

  private static Set<Technology> technologies(XmlElement security) {
    return switch (security.attribute("type")) {
      case "sev" ->
          EnumSet.of(
              LaunchPolicy.sevTechnology(security.find("policy").map(XmlElement::text).orElse("")));
      case "sev-snp" -> EnumSet.of(Technology.SEV_SNP);
      case "tdx" -> EnumSet.of(Technology.TDX);
      case "s390-pv" -> EnumSet.of(Technology.S390_PV);
      default -> EnumSet.allOf(Technology.class);
    };
  }

  /** Finds what is there and what is missing, in the order of the document. */
  public static void check(DomainXml document, Findings findings) {
    var root = document.root();
    if (!EMULATED.contains(root.attribute("type"))) {
      // Containers and other hypervisors: their documents mean other things by the same names.
      findings.add(
          "POL-01",
          root.at("type"),
          "a domain of the type " + root.attribute("type") + ", for which there is no protection");
      return;
    }
    var unsorted = new Findings();
    var used = technologies(document);
    ConsideredElements.check(root, unsorted);
    LaunchSecurityRules.check(root, used, unsorted);
    BootRules.check(root, used, unsorted);
    MachineRules.check(root, used, unsorted);
    DeviceRules.check(root, used, unsorted);
    findings.addSorted(unsorted);
  }
}
