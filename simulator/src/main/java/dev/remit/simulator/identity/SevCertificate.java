package dev.remit.simulator.identity;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;

/** A certificate of the platform chain, 2084 bytes (SEV API, appendix C.1). */
public record SevCertificate(Bytes raw) {
  public static final int SIZE = 0x824;

  private static final int VERSION = 1;
  private static final int P384 = 2;
  private static final int EC_FIELD_SIZE = 72;
  private static final int PUBLIC_KEY_SIZE = 1028;
  private static final int BODY_SIZE = 0x414;
  private static final int SIGNATURE_SIZE = 512;
  private static final int SLOT_SIZE = 4 + 4 + SIGNATURE_SIZE;

  /** Marks a signature slot as empty. */
  private static final int NO_USAGE = 0x1000;

  static final int RSA_SHA384 = 0x101;
  static final int ECDSA_SHA256 = 0x2;
  static final int ECDH_SHA256 = 0x3;

  public SevCertificate {
    if (raw.size() != SIZE) {
      throw new IllegalArgumentException("a certificate has 2084 bytes, not " + raw.size());
    }
  }

  /** What a signer vouches for: everything before the two signature slots. */
  static Bytes body(FirmwareVersion version, KeyUsage usage, ECPublicKey key) {
    int algorithm = usage == KeyUsage.PDH ? ECDH_SHA256 : ECDSA_SHA256;
    var point = key.getW();
    return Bytes.concat(
        Bytes.le32(VERSION),
        Bytes.of(version.major(), version.minor(), 0, 0),
        Bytes.le32(usage.number()),
        Bytes.le32(algorithm),
        Bytes.concat(
                Bytes.le32(P384),
                EllipticKeys.littleEndian(point.getAffineX(), EC_FIELD_SIZE),
                EllipticKeys.littleEndian(point.getAffineY(), EC_FIELD_SIZE))
            .paddedTo(PUBLIC_KEY_SIZE));
  }

  static SevCertificate of(Bytes body, Slot first, Slot second) {
    return new SevCertificate(Bytes.concat(body, first.raw(), second.raw()));
  }

  /** One of the two places for a signature. */
  record Slot(Bytes raw) {
    static final Slot EMPTY = new Slot(Bytes.le32(NO_USAGE).paddedTo(SLOT_SIZE));

    /**
     * @param signature R and S, each 48 bytes, most significant first
     */
    static Slot ecdsa(KeyUsage signer, Bytes signature) {
      int half = signature.size() / 2;
      return new Slot(
          Bytes.concat(
                  Bytes.le32(signer.number()),
                  Bytes.le32(ECDSA_SHA256),
                  signature.slice(0, half).reversed().paddedTo(EC_FIELD_SIZE),
                  signature.slice(half, half).reversed().paddedTo(EC_FIELD_SIZE))
              .paddedTo(SLOT_SIZE));
    }

    /**
     * @param signature most significant octet first, as long as the modulus
     */
    static Slot rsa(KeyUsage signer, Bytes signature) {
      return new Slot(
          Bytes.concat(Bytes.le32(signer.number()), Bytes.le32(RSA_SHA384), signature.reversed())
              .paddedTo(SLOT_SIZE));
    }
  }

  Bytes body() {
    return raw.slice(0, BODY_SIZE);
  }

  /**
   * The P-384 key of a guest owner's Diffie-Hellman certificate, which nobody signs.
   *
   * @throws MalformedException where version, usage, algorithm or curve are others
   */
  public ECPublicKey diffieHellmanKey() throws MalformedException {
    var in = raw.reader();
    require(in.u32le() == VERSION, in.position(), "version 1");
    in.bytes(4);
    require(in.u32le() == KeyUsage.PDH.number(), in.position(), "usage PDH");
    require(in.u32le() == ECDH_SHA256, in.position(), "algorithm ECDH-SHA256");
    require(in.u32le() == P384, in.position(), "curve P-384");
    var x = coordinate(in.bytes(EC_FIELD_SIZE));
    var y = coordinate(in.bytes(EC_FIELD_SIZE));
    try {
      return EllipticKeys.publicKey(x, y);
    } catch (GeneralSecurityException e) {
      throw new MalformedException(in.position(), "the key must be a point of P-384");
    }
  }

  private static BigInteger coordinate(Bytes field) throws MalformedException {
    int used = EllipticKeys.COORDINATE_SIZE;
    if (!field.slice(used, field.size() - used).isZero()) {
      throw new MalformedException(used, "a coordinate has 48 bytes");
    }
    return new BigInteger(1, field.reversed().toArray());
  }

  private static void require(boolean holds, int offset, String what) throws MalformedException {
    if (!holds) {
      throw new MalformedException(offset - 4, what + " is expected");
    }
  }
}
