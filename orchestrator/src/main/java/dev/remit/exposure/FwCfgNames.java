package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import java.util.Set;

/** Judges files that a host puts into QEMU's firmware configuration, by their names. */
final class FwCfgNames {
  private static final Set<String> ROOT_SCRIPTS =
      Set.of(
          "opt/com.coreos/config",
          "opt/org.flatcar-linux/config",
          "opt/org.opensuse.combustion/script");

  private FwCfgNames() {}

  static void check(String name, Location at, Findings findings) {
    String found = "the fw_cfg file " + (name.length() > 100 ? name.substring(0, 100) : name);
    findings.add(entry(name), at, found);
  }

  private static String entry(String name) {
    if (ROOT_SCRIPTS.contains(name)) {
      return "PROV-10";
    } else if (name.startsWith("opt/io.systemd.credentials/")) {
      return "PROV-11";
    } else if (name.startsWith("opt/org.tianocore/") || name.startsWith("opt/ovmf/")) {
      return "FW-08";
    } else if (name.startsWith("etc/edk2/")) {
      return "FW-09";
    } else if (name.startsWith("etc/acpi/") || name.startsWith("etc/table-loader")) {
      return "FW-10";
    } else if (name.startsWith("etc/smbios/")) {
      return "FW-12";
    } else if (name.startsWith("etc/boot-") || name.equals("bootorder")) {
      return "FW-15";
    }
    return "PROV-12";
  }
}
