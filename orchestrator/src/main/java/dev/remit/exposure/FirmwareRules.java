package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import dev.remit.firmware.FirmwareImage;
import dev.remit.firmware.Flavour;

/** Rules over firmware, by what it declares that it can do. */
final class FirmwareRules {
  private FirmwareRules() {}

  static void check(FirmwareImage image, String file, Findings findings) {
    var at = new Location.InFile(file);
    if (image.hashTable().isEmpty()) {
      findings.add("POL-24", at, "no area for the hashes of a kernel");
    }
    if (image.secretArea().isEmpty()) {
      findings.add("POL-36", at, "no area for a launch secret");
    }
    if (image.flavour() != Flavour.AMD_SEV) {
      findings.add("FW-02", at, "the flavour is " + image.flavour().title());
    }
  }
}
