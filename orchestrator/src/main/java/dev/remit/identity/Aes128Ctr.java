package dev.remit.identity;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * AES-128 in counter mode, with a counter of 128 bits that starts at the initialisation vector. It
 * hides and does not protect: a MAC goes with it.
 */
public final class Aes128Ctr {
  private Aes128Ctr() {}

  /**
   * The ciphertext, as long as the plaintext.
   *
   * @param key 16 bytes; never used twice with one initialisation vector
   * @param iv 16 bytes
   */
  @RevealsSecret(because = "it is encrypted; Bouncy Castle takes arrays, which are wiped")
  public static Bytes encrypt(SecretBytes key, Bytes iv, SecretBytes plaintext) {
    if (key.size() != 16 || iv.size() != 16) {
      throw new IllegalArgumentException("AES-128 in counter mode takes twice 16 bytes");
    }
    return key.lend(heapKey -> {
      var parameter = new KeyParameter(heapKey);
      var cipher = SICBlockCipher.newInstance(AESEngine.newInstance());
      cipher.init(true, new ParametersWithIV(parameter, iv.toArray()));
      try {
        return plaintext.lend(heap -> {
          byte[] ciphertext = new byte[heap.length];
          cipher.processBytes(heap, 0, heap.length, ciphertext, 0);
          return Bytes.copyOf(ciphertext);
        });
      } finally {
        // Another key wipes the schedule of this one, and a block the last of its key stream.
        Arrays.fill(parameter.getKey(), (byte) 0);
        cipher.init(true, new ParametersWithIV(parameter, new byte[16]));
        cipher.processBytes(new byte[16], 0, 16, new byte[16], 0);
      }
    });
  }
}
