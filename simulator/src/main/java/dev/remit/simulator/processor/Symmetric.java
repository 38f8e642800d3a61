package dev.remit.simulator.processor;

import dev.remit.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The symmetric cryptography of the SEV API: HMAC-SHA256, AES-128-CTR, key derivation. */
final class Symmetric {
  static final int KEY_SIZE = 16;
  private static final String PROVIDER = "SunJCE";

  private Symmetric() {}

  static SecretKey macKey(byte[] key) {
    return new SecretKeySpec(key, "HmacSHA256");
  }

  static SecretKey aesKey(byte[] key) {
    return new SecretKeySpec(key, "AES");
  }

  static Bytes hmac(SecretKey key, Bytes message) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256", PROVIDER);
    mac.init(key);
    return Bytes.copyOf(mac.doFinal(message.toArray()));
  }

  static byte[] decrypt(SecretKey key, Bytes iv, Bytes ciphertext) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/CTR/NoPadding", PROVIDER);
    cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv.toArray()));
    return cipher.doFinal(ciphertext.toArray());
  }

  /** SP 800-108 in counter mode with HMAC-SHA256, 128 bits: one block is enough. */
  static byte[] derive(byte[] key, String label, Bytes context) throws GeneralSecurityException {
    var message =
        Bytes.concat(
            Bytes.le32(1),
            Bytes.copyOf(label.getBytes(StandardCharsets.US_ASCII)),
            Bytes.of(0),
            context,
            Bytes.le32(KEY_SIZE * 8));
    return hmac(macKey(key), message).slice(0, KEY_SIZE).toArray();
  }
}
