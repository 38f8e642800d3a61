package dev.remit.adapter.libvirt;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a secure processor refuses a command of a launch, and what that means to an owner (SEV API,
 * "Status Codes"). QEMU prints the number as {@code fw_error=11}.
 */
enum FirmwareStatus {
  INVALID_PLATFORM_STATE(1, "the platform is not initialised", "have the host reload kvm_amd"),
  INVALID_GUEST_STATE(2, "the guest is not in the state that the command needs", "launch it again"),
  INVALID_CONFIG(
      3, "the platform is configured for something else", "have the host look at its SEV settings"),
  INVALID_LENGTH(
      4,
      "a certificate, session or packet has the wrong length",
      "launch again; if it stays, the host's QEMU or kernel is of another generation"),
  INVALID_CERTIFICATE(
      6,
      "the owner's certificate does not fit the platform's key",
      "plan again: the platform may have made a new PDH since"),
  POLICY_FAILURE(
      7,
      "the platform may not run a guest under this policy",
      "compare tee.policy with the host's firmware version, minApi above all"),
  INACTIVE(8, "the guest was not activated", "launch it again"),
  INVALID_ADDRESS(
      9,
      "an address given to the firmware is not where it should be",
      "have the host update QEMU and its kernel"),
  BAD_SIGNATURE(
      10, "a signature does not hold", "plan again: the platform may have made a new PDH since"),
  BAD_MEASUREMENT(
      11,
      "the session was made for another policy or another platform key than the launch has, or a"
          + " packet for another session",
      "plan again and launch the new plan; where it stays, the host changes the policy"),
  ASID_OWNED(12, "the address space identifier belongs to another guest", "launch it again"),
  INVALID_ASID(
      13,
      "there is no such address space identifier",
      "raise \"Minimum SEV non-ES ASID\" in the host's firmware setup for SEV-ES"),
  WBINVD_REQUIRED(14, "the host's caches must be flushed first", "launch it again"),
  DF_FLUSH_REQUIRED(15, "the data fabric must be flushed first", "launch it again"),
  INVALID_GUEST(16, "the firmware knows no such guest", "launch it again"),
  INVALID_COMMAND(
      17, "the firmware does not know the command", "have the host update its SEV firmware"),
  ACTIVE(18, "the guest is active already", "launch it again"),
  HARDWARE_ERROR_PLATFORM(
      19, "the secure processor had a hardware error", "have the host restart the machine"),
  HARDWARE_ERROR_UNSAFE(
      20,
      "the secure processor had a hardware error and is no longer safe to use",
      "use another machine"),
  UNSUPPORTED(
      21,
      "the secure processor does not support this",
      "choose a kind that the host has: see \"remit doctor\""),
  INVALID_PARAMETER(22, "a parameter is out of range", "have the host update QEMU and its kernel"),
  RESOURCE_LIMIT(23, "the secure processor has no room for another guest", "stop a guest"),
  SECURE_DATA_INVALID(
      24, "the secure processor's own data is damaged", "have the host reset the platform");

  private static final Pattern IN_TEXT = Pattern.compile("fw_error='?(\\d{1,9})\\b");

  private final int number;
  private final String meaning;
  private final String fix;

  FirmwareStatus(int number, String meaning, String fix) {
    this.number = number;
    this.meaning = meaning;
    this.fix = fix;
  }

  /** The status in a message of QEMU, where it has one of those listed here. */
  static Optional<FirmwareStatus> in(String text) {
    var matcher = IN_TEXT.matcher(text);
    return matcher.find()
        ? Arrays.stream(values())
            .filter(status -> status.number == Integer.parseInt(matcher.group(1)))
            .findFirst()
        : Optional.empty();
  }

  int number() {
    return number;
  }

  String meaning() {
    return meaning;
  }

  String fix() {
    return fix;
  }
}
