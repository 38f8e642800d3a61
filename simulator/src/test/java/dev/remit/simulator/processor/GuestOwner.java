package dev.remit.simulator.processor;

import dev.remit.bytes.Bytes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The other side: makes sessions and packets, in code of its own. */
public final class GuestOwner {
  private static final Bytes NONCE = Bytes.ofHex("000102030405060708090a0b0c0d0e0f");
  private static final Bytes WRAP_IV = Bytes.ofHex("101112131415161718191a1b1c1d1e1f");
  private static final Bytes TEK = Bytes.ofHex("202122232425262728292a2b2c2d2e2f");
  public static final Bytes TIK = Bytes.ofHex("303132333435363738393a3b3c3d3e3f");
  private static final Bytes PACKET_IV = Bytes.ofHex("404142434445464748494a4b4c4d4e4f");

  private GuestOwner() {}

  public static SecureProcessor.OwnerSession session(Bytes pdh, int policy) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp384r1"));
      var own = generator.generateKeyPair();
      var curve = ((ECPublicKey) own.getPublic()).getParams();
      var platform =
          KeyFactory.getInstance("EC")
              .generatePublic(
                  new ECPublicKeySpec(
                      new ECPoint(number(pdh.slice(20, 72)), number(pdh.slice(92, 72))), curve));
      var agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(own.getPrivate());
      agreement.doPhase(platform, true);
      return new SecureProcessor.OwnerSession(
          certificate(((ECPublicKey) own.getPublic()).getW()),
          blob(Bytes.copyOf(agreement.generateSecret()), policy));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The session blob for an agreed secret. */
  static Bytes blob(Bytes shared, int policy) throws GeneralSecurityException {
    var master = kdf(shared, "sev-master-secret", NONCE);
    var wrapped = ctr(kdf(master, "sev-kek", Bytes.EMPTY), WRAP_IV, Bytes.concat(TEK, TIK));
    return Bytes.concat(
        NONCE,
        wrapped,
        WRAP_IV,
        hmac(kdf(master, "sev-kik", Bytes.EMPTY), wrapped),
        hmac(TIK, Bytes.le32(policy)));
  }

  static Bytes certificate(ECPoint point) {
    return Bytes.concat(
            Bytes.le32(1),
            Bytes.zeros(4),
            Bytes.le32(0x1003),
            Bytes.le32(3),
            Bytes.le32(2),
            littleEndian(point.getAffineX()),
            littleEndian(point.getAffineY()))
        .paddedTo(0x824);
  }

  /** A sealed secret. */
  public record Packet(Bytes header, Bytes payload) {}

  public static Packet seal(Bytes table, Bytes launchMeasure) {
    try {
      var payload = ctr(TEK, PACKET_IV, table);
      var size = Bytes.le32(table.size());
      var mac =
          hmac(
              TIK,
              Bytes.concat(
                  Bytes.of(1), Bytes.zeros(4), PACKET_IV, size, size, payload, launchMeasure));
      return new Packet(Bytes.concat(Bytes.zeros(4), PACKET_IV, mac), payload);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Bytes hmac(Bytes key, Bytes message) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.toArray(), "HmacSHA256"));
    return Bytes.copyOf(mac.doFinal(message.toArray()));
  }

  private static Bytes ctr(Bytes key, Bytes iv, Bytes text) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key.toArray(), "AES"),
        new IvParameterSpec(iv.toArray()));
    return Bytes.copyOf(cipher.doFinal(text.toArray()));
  }

  private static Bytes kdf(Bytes key, String label, Bytes context) throws GeneralSecurityException {
    var message =
        Bytes.concat(
            Bytes.of(1, 0, 0, 0),
            Bytes.copyOf(label.getBytes(StandardCharsets.US_ASCII)),
            Bytes.of(0),
            context,
            Bytes.of(128, 0, 0, 0));
    return hmac(key, message).slice(0, 16);
  }

  private static BigInteger number(Bytes littleEndian) {
    return new BigInteger(1, littleEndian.reversed().toArray());
  }

  private static Bytes littleEndian(BigInteger number) {
    return Bytes.ofHex("%0144x".formatted(number)).reversed();
  }
}
