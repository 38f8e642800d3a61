package dev.remit.exposure;

import dev.remit.exposure.ImageRules.Spot;
import dev.remit.image.FileTree;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Rules over initial RAM disks, which a host reads even where it cannot change them. */
final class InitrdRules {
  private static final Pattern CREDENTIAL = Pattern.compile("(?:.*/)?([^/]+)\\.cred");
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(?:passw|wireguard.*private|token|secret|\\bkey\\b|private|ssh\\.).*");

  /** Who takes a secret from the platform or from a key broker. */
  private static final Pattern CONSUMER =
      Pattern.compile(
          ".*(?:efi_secret|attestation-agent|confidential-data-hub|kbs|tdx_guest|sev-guest|snpguest"
              + "|trustee).*");

  private InitrdRules() {}

  static void check(FileTree files, Spot spot) {
    boolean consumes = false;
    for (var entry : files.entries()) {
      String path = BootFiles.low(entry);
      consumes |=
          CONSUMER.matcher(path).matches()
              || entry
                  .content()
                  .filter(content ->
                      new String(content.toArray(), StandardCharsets.ISO_8859_1)
                          .matches("(?s).*(?:efi_secret|secrets/coco).*"))
                  .isPresent();
      var credential = CREDENTIAL.matcher(path);
      if (credential.matches() && SECRET_NAME.matcher(credential.group(1)).matches()) {
        spot.add("PROV-38", "the credential " + entry.path());
      }
      GuestFiles.checkKeys(entry, path, spot);
      GuestFiles.checkResume(entry, path, spot);
      ServiceFiles.check(entry, path, spot);
    }
    if (!consumes && !files.entries().isEmpty()) {
      spot.add("PROV-40", "an initrd in which nothing takes a secret from the platform");
    }
  }
}
