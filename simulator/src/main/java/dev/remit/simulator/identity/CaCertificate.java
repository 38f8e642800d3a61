package dev.remit.simulator.identity;

import dev.remit.bytes.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;

/** A root or intermediate certificate with a 4096-bit key, 1600 bytes (SEV API, appendix B.1). */
record CaCertificate(Bytes raw) {
  static final int SIZE = 1600;

  private static final String PROVIDER = "SunRsaSign";
  private static final int VERSION = 1;
  private static final int MODULUS_BITS = 4096;
  private static final int MODULUS_SIZE = MODULUS_BITS / 8;
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1);

  CaCertificate {
    if (raw.size() != SIZE) {
      throw new IllegalArgumentException("a CA certificate has 1600 bytes, not " + raw.size());
    }
  }

  static KeyPair generateKey(SecureRandom random) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA", PROVIDER);
    generator.initialize(
        new RSAKeyGenParameterSpec(MODULUS_BITS, RSAKeyGenParameterSpec.F4), random);
    return generator.generateKeyPair();
  }

  /**
   * @param id the key's own id, 16 bytes
   * @param issuerId the id of the key that signs
   */
  static CaCertificate issue(
      Bytes id, Bytes issuerId, KeyUsage usage, RSAPublicKey key, PrivateKey issuer)
      throws GeneralSecurityException {
    var body =
        Bytes.concat(
            Bytes.le32(VERSION),
            id,
            issuerId,
            Bytes.le32(usage.number()),
            Bytes.zeros(16),
            // The format gives the exponent the modulus' size.
            Bytes.le32(MODULUS_BITS),
            Bytes.le32(MODULUS_BITS),
            EllipticKeys.littleEndian(key.getPublicExponent(), MODULUS_SIZE),
            EllipticKeys.littleEndian(key.getModulus(), MODULUS_SIZE));
    return new CaCertificate(Bytes.concat(body, sign(issuer, body).reversed()));
  }

  /** RSASSA-PSS with SHA-384, 512 bytes, most significant first. */
  static Bytes sign(PrivateKey key, Bytes body) throws GeneralSecurityException {
    var signature = Signature.getInstance("RSASSA-PSS", PROVIDER);
    signature.setParameter(PSS);
    signature.initSign(key);
    signature.update(body.toArray());
    return Bytes.copyOf(signature.sign());
  }
}
