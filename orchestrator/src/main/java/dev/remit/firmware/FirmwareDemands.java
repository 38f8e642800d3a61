package dev.remit.firmware;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Location;
import dev.remit.platform.Protection;
import java.util.ArrayList;
import java.util.List;

/**
 * What a launch asks of a firmware image.
 *
 * @param directBoot a kernel is given beside the firmware and must be measured
 * @param secret a launch secret is injected
 */
public record FirmwareDemands(Protection protection, boolean directBoot, boolean secret) {
  private static final String TAKE_AMD_SEV =
      "take a build of OvmfPkg/AmdSev, for example of Debian's package ovmf-amdsev";

  /** Everything that the image lacks; empty where it fits. */
  public List<Diagnostic> unmetBy(FirmwareImage image, String file) {
    var place = new Location.InFile(file);
    String flavour = "firmware of the flavour " + image.flavour().title();
    var unmet = new ArrayList<Diagnostic>();
    if (directBoot
        && image.hashTable().filter(a -> a.size() >= FirmwareImage.HASH_TABLE_SIZE).isEmpty()) {
      unmet.add(
          Diagnostic.at(
              place,
              Code.NO_HASH_TABLE,
              flavour + " has no hash table",
              "without it the host could start any kernel, initrd and command line unmeasured",
              TAKE_AMD_SEV));
    }
    if (secret && image.secretArea().isEmpty()) {
      unmet.add(
          Diagnostic.at(
              place,
              Code.NO_SECRET_AREA,
              flavour + " has no secret area",
              "the secure processor needs a place in the guest's memory for a launch secret",
              TAKE_AMD_SEV));
    }
    if (needsResetAddress() && image.sevEsResetAddress().isEmpty()) {
      unmet.add(
          Diagnostic.at(
              place,
              Code.NO_RESET_BLOCK,
              "the firmware has no SEV-ES reset address",
              "under SEV-ES every vCPU but the first starts there, and QEMU refuses to start"
                  + " without it",
              "take a build of OVMF that supports SEV-ES"));
    }
    return List.copyOf(unmet);
  }

  /** For a file that {@link FirmwareImage#parse} does not take. */
  public static Diagnostic notFirmware(String file, MalformedException why) {
    return Diagnostic.at(
        new Location.InBytes(file, why.offset()),
        Code.NOT_FIRMWARE,
        "the file is not an OVMF image",
        String.valueOf(why.getMessage()),
        TAKE_AMD_SEV);
  }

  // QEMU asks for it whatever the number of vCPUs (hw/i386/pc_sysfw.c, x86_firmware_configure).
  private boolean needsResetAddress() {
    return switch (protection) {
      case SEV -> false;
      case SEV_ES -> true;
    };
  }
}
