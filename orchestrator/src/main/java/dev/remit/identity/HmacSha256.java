package dev.remit.identity;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** HMAC with SHA-256 under a secret key, of which no copy stays behind on the heap. */
public final class HmacSha256 {
  /** Bytes of a MAC. */
  public static final int SIZE = 32;

  private HmacSha256() {}

  /** The MAC of the parts one after the other, 32 bytes. */
  public static Bytes of(SecretBytes key, Bytes... parts) {
    byte[] mac = compute(key, Bytes.concat(parts));
    return Bytes.copyOf(mac);
  }

  /** The same where the result is itself a key: the first bytes of the MAC, at most 32. */
  static SecretBytes derive(SecretBytes key, int size, Bytes... parts) {
    byte[] mac = compute(key, Bytes.concat(parts));
    byte[] derived = Arrays.copyOf(mac, size);
    Arrays.fill(mac, (byte) 0);
    return SecretBytes.takeFrom(derived);
  }

  @RevealsSecret(because = "the MAC is keyed with it; Bouncy Castle takes arrays")
  private static byte[] compute(SecretBytes key, Bytes message) {
    return key.lend(heap -> {
      var parameter = new KeyParameter(heap);
      var hmac = new HMac(new SHA256Digest());
      byte[] mac = new byte[SIZE];
      try {
        hmac.init(parameter);
        hmac.update(message.toArray(), 0, message.size());
        hmac.doFinal(mac, 0);
        return mac;
      } finally {
        Arrays.fill(parameter.getKey(), (byte) 0);
        hmac.init(parameter); // overwrites the padded key that it keeps
      }
    });
  }
}
