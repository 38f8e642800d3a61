package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A certificate of a platform's own keys: PDH, PEK, OCA or CEK (SEV API, appendix C, "SEV
 * Certificate"). What was signed is what was received: nothing is encoded again.
 */
public final class SevCertificate {
  /** Bytes of the whole. */
  public static final int SIZE = 0x824;

  /** Bytes that the signatures cover, from the start. */
  public static final int BODY_SIZE = 0x414;

  private static final int VERSION = 1;

  private final Bytes raw;
  private final KeyUsage usage;
  private final KeyAlgorithm algorithm;
  private final EcPublicKey publicKey;
  private final List<Signature> signatures;

  private SevCertificate(
      Bytes raw,
      KeyUsage usage,
      KeyAlgorithm algorithm,
      EcPublicKey publicKey,
      List<Signature> signatures) {
    this.raw = raw;
    this.usage = usage;
    this.algorithm = algorithm;
    this.publicKey = publicKey;
    this.signatures = signatures;
  }

  /**
   * Reads 2084 bytes.
   *
   * <p>Inside the body, the reserved field and what follows the key may hold anything: real hosts
   * have an OCA with garbage there, and the signature covers it. Outside, where nothing is signed,
   * every byte that means nothing must be zero.
   */
  public static SevCertificate parse(Bytes raw) throws MalformedException {
    if (raw.size() != SIZE) {
      throw new MalformedException(
          0, "a SEV certificate has " + SIZE + " bytes, and this one " + raw.size());
    }
    var reader = raw.reader();
    if (reader.u32le() != VERSION) {
      throw new MalformedException(0, "a SEV certificate is of version 1");
    }
    reader.bytes(4); // api_major, api_minor, reserved
    int usageAt = reader.position();
    var usage =
        KeyUsage.ofCode(reader.u32le())
            .filter(known -> known != KeyUsage.ARK && known != KeyUsage.ASK)
            .orElseThrow(
                () -> new MalformedException(usageAt, "the key is no PDH, PEK, OCA or CEK"));
    int algorithmAt = reader.position();
    var algorithm =
        KeyAlgorithm.ofCode(reader.u32le())
            .filter(known -> usage == KeyUsage.PDH ? known.ecdh() : known.ecdsa())
            .orElseThrow(() ->
                new MalformedException(
                    algorithmAt, "a PDH is an ECDH key, and a PEK, OCA or CEK an ECDSA key"));
    int keyAt = reader.position();
    var publicKey = EcPublicKey.parse(reader);
    // Firmware makes its own keys on P-384; the OCA is the owner's.
    if (publicKey.curve() != EcCurve.P384 && usage != KeyUsage.OCA) {
      throw new MalformedException(keyAt, "a " + usage + " is a key on P-384");
    }
    reader.bytes(BODY_SIZE - reader.position());
    var signatures =
        Stream.of(Signature.parse(reader), Signature.parse(reader))
            .flatMap(Optional::stream)
            .toList();
    reader.end();
    return new SevCertificate(raw, usage, algorithm, publicKey, signatures);
  }

  /** A certificate that nobody signed, of API version 0.0, as a guest's owner makes one. */
  public static SevCertificate unsigned(
      KeyUsage usage, KeyAlgorithm algorithm, EcPublicKey publicKey) {
    var body =
        Bytes.concat(
            Bytes.le32(VERSION),
            Bytes.zeros(4),
            Bytes.le32(usage.code()),
            Bytes.le32(algorithm.code()),
            publicKey.toBytes());
    var slot = Bytes.le32(Signature.NO_SIGNER).paddedTo(Signature.SIZE);
    try {
      return parse(Bytes.concat(body.paddedTo(BODY_SIZE), slot, slot));
    } catch (MalformedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  public Bytes raw() {
    return raw;
  }

  /** What the signatures cover. */
  public Bytes body() {
    return raw.slice(0, BODY_SIZE);
  }

  public KeyUsage usage() {
    return usage;
  }

  public KeyAlgorithm algorithm() {
    return algorithm;
  }

  public EcPublicKey publicKey() {
    return publicKey;
  }

  /** Whose signatures it carries, as it says itself; at most two. */
  public List<KeyUsage> signers() {
    return signatures.stream().map(Signature::signer).toList();
  }

  /**
   * The same with a signature in the first slot, in place of what was there.
   *
   * @param signer usage of the key that signed {@link #body}
   * @param r big-endian, as long as a coordinate of the signer's curve
   * @param s the same
   */
  public SevCertificate signed(KeyUsage signer, KeyAlgorithm with, Bytes r, Bytes s) {
    var slot =
        Bytes.concat(
            Bytes.le32(signer.code()),
            Bytes.le32(with.code()),
            r.reversed().paddedTo(EcPublicKey.FIELD_SIZE),
            s.reversed().paddedTo(EcPublicKey.FIELD_SIZE));
    try {
      return parse(
          Bytes.concat(
              body(),
              slot.paddedTo(Signature.SIZE),
              raw.slice(BODY_SIZE + Signature.SIZE, Signature.SIZE)));
    } catch (MalformedException e) {
      throw new IllegalStateException("what is made here is well-formed", e);
    }
  }

  /** The slots in use, at most two, in the order of the certificate. */
  List<Signature> signatures() {
    return signatures;
  }

  /** The hash of the body, by the key's own hash, as sevctl prints it. */
  public Bytes fingerprint() {
    return algorithm.digest(body());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SevCertificate certificate && raw.equals(certificate.raw);
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
