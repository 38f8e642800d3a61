package dev.remit.measurement;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/** The MAC by which a secure processor vouches for a launch digest (SEV API, LAUNCH_MEASURE). */
public final class SevLaunchMac {
  public static final int TIK_SIZE = 16;
  public static final int NONCE_SIZE = 16;

  private static final String HMAC = "HmacSHA256";
  // Keeps this MAC apart from the others under the same key.
  private static final int MEASURE_CONTEXT = 0x04;

  private SevLaunchMac() {}

  /**
   * 32 bytes: HMAC-SHA256.
   *
   * @param tik transport integrity key, 16 bytes
   * @param launchDigest 32 bytes
   * @param nonce of the firmware, 16 bytes
   */
  @RevealsSecret(because = "the JCA takes a key as an array")
  public static Bytes compute(
      SecretBytes tik,
      SevFirmwareVersion firmware,
      SevPolicy policy,
      Bytes launchDigest,
      Bytes nonce) {
    if (tik.size() != TIK_SIZE
        || launchDigest.size() != Sha256.SIZE
        || nonce.size() != NONCE_SIZE) {
      throw new IllegalArgumentException(
          "the key has 16 bytes, the launch digest 32 and the nonce 16");
    }
    var message =
        Bytes.concat(
            Bytes.of(MEASURE_CONTEXT, firmware.apiMajor(), firmware.apiMinor(), firmware.build()),
            policy.toBytes(),
            launchDigest,
            nonce);
    return tik.lend(key -> hmac(key, message));
  }

  private static Bytes hmac(byte[] key, Bytes message) {
    try {
      var mac = Mac.getInstance(HMAC, "SunJCE");
      mac.init(new LentKey(key));
      var sum = Bytes.copyOf(mac.doFinal(message.toArray()));
      mac.init(new LentKey(new byte[TIK_SIZE])); // overwrites the padded key that it keeps
      return sum;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  /** Unlike {@code SecretKeySpec} keeps no copy: the MAC wipes the one that it gets. */
  private static final class LentKey implements SecretKey {
    private static final long serialVersionUID = 1;

    private final transient byte[] key;

    LentKey(byte[] key) {
      this.key = key;
    }

    @Override
    public String getAlgorithm() {
      return HMAC;
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    @Override
    public byte[] getEncoded() {
      return key.clone();
    }
  }
}
