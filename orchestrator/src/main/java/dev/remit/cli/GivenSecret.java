package dev.remit.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;

/** A secret that an option names: the GUID by which the guest finds it, and the file it is in. */
record GivenSecret(UUID guid, Path file) {
  /** What GRUB and Linux look for as the key of the disk (edk2, OvmfPkg/AmdSev). */
  private static final UUID LUKS_KEY = UUID.fromString("736869e5-84f0-4973-92ec-06879ce3da0b");

  private static final Pattern FORM =
      Pattern.compile("(luks-key|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}):(.+)");

  static GivenSecret read(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("write GUID:FILE, or luks-key:FILE for the key of a disk");
    }
    try {
      return new GivenSecret(
          parts.group(1).equals("luks-key") ? LUKS_KEY : UUID.fromString(parts.group(1)),
          Path.of(parts.group(2)));
    } catch (InvalidPathException noPath) {
      throw new IllegalArgumentException("what follows the GUID is the path of a file");
    }
  }
}
