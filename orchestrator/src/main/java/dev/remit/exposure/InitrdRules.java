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
              + "|trustee|lib/remit/secret-from-).*");

  // Lines end where a shell ends them (d). An attempt at each carriage return would read on through
  // all the others.

  /** Without what is only said: the lines of scripts that are comments. */
  private static final Pattern CONSUMER_IN_SCRIPT =
      Pattern.compile("(?md)^(?![ \\t]*#).*(?:efi_secret|secrets/coco)");

  private static final Pattern SPOKEN_PASSPHRASE =
      Pattern.compile(
          "(?md)^(?![ \\t]*#)[^\\n]*?\\b(?:echo|printf)\\b[^|$`\\n]{1,256}\\|[ \\t]*cryptsetup\\b");

  private static final Pattern PASSWORD_HASH =
      Pattern.compile("\"passwordHash\"\\s{0,8}:\\s{0,8}\"\\$");

  private InitrdRules() {}

  static void check(FileTree files, Spot spot) {
    boolean consumes = false;
    for (var entry : files.entries()) {
      String path = BootFiles.low(entry);
      String text =
          entry
              .content()
              .filter(content -> entry.kind() == FileTree.Kind.FILE)
              .map(content -> new String(content.toArray(), StandardCharsets.ISO_8859_1))
              .orElse("");
      consumes |= CONSUMER.matcher(path).matches() || isConsumer(text);
      var credential = CREDENTIAL.matcher(path);
      if (credential.matches() && SECRET_NAME.matcher(credential.group(1)).matches()) {
        spot.add("PROV-38", "the credential " + entry.path());
      }
      secrets(entry, text, spot);
      if (path.startsWith("etc/cmdline.d/") || path.equals("etc/cmdline")) {
        spot.commandLine(text.strip());
      }
      GuestFiles.checkAccounts(entry, path, spot);
      GuestFiles.checkKeys(entry, path, spot);
      GuestFiles.checkResume(entry, path, spot);
      ServiceFiles.check(entry, path, spot);
    }
    if (!consumes && !files.entries().isEmpty()) {
      spot.add("PROV-40", "an initrd in which nothing takes a secret from the platform");
    }
  }

  private static boolean isConsumer(String text) {
    return (text.contains("efi_secret") || text.contains("secrets/coco"))
        && CONSUMER_IN_SCRIPT.matcher(text).find();
  }

  private static void secrets(FileTree.Entry entry, String text, Spot spot) {
    LiteralSecrets.in(text)
        .ifPresent(what -> spot.add("ORCH-01", "the file " + entry.path() + " with " + what));
    // A search for a text is much faster than one for a pattern.
    if (text.contains("\"passwordHash\"") && PASSWORD_HASH.matcher(text).find()) {
      spot.add("ORCH-01", "the file " + entry.path() + " with the hash of a password");
    }
    if (text.contains("cryptsetup") && SPOKEN_PASSPHRASE.matcher(text).find()) {
      spot.add("DISK-09", "the passphrase of a disk in the file " + entry.path());
    }
  }
}
