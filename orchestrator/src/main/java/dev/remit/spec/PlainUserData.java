package dev.remit.spec;

import dev.remit.spec.YamlTree.Spot;
import dev.remit.spec.YamlTree.Style;
import java.util.Locale;
import java.util.Set;

/** The words by which people are used to ask for user data on a medium that the host makes. */
final class PlainUserData {
  /** As the exposure catalogue has it under the same id. */
  static final String WHY =
      "PROV-01: the host reads every password and key on such a medium, and what it writes there"
          + " the guest does as root";

  static final String FIX =
      "write provisioning: {mode: sealed, userData: FILE}, and let \"remit seal\" encrypt it for"
          + " the proven guest alone";

  /** In lower case, without anything between letters. */
  private static final Set<String> WORDS =
      Set.of(
          "cloudinit",
          "cloudconfig",
          "nocloud",
          "configdrive",
          "config2",
          "cidata",
          "seediso",
          "ignition",
          "combustion",
          "networkdata",
          "networkconfig",
          "userdata",
          "vendordata");

  private PlainUserData() {}

  /** Whether what stands under such a key can be the name of a file, and is not the text itself. */
  static boolean isName(Spot spot) {
    return spot.style() != Style.COLLECTION
        && !spot.text().startsWith("#")
        && spot.text().lines().count() <= 1;
  }

  static boolean isAskedForBy(String word) {
    return WORDS.contains(word.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""));
  }
}
