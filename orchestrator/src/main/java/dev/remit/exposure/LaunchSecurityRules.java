package dev.remit.exposure;

import java.util.Optional;
import java.util.Set;

/** What a domain's document says of its protection. */
final class LaunchSecurityRules {
  private LaunchSecurityRules() {}

  static void check(XmlElement domain, Set<Technology> used, Findings findings) {
    var found = domain.find("launchSecurity");
    if (found.isEmpty()) {
      findings.add("POL-01", domain.at(), "a domain without launchSecurity");
      checkKernel(domain, Optional.empty(), used, findings);
      return;
    }
    var security = found.get();
    switch (security.attribute("type")) {
      case "sev" -> checkSev(security, findings);
      case "sev-snp" -> checkSnp(security, findings);
      case "tdx" -> checkTdx(security, findings);
      case "s390-pv" -> checkSecureExecution(domain, findings);
      default ->
          findings.add(
              "POL-01",
              security.at("type"),
              "launchSecurity of the unknown type " + security.attribute("type"));
    }
    checkKernel(domain, found, used, findings);
  }

  private static void checkSev(XmlElement security, Findings findings) {
    var policy = security.find("policy").orElse(security);
    LaunchPolicy.checkSev(text(security, "policy"), policy.atText(), findings);
    for (String part : new String[] {"dhCert", "session"}) {
      if (text(security, part).isEmpty()) {
        findings.add("POL-17", security.at(), "launchSecurity without " + part);
      }
    }
  }

  private static void checkSnp(XmlElement security, Findings findings) {
    var policy = security.find("policy").orElse(security);
    LaunchPolicy.checkSnp(text(security, "policy"), policy.atText(), findings);
    if (text(security, "idBlock").isEmpty() || text(security, "idAuth").isEmpty()) {
      findings.add("POL-26", security.at(), "launchSecurity without idBlock and idAuth");
    } else if (!security.is("authorKey", "yes")) {
      findings.add("POL-26", security.at("authorKey"), "an ID block without an author key");
    }
    var hostData = security.find("hostData").orElse(security);
    LaunchPolicy.checkBound(
        text(security, "hostData"), 32, "hostData", hostData.atText(), findings);
  }

  private static void checkTdx(XmlElement security, Findings findings) {
    var policy = security.find("policy").orElse(security);
    LaunchPolicy.checkTdx(
        security.contains("policy") ? text(security, "policy") : "0", policy.atText(), findings);
    var config = security.find("mrConfigId").orElse(security);
    LaunchPolicy.checkBound(
        text(security, "mrConfigId"), 48, "mrConfigId", config.atText(), findings);
    security
        .children("quoteGenerationService")
        .forEach(service ->
            findings.add("DEV-34", service.at(), "quotes come from a service of the host"));
  }

  private static void checkSecureExecution(XmlElement domain, Findings findings) {
    boolean unpacks =
        domain
                .find("cpu")
                .map(cpu -> cpu.is("mode", "host-model", "host-passthrough", "maximum"))
                .orElse(false)
            || domain.find("cpu").stream()
                .flatMap(cpu -> cpu.children("feature"))
                .anyMatch(feature ->
                    feature.is("name", "unpack") && !feature.is("policy", "disable", "forbid"));
    if (!unpacks) {
      findings.add(
          "POL-42",
          domain.find("cpu").orElse(domain).at(),
          "a processor without the facility unpack");
    }
  }

  private static String text(XmlElement parent, String child) {
    return parent.find(child).map(XmlElement::text).orElse("");
  }

  private static void checkKernel(
      XmlElement domain, Optional<XmlElement> security, Set<Technology> used, Findings findings) {
    var os = domain.find("os").orElse(domain);
    var kernel = os.find("kernel");
    if (kernel.isEmpty()) {
      findings.add("FW-24", os.at(), "no kernel beside the firmware that would be measured");
      return;
    }
    boolean hashes = security.map(element -> element.is("kernelHashes", "yes")).orElse(false);
    // TDX measures a kernel by itself; that of Secure Execution is encrypted and verified.
    boolean needsHashes =
        used.contains(Technology.SEV)
            || used.contains(Technology.SEV_ES)
            || used.contains(Technology.SEV_SNP);
    if (!hashes && needsHashes) {
      findings.add("POL-23", kernel.get().at(), "a kernel without kernelHashes=\"yes\"");
      findings.add("FW-21", kernel.get().at(), "a kernel that nothing binds");
    } else if (hashes) {
      for (String part : new String[] {"initrd", "cmdline"}) {
        if (!os.contains(part)) {
          findings.add("POL-25", kernel.get().at(), "kernel hashes, and no " + part);
        }
      }
    }
  }
}
