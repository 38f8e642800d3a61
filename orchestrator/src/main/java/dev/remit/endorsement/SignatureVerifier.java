package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.crypto.signers.ECDSASigner;

/**
 * Says whether a signature in AMD's little-endian form holds. Range and length of the numbers are
 * checked here: what the libraries let pass differs between them.
 */
final class SignatureVerifier {
  private static final String RSA_PROVIDER = "SunRsaSign";

  // The salt is as long as the hash (SEV API, appendix B).
  private static final PSSParameterSpec PSS_SHA256 =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
  private static final PSSParameterSpec PSS_SHA384 =
      new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1);

  private SignatureVerifier() {}

  /**
   * @param value r and s, 72 bytes each, each from 1 to the order of the curve less one; what
   *     follows them must be zero
   */
  static boolean verifies(EcPublicKey key, KeyAlgorithm algorithm, Bytes message, Bytes value) {
    var reader = value.reader();
    try {
      var r = unsigned(reader.bytes(EcPublicKey.FIELD_SIZE));
      var s = unsigned(reader.bytes(EcPublicKey.FIELD_SIZE));
      reader.zeros(reader.remaining(), "what follows a signature");
      var order = key.curve().domain().getN();
      if (r.signum() == 0
          || s.signum() == 0
          || r.compareTo(order) >= 0
          || s.compareTo(order) >= 0) {
        return false;
      }
      var verifier = new ECDSASigner();
      verifier.init(false, key.parameters());
      return verifier.verifySignature(algorithm.digest(message).toArray(), r, s);
    } catch (MalformedException e) {
      return false;
    }
  }

  /**
   * @param value one number below the modulus, as long as the modulus; what follows it must be zero
   */
  static boolean verifies(CaCertificate key, Bytes message, Bytes value) {
    if (value.size() < key.keySize()) {
      return false;
    }
    var littleEndian = value.slice(0, key.keySize());
    var rest = value.slice(key.keySize(), value.size() - key.keySize());
    if (!rest.isZero() || unsigned(littleEndian).compareTo(key.modulus()) >= 0) {
      return false;
    }
    try {
      var spec = new RSAPublicKeySpec(key.modulus(), key.exponent());
      var verifier = java.security.Signature.getInstance("RSASSA-PSS", RSA_PROVIDER);
      verifier.setParameter(key.keySize() == 256 ? PSS_SHA256 : PSS_SHA384);
      verifier.initVerify(KeyFactory.getInstance("RSA", RSA_PROVIDER).generatePublic(spec));
      verifier.update(message.toArray());
      return verifier.verify(littleEndian.reversed().toArray());
    } catch (SignatureException e) {
      return false; // what the JDK throws for some numbers that are no signature at all
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks RSASSA-PSS", e);
    }
  }

  static BigInteger unsigned(Bytes littleEndian) {
    return new BigInteger(1, littleEndian.reversed().toArray());
  }
}
