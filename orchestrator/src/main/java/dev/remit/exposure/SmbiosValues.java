package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import java.util.List;
import java.util.Locale;

/** Judges what a host writes into SMBIOS tables, from whose strings guests take orders. */
final class SmbiosValues {
  /** Beginnings that wake a data source of cloud-init (tools/ds-identify), in lower case. */
  private static final List<String> CLOUDS =
      List.of(
          "openstack",
          "cloudstack",
          "google",
          "exoscale",
          "cloudsigma",
          "digitalocean",
          "hetzner",
          "upcloud",
          "akamai",
          "linode",
          "nwcs",
          "vultr",
          "scaleway",
          "alibaba cloud",
          "tencent cloud",
          "amazon ec2",
          "e24cloud",
          "smartdc",
          "opentelekomcloud",
          "sap ccloud vm",
          "huaweicloud",
          "samsung cloud platform",
          "7783-7084-3265-9085-8269-3286-77");

  private SmbiosValues() {}

  /** A field of one of the tables, and FW-12 for its being there. */
  static void check(int type, String field, String value, Location at, Findings findings) {
    findings.add("FW-12", at, "SMBIOS type " + type + ", " + field);
    String lower = value.strip().toLowerCase(Locale.ROOT);
    if (lower.startsWith("ds=") || lower.contains("ds=nocloud")) {
      findings.add("PROV-13", at, "an SMBIOS " + field + " that names a data source");
    }
    if (type == 11) {
      checkOemString(lower, at, findings);
    }
    if (CLOUDS.stream().anyMatch(lower::startsWith)
        || lower.endsWith(".zstack.io")
        || lower.endsWith(".brightbox.com")) {
      findings.add("PROV-17", at, "an SMBIOS " + field + " of a cloud");
    }
    if (field.equals("uuid")) {
      checkUuid(value, at, findings);
    }
  }

  /** The UUID of a domain is the one in its SMBIOS tables. */
  static void checkUuid(String uuid, Location at, Findings findings) {
    if (uuid.toLowerCase(Locale.ROOT).startsWith("ec2")) {
      findings.add("PROV-17", at, "a UUID that starts as those of EC2");
    }
  }

  private static void checkOemString(String lower, Location at, Findings findings) {
    if (lower.startsWith("io.systemd.credential")) {
      findings.add("PROV-14", at, "a credential for systemd, hidden here");
    } else if (lower.startsWith("io.systemd.")) {
      findings.add("PROV-15", at, "an order to systemd's stub or boot loader");
    } else {
      findings.add("PROV-16", at, "an OEM string");
    }
  }
}
