package dev.remit.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import dev.remit.endorsement.EcCurve;
import dev.remit.endorsement.EcPublicKey;
import dev.remit.endorsement.KeyAlgorithm;
import dev.remit.endorsement.KeyUsage;
import dev.remit.endorsement.SevCertificate;
import dev.remit.endorsement.SevPlatform;
import dev.remit.platform.SevPolicy;
import java.math.BigInteger;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * The keys that the guest's owner shares with one secure processor for one launch (SEV API,
 * LAUNCH_START). Closing wipes them.
 *
 * <p>While they are agreed on, the owner's private key and the shared secret pass through numbers
 * on the heap. No Java library computes with others, and they stay there until they are collected
 * and overwritten.
 */
public final class SevSession implements AutoCloseable {
  /** Bytes of the owner's Diffie-Hellman certificate. */
  public static final int GODH_SIZE = SevCertificate.SIZE;

  /** Bytes of the session: nonce, wrapped keys, initialisation vector and two MACs. */
  public static final int BLOB_SIZE = 128;

  private static final int KEY_SIZE = 16;
  private static final int NONCE_SIZE = 16;
  private static final int IV_SIZE = 16;

  private final SevPlatform platform;
  private final SevPolicy policy;
  private final Bytes godh;
  private final Bytes blob;
  private final SecretBytes tek;
  private final SecretBytes tik;

  private SevSession(
      SevPlatform platform,
      SevPolicy policy,
      Bytes godh,
      Bytes blob,
      SecretBytes tek,
      SecretBytes tik) {
    this.platform = platform;
    this.policy = policy;
    this.godh = godh;
    this.blob = blob;
    this.tek = tek;
    this.tik = tik;
  }

  /**
   * Agrees on keys with a proven platform.
   *
   * <p>Takes from the generator, in this order: the owner's private key, 48 bytes, nonce and
   * initialisation vector, 16 each, then TEK and TIK, 16 each.
   */
  public static SevSession create(SevPlatform platform, SevPolicy policy, Entropy entropy) {
    var owner = privateKey(entropy);
    var ownerPublic = publicKey(owner);
    var godh = SevCertificate.unsigned(KeyUsage.PDH, KeyAlgorithm.ECDH_SHA256, ownerPublic).raw();
    var nonce = entropy.bytes(NONCE_SIZE);
    var iv = entropy.bytes(IV_SIZE);
    var tek = entropy.secret(KEY_SIZE);
    var tik = entropy.secret(KEY_SIZE);
    try (var shared = agree(owner, platform.pdh());
        var master = derive(shared, "sev-master-secret", nonce);
        var kek = derive(master, "sev-kek", Bytes.EMPTY);
        var kik = derive(master, "sev-kik", Bytes.EMPTY);
        var transportKeys = joined(tek, tik)) {
      var wrapped = Aes128Ctr.encrypt(kek, iv, transportKeys);
      var blob =
          Bytes.concat(
              nonce,
              wrapped,
              iv,
              HmacSha256.of(kik, wrapped),
              HmacSha256.of(tik, policy.toBytes()));
      return new SevSession(platform, policy, godh, blob, tek, tik);
    }
  }

  /** The platform that can open this session, and no other can. */
  public SevPlatform platform() {
    return platform;
  }

  /** The policy that the session is bound to: firmware refuses a launch under any other. */
  public SevPolicy policy() {
    return policy;
  }

  /** The owner's Diffie-Hellman certificate, {@code dhCert}, 2084 bytes. */
  public Bytes godh() {
    return godh;
  }

  /** The wrapped keys, {@code session}, 128 bytes. */
  public Bytes blob() {
    return blob;
  }

  /** The key that encrypts secrets, 16 bytes. It stays the session's, which closes it. */
  public SecretBytes tek() {
    return tek;
  }

  /** The key under which firmware measures, 16 bytes. It stays the session's, which closes it. */
  public SecretBytes tik() {
    return tik;
  }

  @Override
  public void close() {
    tek.close();
    tik.close();
  }

  static EcPublicKey publicKey(ECPrivateKeyParameters owner) {
    return EcPublicKey.of(
        EcCurve.P384,
        new FixedPointCombMultiplier().multiply(EcCurve.P384.domain().getG(), owner.getD()));
  }

  @RevealsSecret(because = "the key is made of it; Bouncy Castle computes with numbers on the heap")
  static ECPrivateKeyParameters privateKey(Entropy entropy) {
    var domain = EcCurve.P384.domain();
    try (var octets = entropy.secret(EcCurve.P384.coordinateSize())) {
      var scalar = octets.lend(heap -> new BigInteger(1, heap));
      // By chance this happens once in 2^190 keys: a generator that does it is broken.
      if (scalar.signum() == 0 || scalar.compareTo(domain.getN()) >= 0) {
        throw new IllegalStateException("the random generator does not deliver random octets");
      }
      return new ECPrivateKeyParameters(scalar, domain);
    }
  }

  /** The x coordinate of the shared point, 48 bytes, big-endian. */
  static SecretBytes agree(ECPrivateKeyParameters owner, EcPublicKey platform) {
    var agreement = new ECDHBasicAgreement();
    agreement.init(owner);
    var x = agreement.calculateAgreement(platform.parameters()); // refuses infinity
    return SecretBytes.takeFrom(BigIntegers.asUnsignedByteArray(EcCurve.P384.coordinateSize(), x));
  }

  /**
   * One block of SP 800-108 in counter mode with HMAC-SHA256, cut to 128 bits. Counter and length
   * are little-endian, as firmware has them (SEV API, "Key Derivation"), which no library offers.
   */
  private static SecretBytes derive(SecretBytes key, String label, Bytes context) {
    return HmacSha256.derive(
        key,
        KEY_SIZE,
        Bytes.le32(1),
        Bytes.copyOf(label.getBytes(US_ASCII)),
        Bytes.of(0),
        context,
        Bytes.le32(8 * KEY_SIZE));
  }

  @RevealsSecret(because = "TEK and TIK are wrapped as one; the copy stays off the heap")
  private static SecretBytes joined(SecretBytes tek, SecretBytes tik) {
    var both = SecretBytes.allocate(tek.size() + tik.size());
    both.fill().put(tek.reveal()).put(tik.reveal());
    return both;
  }
}
