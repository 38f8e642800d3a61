package dev.remit.simulator;

import dev.remit.simulator.guest.Vmsa;
import dev.remit.simulator.identity.FirmwareVersion;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What kind of platform is simulated.
 *
 * @param qemu the real QEMU
 * @param version what the firmware is and says it is
 * @param vmsa what the kernel makes of the CPUs' registers
 * @param cekSigned whether the CEK is handed out with the signature of the ASK; no real host does
 */
public record Settings(Path qemu, FirmwareVersion version, Vmsa.Flavour vmsa, boolean cekSigned) {
  private static final Set<String> NAMES = Set.of("qemu", "api", "build", "vmsa", "cek");

  /** Throws {@link IllegalArgumentException} with a sentence where a name or value is unknown. */
  public static Settings of(Map<String, String> entries) {
    var unknown = new TreeSet<>(entries.keySet());
    unknown.removeAll(NAMES);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown setting " + unknown.first() + "; there are " + new TreeSet<>(NAMES));
    }
    return new Settings(
        Path.of(entries.getOrDefault("qemu", "/usr/bin/qemu-system-x86_64")),
        version(entries.getOrDefault("api", "1.55"), entries.getOrDefault("build", "40")),
        Vmsa.Flavour.valueOf(entries.getOrDefault("vmsa", "current").toUpperCase(Locale.ROOT)),
        cekSigned(entries.getOrDefault("cek", "signed")));
  }

  private static boolean cekSigned(String cek) {
    return switch (cek) {
      case "signed" -> true;
      case "unsigned" -> false;
      default -> throw new IllegalArgumentException("cek is signed or unsigned, not " + cek);
    };
  }

  private static FirmwareVersion version(String api, String build) {
    int dot = api.indexOf('.');
    if (dot < 0) {
      throw new IllegalArgumentException("an API version is MAJOR.MINOR, not " + api);
    }
    return new FirmwareVersion(
        Integer.parseInt(api.substring(0, dot)),
        Integer.parseInt(api.substring(dot + 1)),
        Integer.parseInt(build));
  }
}
