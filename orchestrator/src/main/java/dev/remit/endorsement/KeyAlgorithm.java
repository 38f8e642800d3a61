package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/** What a key does, and with which hash (SEV API, appendix C, "PUBKEY_ALGO"). */
public enum KeyAlgorithm {
  RSA_SHA256(0x001, "RSA-PSS with SHA-256", "SHA-256"),
  ECDSA_SHA256(0x002, "ECDSA with SHA-256", "SHA-256"),
  ECDH_SHA256(0x003, "ECDH with SHA-256", "SHA-256"),
  RSA_SHA384(0x101, "RSA-PSS with SHA-384", "SHA-384"),
  ECDSA_SHA384(0x102, "ECDSA with SHA-384", "SHA-384"),
  ECDH_SHA384(0x103, "ECDH with SHA-384", "SHA-384");

  private final int code;
  private final String title;
  private final String hash;

  KeyAlgorithm(int code, String title, String hash) {
    this.code = code;
    this.title = title;
    this.hash = hash;
  }

  public String title() {
    return title;
  }

  int code() {
    return code;
  }

  /** 32 bytes or 48. */
  Bytes digest(Bytes message) {
    try {
      var digest = MessageDigest.getInstance(hash, "SUN");
      message.updateInto(digest);
      return Bytes.copyOf(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + hash, e);
    }
  }

  boolean ecdsa() {
    return this == ECDSA_SHA256 || this == ECDSA_SHA384;
  }

  boolean ecdh() {
    return this == ECDH_SHA256 || this == ECDH_SHA384;
  }

  static Optional<KeyAlgorithm> ofCode(long code) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.code == code).findFirst();
  }
}
