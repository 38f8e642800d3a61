package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.math.BigInteger;

/**
 * A certificate of AMD's own keys, ARK or ASK, in the binary form before X.509 (SEV API, appendix
 * B, "AMD Signing Key certificate").
 */
public final class CaCertificate {
  private static final int VERSION = 1;
  private static final int ID_SIZE = 16;
  private static final int EXPONENT = 65537;

  private final Bytes raw;
  private final KeyUsage usage;
  private final Bytes keyId;
  private final Bytes certifyingId;
  private final BigInteger modulus;
  private final Bytes signature;

  private CaCertificate(
      Bytes raw,
      KeyUsage usage,
      Bytes keyId,
      Bytes certifyingId,
      BigInteger modulus,
      Bytes signature) {
    this.raw = raw;
    this.usage = usage;
    this.keyId = keyId;
    this.certifyingId = certifyingId;
    this.modulus = modulus;
    this.signature = signature;
  }

  /** Reads 832 bytes with a key of 2048 bits, or 1600 with one of 4096. */
  public static CaCertificate parse(Bytes raw) throws MalformedException {
    var reader = raw.reader();
    if (reader.u32le() != VERSION) {
      throw new MalformedException(0, "a CA certificate is of version 1");
    }
    var keyId = reader.bytes(ID_SIZE);
    var certifyingId = reader.bytes(ID_SIZE);
    int usageAt = reader.position();
    var usage =
        KeyUsage.ofCode(reader.u32le())
            .filter(known -> known == KeyUsage.ARK || known == KeyUsage.ASK)
            .orElseThrow(() -> new MalformedException(usageAt, "the key is no ARK or ASK"));
    reader.zeros(16, "the reserved field");
    int bitsAt = reader.position();
    long exponentBits = reader.u32le();
    long modulusBits = reader.u32le();
    if (modulusBits != exponentBits || (modulusBits != 2048 && modulusBits != 4096)) {
      throw new MalformedException(bitsAt, "exponent and modulus have 2048 bits each, or 4096");
    }
    int size = (int) modulusBits / 8;
    int exponentAt = reader.position();
    if (!SignatureVerifier.unsigned(reader.bytes(size)).equals(BigInteger.valueOf(EXPONENT))) {
      throw new MalformedException(exponentAt, "the exponent is 65537");
    }
    int modulusAt = reader.position();
    var modulus = SignatureVerifier.unsigned(reader.bytes(size));
    if (modulus.bitLength() != modulusBits || !modulus.testBit(0)) {
      throw new MalformedException(
          modulusAt, "the modulus is an odd number of " + modulusBits + " bits");
    }
    var signature = reader.bytes(size);
    reader.end();
    return new CaCertificate(raw, usage, keyId, certifyingId, modulus, signature);
  }

  public Bytes raw() {
    return raw;
  }

  /** What the signature covers: all that stands before it. */
  public Bytes body() {
    return raw.slice(0, raw.size() - signature.size());
  }

  public KeyUsage usage() {
    return usage;
  }

  /** RSA-PSS, with SHA-256 for a key of 2048 bits and SHA-384 for one of 4096. */
  public KeyAlgorithm algorithm() {
    return keySize() == 256 ? KeyAlgorithm.RSA_SHA256 : KeyAlgorithm.RSA_SHA384;
  }

  /** 16 bytes. */
  public Bytes keyId() {
    return keyId;
  }

  /** The key id of the signer, 16 bytes. */
  public Bytes certifyingId() {
    return certifyingId;
  }

  /** Bits of the modulus: 2048 or 4096. */
  public int keyBits() {
    return 8 * keySize();
  }

  /** Bytes of the modulus, and of a signature by this key. */
  int keySize() {
    return signature.size();
  }

  BigInteger modulus() {
    return modulus;
  }

  BigInteger exponent() {
    return BigInteger.valueOf(EXPONENT);
  }

  /** Little-endian, as long as the key of this certificate. */
  Bytes signature() {
    return signature;
  }

  /** The hash of the body, by the key's own hash, as sevctl prints it. */
  public Bytes fingerprint() {
    return algorithm().digest(body());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CaCertificate certificate && raw.equals(certificate.raw);
  }

  @Override
  public int hashCode() {
    return raw.hashCode();
  }

  @Override
  public String toString() {
    return usage + " " + fingerprint();
  }
}
