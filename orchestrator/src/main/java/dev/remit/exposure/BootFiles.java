package dev.remit.exposure;

import dev.remit.diagnostic.HostText;
import dev.remit.exposure.ImageRules.Spot;
import dev.remit.image.FileTree;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules over file systems from which a firmware or a boot loader starts a system. */
final class BootFiles {
  private static final Pattern KERNEL =
      Pattern.compile(
          "(?:boot/)?(?:vmlinu[xz][^/]*|initr(?:d|amfs)[^/]*|bzimage[^/]*|grub2?/grub(?:env|\\.cfg)"
              + "|loader/entries/[^/]+\\.conf|syslinux/.*|extlinux/.*|isolinux/.*)"
              + "|efi/.+\\.(?:efi|cfg|conf)|loader/(?:loader\\.conf|entries/.+)");

  /**
   * What else belongs on the partition of a firmware, the Boot Loader Specification's files too.
   */
  private static final Pattern ON_ESP =
      Pattern.compile(
          "(?:efi|loader|system volume information|[0-9a-f]{32})/.*|[^/]+\\.(?:efi|nsh|dtb)"
              + "|linux|ubuntu/.*");

  private static final Pattern SIDECAR =
      Pattern.compile(
          ".*\\.(?:cred|addon\\.efi|sysext\\.raw|confext\\.raw)|loader/credentials/.+"
              + "|loader/loader\\.conf|loader/entries/.+\\.conf");

  private static final List<String> OF_A_SYSTEM = List.of("etc/", "usr/", "bin/", "var/");

  private static final int MOST = 20;

  private BootFiles() {}

  /** Whether somebody boots from it and it is not the root. */
  static boolean isBoot(FileTree files) {
    return files.entries().stream().anyMatch(entry -> KERNEL.matcher(low(entry)).matches())
        && files.entries().stream()
            .noneMatch(entry -> OF_A_SYSTEM.stream().anyMatch(low(entry)::startsWith));
  }

  /** The first file for which a firmware's partition is not there. */
  static Optional<HostText> firstOther(FileTree files) {
    return files.entries().stream()
        .filter(entry -> entry.kind() == FileTree.Kind.FILE && entry.size() > 0)
        .filter(entry -> !KERNEL.matcher(low(entry)).matches())
        .filter(entry -> !ON_ESP.matcher(low(entry)).matches())
        .map(FileTree.Entry::path)
        .findFirst();
  }

  static void check(FileTree files, boolean esp, Spot spot) {
    files.entries().stream()
        .filter(entry -> entry.kind() == FileTree.Kind.FILE)
        .filter(entry -> KERNEL.matcher(low(entry)).matches())
        .findFirst()
        .ifPresent(entry -> spot.add("FW-24", "the file " + entry.path()));
    boolean boot = esp || files.entries().stream().anyMatch(entry -> low(entry).startsWith("efi/"));
    if (boot) {
      files.entries().stream()
          .filter(entry -> entry.kind() == FileTree.Kind.FILE)
          .filter(entry -> SIDECAR.matcher(low(entry)).matches())
          .limit(MOST)
          .forEach(entry -> spot.add("PROV-37", "the file " + entry.path()));
    }
    for (var entry : files.entries()) {
      if (low(entry).endsWith("ignition.firstboot")) {
        spot.add("PROV-29", "a first boot by Ignition is due: " + entry.path());
      }
    }
  }

  static String low(FileTree.Entry entry) {
    return entry.path().raw().toLowerCase(Locale.ROOT);
  }
}
