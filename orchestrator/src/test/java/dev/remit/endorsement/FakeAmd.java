package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import dev.remit.root.Anchors;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/**
 * A vendor made of software: a root key, a signing key under it, and as many platforms as a test
 * wants, in AMD's formats. Everything is the same in every run.
 *
 * <pre>{@code
 * var amd = FakeAmd.believed();
 * var platform = amd.platform();              // certificates and private keys of one host
 * SevPlatform proven = platform.proven();     // by SevChainProver, up to amd.anchors()
 * var session = SevSession.create(proven, policy, FakeEntropy.seeded(1));
 * var firmware = platform.launchStart(session.godh(), session.blob(), policy.bits());
 * Bytes blob = firmware.launchMeasure(1, 55, 21, launchDigest, nonce);
 * Bytes table = firmware.openSecret(packet.header(), packet.payload(), blob);
 * }</pre>
 */
public final class FakeAmd {
  private static final FakeAmd BELIEVED = new FakeAmd("believed");
  private static final FakeAmd STRANGER = new FakeAmd("stranger");

  private static final int KEY_SIZE = 256;

  private final KeyPair ark;
  private final KeyPair ask;
  private final Bytes arkCertificate;
  private final Bytes askCertificate;

  private FakeAmd(String name) {
    ark = rsaKey(name + "/ark");
    ask = rsaKey(name + "/ask");
    var arkId = hash(name + "/ark-id").slice(0, 16);
    var askId = hash(name + "/ask-id").slice(0, 16);
    arkCertificate = certificate(KeyUsage.ARK, arkId, ark, arkId);
    askCertificate = certificate(KeyUsage.ASK, askId, ask, arkId);
  }

  /** The vendor that {@link #anchors()} believe, as one would a simulator. */
  public static FakeAmd believed() {
    return BELIEVED;
  }

  /** A vendor whose certificates are as good, and whose root is nobody's anchor. */
  public static FakeAmd stranger() {
    return STRANGER;
  }

  /** AMD's own roots, and this vendor's as an insecure one. */
  public Anchors anchors() {
    return Anchors.builtIn().withInsecureRoot(arkCertificate, askCertificate, "made by a test");
  }

  /** The root's certificate, 832 bytes. */
  public Bytes ark() {
    return arkCertificate;
  }

  /** The signing key's certificate, 832 bytes. */
  public Bytes ask() {
    return askCertificate;
  }

  /** A host with a chip of this vendor. */
  public FakePlatform platform() {
    return platform(0);
  }

  /** One of many hosts: another number is another chip with other keys. */
  public FakePlatform platform(int number) {
    return new FakePlatform(this, number);
  }

  /** A certificate body of any kind of CA key, signed by the root key. */
  Bytes certificate(KeyUsage usage, Bytes keyId, KeyPair key, Bytes certifyingId) {
    var body =
        Bytes.concat(
            Bytes.le32(1),
            keyId,
            certifyingId,
            Bytes.le32(usage.code()),
            Bytes.zeros(16),
            Bytes.le32(8 * KEY_SIZE),
            Bytes.le32(8 * KEY_SIZE),
            littleEndian(((RSAPublicKey) key.getPublic()).getPublicExponent(), KEY_SIZE),
            littleEndian(((RSAPublicKey) key.getPublic()).getModulus(), KEY_SIZE));
    return Bytes.concat(body, pss(ark, body));
  }

  /** A signature of the ASK, little-endian, 256 bytes. */
  Bytes signByAsk(Bytes body) {
    return pss(ask, body);
  }

  private static Bytes pss(KeyPair signer, Bytes message) {
    try {
      var signature = Signature.getInstance("RSASSA-PSS", "SunRsaSign");
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      signature.initSign((RSAPrivateKey) signer.getPrivate(), generator(message.hex()));
      signature.update(message.toArray());
      return Bytes.copyOf(signature.sign()).reversed();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair rsaKey(String seed) {
    try {
      var generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
      generator.initialize(8 * KEY_SIZE, generator(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SecureRandom generator(String seed) throws GeneralSecurityException {
    var generator = SecureRandom.getInstance("SHA1PRNG", "SUN");
    generator.setSeed(hash(seed).toArray());
    return generator;
  }

  static Bytes littleEndian(BigInteger number, int size) {
    byte[] bigEndian = number.toByteArray();
    int sign = bigEndian[0] == 0 ? 1 : 0;
    return Bytes.copyOf(bigEndian, sign, bigEndian.length - sign).reversed().paddedTo(size);
  }

  /** 48 bytes that a text stands for. */
  static Bytes hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-384", "SUN");
      return Bytes.copyOf(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
