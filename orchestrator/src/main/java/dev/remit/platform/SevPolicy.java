package dev.remit.platform;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;

/**
 * The guest policy of SEV and SEV-ES, 32 bits (SEV API, "Guest Policy").
 *
 * @param noDebug the host may not read or write guest memory by debug commands
 * @param noKeySharing the guest's key is not shared with another guest
 * @param encryptedState registers are encrypted too: SEV-ES
 * @param noSend the guest may not be sent to another platform
 * @param domain the guest may be sent only within its domain
 * @param sevOnly the guest may be sent only to a platform with SEV
 * @param minApiMajor lowest firmware API, 0 to 255
 * @param minApiMinor lowest firmware API, 0 to 255
 */
public record SevPolicy(
    boolean noDebug,
    boolean noKeySharing,
    boolean encryptedState,
    boolean noSend,
    boolean domain,
    boolean sevOnly,
    int minApiMajor,
    int minApiMinor) {
  private static final int RESERVED = 0x0000_ffc0;

  public SevPolicy {
    if ((minApiMajor | minApiMinor) >>> 8 != 0) {
      throw new IllegalArgumentException("an API version is two numbers from 0 to 255");
    }
  }

  /** Refuses reserved bits, 6 to 15: a bit that we drop is a bit that we do not check. */
  public static SevPolicy fromBits(int bits) throws MalformedException {
    if ((bits & RESERVED) != 0) {
      throw new MalformedException(0, "guest policy 0x%08x has reserved bits set".formatted(bits));
    }
    return new SevPolicy(
        (bits & 1) != 0,
        (bits & 1 << 1) != 0,
        (bits & 1 << 2) != 0,
        (bits & 1 << 3) != 0,
        (bits & 1 << 4) != 0,
        (bits & 1 << 5) != 0,
        bits >>> 16 & 0xff,
        bits >>> 24);
  }

  public int bits() {
    return (noDebug ? 1 : 0)
        | (noKeySharing ? 1 << 1 : 0)
        | (encryptedState ? 1 << 2 : 0)
        | (noSend ? 1 << 3 : 0)
        | (domain ? 1 << 4 : 0)
        | (sevOnly ? 1 << 5 : 0)
        | minApiMajor << 16
        | minApiMinor << 24;
  }

  /** The four bytes that enter every MAC. */
  public Bytes toBytes() {
    return Bytes.le32(bits());
  }

  /** The oldest firmware interface under which the processor starts this guest. */
  public ApiVersion minApi() {
    return new ApiVersion(minApiMajor, minApiMinor);
  }

  public Protection protection() {
    return encryptedState ? Protection.SEV_ES : Protection.SEV;
  }

  @Override
  public String toString() {
    return "0x%08x".formatted(bits());
  }
}
