package dev.remit.simulator.processor;

/**
 * A reason for which SEV firmware refuses a command: its number (SEV API, "Status codes") and the
 * words that QEMU has for it.
 */
public enum FirmwareStatus {
  INVALID_PLATFORM_STATE(1, "Platform state is invalid"),
  INVALID_GUEST_STATE(2, "Guest state is invalid"),
  INVALID_CONFIG(3, "Platform configuration is invalid"),
  INVALID_LENGTH(4, "Buffer too small"),
  ALREADY_OWNED(5, "Platform is already owned"),
  INVALID_CERTIFICATE(6, "Certificate is invalid"),
  POLICY_FAILURE(7, "Policy is not allowed"),
  INACTIVE(8, "Guest is not active"),
  INVALID_ADDRESS(9, "Invalid address"),
  BAD_SIGNATURE(10, "Bad signature"),
  BAD_MEASUREMENT(11, "Bad measurement"),
  ASID_OWNED(12, "ASID is already owned"),
  INVALID_ASID(13, "Invalid ASID"),
  WBINVD_REQUIRED(14, "WBINVD is required"),
  DF_FLUSH_REQUIRED(15, "DF_FLUSH is required"),
  INVALID_GUEST(16, "Guest handle is invalid"),
  INVALID_COMMAND(17, "Invalid command"),
  ACTIVE(18, "Guest is active"),
  HARDWARE_ERROR(19, "Hardware error"),
  HARDWARE_UNSAFE(20, "Hardware unsafe"),
  UNSUPPORTED(21, "Feature not supported"),
  INVALID_PARAMETER(22, "Invalid parameter"),
  RESOURCE_LIMIT(23, "Required firmware resource depleted"),
  SECURE_DATA_INVALID(24, "Part-specific integrity check failure");

  private final int number;
  private final String words;

  FirmwareStatus(int number, String words) {
    this.number = number;
    this.words = words;
  }

  /** Throws {@link IllegalArgumentException} for a number without a meaning. */
  public static FirmwareStatus of(int number) {
    for (FirmwareStatus status : values()) {
      if (status.number == number) {
        return status;
      }
    }
    throw new IllegalArgumentException("firmware has no error " + number);
  }

  public int number() {
    return number;
  }

  public String words() {
    return words;
  }
}
