package dev.remit.endorsement;

import java.util.Arrays;
import java.util.Optional;

/** What the key of a SEV certificate is for (SEV API, appendix C, "PUBKEY_USAGE"). */
public enum KeyUsage {
  /** AMD's root key. */
  ARK(0x0000),
  /** AMD's key for the chips of one generation. */
  ASK(0x0013),
  /** The key of whoever owns the platform. */
  OCA(0x1001),
  /** The platform's endorsement key. */
  PEK(0x1002),
  /** The platform's Diffie-Hellman key, with which a guest's owner agrees on a secret. */
  PDH(0x1003),
  /** The chip's endorsement key. */
  CEK(0x1004);

  private final int code;

  KeyUsage(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static Optional<KeyUsage> ofCode(long code) {
    return Arrays.stream(values()).filter(usage -> usage.code == code).findFirst();
  }
}
