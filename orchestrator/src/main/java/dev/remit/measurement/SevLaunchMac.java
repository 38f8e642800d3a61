package dev.remit.measurement;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.function.Function;
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
    byte[] message = message(firmware, policy.bits(), launchDigest, nonce);
    return keyed(tik, mac -> Bytes.copyOf(mac.doFinal(message)));
  }

  /** Says of guesses whether a MAC that is known covers them. */
  @FunctionalInterface
  interface Guesses {
    /**
     * Whether the MAC is one of these values.
     *
     * @param policy all 32 bits, reserved ones too
     * @param launchDigest 32 bytes
     */
    boolean fits(SevFirmwareVersion firmware, int policy, Bytes launchDigest);
  }

  /**
   * Runs a search for what a MAC covers, with one copy of the key for all of its guesses.
   *
   * @param tik transport integrity key, 16 bytes
   * @param nonce of the firmware, 16 bytes
   * @param measure the MAC, 32 bytes
   */
  static <R> R search(SecretBytes tik, Bytes nonce, Bytes measure, Function<Guesses, R> search) {
    if (tik.size() != TIK_SIZE || nonce.size() != NONCE_SIZE) {
      throw new IllegalArgumentException("key and nonce have 16 bytes each");
    }
    byte[] wanted = measure.toArray();
    return keyed(
        tik,
        mac ->
            search.apply((firmware, policy, launchDigest) ->
                MessageDigest.isEqual(
                    mac.doFinal(message(firmware, policy, launchDigest, nonce)), wanted)));
  }

  private static byte[] message(
      SevFirmwareVersion firmware, int policy, Bytes launchDigest, Bytes nonce) {
    return Bytes.concat(
            Bytes.of(MEASURE_CONTEXT, firmware.apiMajor(), firmware.apiMinor(), firmware.build()),
            Bytes.le32(policy),
            launchDigest,
            nonce)
        .toArray();
  }

  @RevealsSecret(because = "the JCA takes a key as an array")
  private static <R> R keyed(SecretBytes key, Function<Mac, R> use) {
    return key.lend(heap -> {
      try {
        var mac = Mac.getInstance(HMAC, "SunJCE");
        mac.init(new LentKey(heap));
        try {
          return use.apply(mac);
        } finally {
          mac.init(new LentKey(new byte[TIK_SIZE])); // overwrites the padded key that it keeps
        }
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has HMAC-SHA256", e);
      }
    });
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
