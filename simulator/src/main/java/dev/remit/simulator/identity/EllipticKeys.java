package dev.remit.simulator.identity;

import dev.remit.bytes.Bytes;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;

/** Keys on P-384, the curve of every real platform chain since Rome. */
final class EllipticKeys {
  private static final String PROVIDER = "SunEC";
  private static final ECGenParameterSpec P384 = new ECGenParameterSpec("secp384r1");
  static final int COORDINATE_SIZE = 48;

  private EllipticKeys() {}

  static KeyPair generate(SecureRandom random) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC", PROVIDER);
    generator.initialize(P384, random);
    return generator.generateKeyPair();
  }

  /** Does not check that the point is on the curve; the key agreement does. */
  static ECPublicKey publicKey(BigInteger x, BigInteger y) throws GeneralSecurityException {
    var parameters = AlgorithmParameters.getInstance("EC", PROVIDER);
    parameters.init(P384);
    var curve = parameters.getParameterSpec(ECParameterSpec.class);
    var key = new ECPublicKeySpec(new ECPoint(x, y), curve);
    return (ECPublicKey) KeyFactory.getInstance("EC", PROVIDER).generatePublic(key);
  }

  /** An ECDSA-SHA256 signature as R and S, 48 bytes each, most significant first. */
  static Bytes sign(PrivateKey key, Bytes body) throws GeneralSecurityException {
    var signature = Signature.getInstance("SHA256withECDSAinP1363Format", PROVIDER);
    signature.initSign(key);
    signature.update(body.toArray());
    return Bytes.copyOf(signature.sign());
  }

  static Bytes littleEndian(BigInteger number, int size) {
    byte[] bigEndian = number.toByteArray();
    int sign = bigEndian.length > 1 && bigEndian[0] == 0 ? 1 : 0;
    return Bytes.copyOf(bigEndian, sign, bigEndian.length - sign).reversed().paddedTo(size);
  }
}
