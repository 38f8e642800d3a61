package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The firmware's side of a launch, written for itself from AMD's document and on the JDK's
 * cryptography: it shares no code with what it tests. What firmware refuses is an {@link
 * IllegalStateException} with the name of AMD's error.
 */
public final class FakeFirmware {
  private final Bytes tek;
  private final Bytes tik;
  private final int policy;

  // All of an owner's certificate but its point: version, usage, algorithm and curve, and two slots
  // without a signature. Nothing signs it, so that this firmware takes one form of it only.
  private static final Bytes WITHOUT_POINT =
      Bytes.concat(
          Bytes.ofHex("01000000" + "00000000" + "03100000" + "03000000" + "02000000"),
          Bytes.zeros(0x414 - 20),
          Bytes.le32(0x1000).paddedTo(520),
          Bytes.le32(0x1000).paddedTo(520));

  // A test that asks the same question a thousand times waits for one answer only.
  private static final Map<List<Object>, Bytes> AGREED = new ConcurrentHashMap<>();

  private FakeFirmware(Bytes tek, Bytes tik, int policy) {
    this.tek = tek;
    this.tik = tik;
    this.policy = policy;
  }

  /** LAUNCH_START with an owner's certificate, 2084 bytes, and session, 128 bytes. */
  static FakeFirmware launchStart(FakeEcKey pdh, Bytes godh, Bytes session, int policy) {
    require(godh.size() == 2084 && session.size() == 128, "INVALID_LENGTH");
    require(withoutPoint(godh).equals(WITHOUT_POINT), "INVALID_CERTIFICATE");
    var nonce = session.slice(0, 16);
    var wrapped = session.slice(16, 32);
    var iv = session.slice(48, 16);
    var master = derive(shared(pdh.scalar(), godh), "sev-master-secret", nonce);
    var keys = aesCtr(derive(master, "sev-kek", Bytes.EMPTY), iv, wrapped);
    var tek = keys.slice(0, 16);
    var tik = keys.slice(16, 16);
    require(
        hmac(derive(master, "sev-kik", Bytes.EMPTY), wrapped).equals(session.slice(64, 32)),
        "BAD_MEASUREMENT: the wrapped keys");
    require(
        hmac(tik, Bytes.le32(policy)).equals(session.slice(96, 32)), "BAD_MEASUREMENT: the policy");
    return new FakeFirmware(tek, tik, policy);
  }

  /** The transport encryption key, 16 bytes. */
  public Bytes tek() {
    return tek;
  }

  /** The transport integrity key, 16 bytes. */
  public Bytes tik() {
    return tik;
  }

  /** LAUNCH_MEASURE: MAC and nonce, 48 bytes. */
  public Bytes launchMeasure(
      int apiMajor, int apiMinor, int build, Bytes launchDigest, Bytes nonce) {
    var message =
        Bytes.concat(
            Bytes.of(0x04, apiMajor, apiMinor, build), Bytes.le32(policy), launchDigest, nonce);
    return Bytes.concat(hmac(tik, message), nonce);
  }

  /**
   * LAUNCH_SECRET: the secret table, decrypted.
   *
   * @param launchBlob what {@link #launchMeasure} gave, 48 bytes
   */
  public Bytes openSecret(Bytes header, Bytes payload, Bytes launchBlob) {
    require(
        header.size() == 52 && payload.size() % 16 == 0 && payload.size() <= 16384,
        "INVALID_LENGTH");
    var flags = header.slice(0, 4);
    require(flags.isZero(), "INVALID_PARAM");
    var iv = header.slice(4, 16);
    var size = Bytes.le32(payload.size());
    var message =
        Bytes.concat(Bytes.of(0x01), flags, iv, size, size, payload, launchBlob.slice(0, 32));
    require(hmac(tik, message).equals(header.slice(20, 32)), "BAD_MEASUREMENT: the secret");
    return aesCtr(tek, iv, payload);
  }

  private static Bytes withoutPoint(Bytes godh) {
    return Bytes.concat(
        godh.slice(0, 20),
        Bytes.zeros(48),
        godh.slice(68, 24),
        Bytes.zeros(48),
        godh.slice(140, godh.size() - 140));
  }

  private static Bytes shared(BigInteger scalar, Bytes godh) {
    return AGREED.computeIfAbsent(List.of(scalar, godh), question -> agree(scalar, godh));
  }

  private static Bytes agree(BigInteger scalar, Bytes godh) {
    try {
      var parameters = AlgorithmParameters.getInstance("EC", "SunEC");
      parameters.init(new ECGenParameterSpec("secp384r1"));
      var curve = parameters.getParameterSpec(ECParameterSpec.class);
      var factory = KeyFactory.getInstance("EC", "SunEC");
      var point =
          new ECPoint(
              new BigInteger(1, godh.slice(20, 72).reversed().toArray()),
              new BigInteger(1, godh.slice(92, 72).reversed().toArray()));
      var agreement = KeyAgreement.getInstance("ECDH", "SunEC");
      agreement.init(factory.generatePrivate(new ECPrivateKeySpec(scalar, curve)));
      agreement.doPhase(factory.generatePublic(new ECPublicKeySpec(point, curve)), true);
      return Bytes.copyOf(agreement.generateSecret());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("INVALID_CERTIFICATE", e);
    }
  }

  private static Bytes derive(Bytes key, String label, Bytes context) {
    var message =
        Bytes.concat(
            Bytes.le32(1),
            Bytes.copyOf(label.getBytes(StandardCharsets.US_ASCII)),
            Bytes.of(0),
            context,
            Bytes.le32(128));
    return hmac(key, message).slice(0, 16);
  }

  private static Bytes hmac(Bytes key, Bytes message) {
    try {
      var mac = Mac.getInstance("HmacSHA256", "SunJCE");
      mac.init(new SecretKeySpec(key.toArray(), "HmacSHA256"));
      return Bytes.copyOf(mac.doFinal(message.toArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Bytes aesCtr(Bytes key, Bytes iv, Bytes message) {
    try {
      var cipher = Cipher.getInstance("AES/CTR/NoPadding", "SunJCE");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key.toArray(), "AES"),
          new IvParameterSpec(iv.toArray()));
      return Bytes.copyOf(cipher.doFinal(message.toArray()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void require(boolean holds, String error) {
    if (!holds) {
      throw new IllegalStateException(error);
    }
  }
}
