package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import java.util.Locale;
import java.util.Set;

/** Judges where the content of a disk comes from. */
final class SourceNames {
  private static final Set<String> PLAIN = Set.of("http", "ftp", "tftp");
  private static final Set<String> GUARDED = Set.of("https", "ftps", "ssh");

  private SourceNames() {}

  /** DISK-17 and DISK-23. */
  static void checkProtocol(String protocol, boolean tls, Location at, Findings findings) {
    if (!tls && !GUARDED.contains(protocol)) {
      findings.add("DISK-17", at, "a disk over " + protocol + " without TLS");
    }
    if (PLAIN.contains(protocol)) {
      findings.add("DISK-23", at, "a disk fetched over " + protocol);
    }
  }

  /** PROV-28: where KubeVirt keeps what it made disks of; DISK-24: devices of the host. */
  static void checkPath(String path, Location at, Findings findings) {
    if (path.contains("/kubevirt-private/")
        || path.contains("/kubevirt-ephemeral-disks/cloud-init-data/")
        || path.contains("/kubevirt-ephemeral-disks/container-disk-data/")
        || path.contains("/container-disks/")) {
      findings.add("PROV-28", at, "a disk that KubeVirt made of a volume");
    }
    // A set of descriptors is a name that QEMU has for files that somebody opened for it.
    if (path.startsWith("/dev/") && !path.startsWith("/dev/fdset/")) {
      findings.add("DISK-24", at, "a device of the host, " + path);
    }
  }

  /** PROV-09. */
  static void checkSerial(String serial, Location at, Findings findings) {
    if (serial.strip().toLowerCase(Locale.ROOT).equals("ignition")) {
      findings.add("PROV-09", at, "a disk with the serial " + serial);
    }
  }

  /** DEV-35. */
  static void checkEmulator(String path, Location at, Findings findings) {
    int slash = path.lastIndexOf('/') + 1;
    String folder = path.substring(0, slash);
    String name = path.substring(slash);
    boolean usual =
        Set.of("", "/usr/bin/", "/usr/libexec/", "/bin/", "/usr/lib/qemu/").contains(folder)
            && (name.startsWith("qemu-system-") || name.equals("qemu-kvm") || name.equals("kvm"));
    if (!usual) {
      findings.add("DEV-35", at, "an emulator that no distribution installs there, " + path);
    }
  }
}
