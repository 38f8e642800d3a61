package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import java.util.Set;

/** Judges network cards, wherever they are described. */
final class NetworkCards {
  private static final Set<String> SMALL =
      Set.of(
          "virtio",
          "virtio-net",
          "virtio-net-pci",
          "virtio-net-ccw",
          "virtio-net-device",
          "virtio-non-transitional",
          "virtio-net-pci-non-transitional");

  private NetworkCards() {}

  /** What any card means. */
  static void check(Location at, Findings findings) {
    findings.add("NET-01", at, "a network card");
    findings.add("PROV-18", at, "a network on which the host can answer for a metadata service");
  }

  /** Whether little of QEMU stands behind a model. */
  static boolean isSmall(String model) {
    return SMALL.contains(model);
  }
}
