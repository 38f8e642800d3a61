package dev.remit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class Aes128CtrTest {
  private static final Bytes KEY = Bytes.ofHex("2b7e151628aed2a6abf7158809cf4f3c");

  /** NIST SP 800-38A, F.5.1. */
  @Test
  void isTheCipherOfTheStandard() {
    var plaintext =
        Bytes.ofHex(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

    assertThat(encrypted(Bytes.ofHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), plaintext).hex())
        .isEqualTo(
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
                + "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee");
  }

  @Test
  void countsOnFromZeroAfterTheHighestCounter() throws Exception {
    var plaintext = FakeEntropy.seeded(1).bytes(64);
    for (var iv : new String[] {"ff".repeat(16), "00".repeat(8) + "ff".repeat(8)}) {
      assertThat(encrypted(Bytes.ofHex(iv), plaintext))
          .isEqualTo(byTheJdk(Bytes.ofHex(iv), plaintext));
    }
  }

  @Test
  void isTheJdksCipherForEveryLength() throws Exception {
    var random = FakeEntropy.seeded(2);
    for (int size = 0; size <= 100; size++) {
      var iv = random.bytes(16);
      var plaintext = random.bytes(size);
      assertThat(encrypted(iv, plaintext)).isEqualTo(byTheJdk(iv, plaintext));
    }
  }

  @Test
  void isTheJdksCipherForALongMessage() throws Exception {
    var random = FakeEntropy.seeded(3);
    var iv = random.bytes(16);
    var plaintext = random.bytes(16384);

    assertThat(encrypted(iv, plaintext)).isEqualTo(byTheJdk(iv, plaintext));
  }

  /** Every length up to 129 many times, under keys of their own; a counter in four wraps. */
  @Test
  void isTheJdksCipherForManyKeysLengthsAndCounters() throws Exception {
    var random = FakeEntropy.seeded(4);
    for (int round = 0; round < 20_000; round++) {
      var key = random.bytes(16);
      int wraps = round % 16;
      var iv =
          round % 4 == 0
              ? Bytes.concat(random.bytes(wraps), Bytes.ofHex("ff".repeat(16 - wraps)))
              : random.bytes(16);
      var plaintext = random.bytes(round % 130);
      assertThat(encrypted(key, iv, plaintext))
          .as("round %d", round)
          .isEqualTo(byTheJdk(key, iv, plaintext));
    }
  }

  @Test
  void takesKeysAndInitialisationVectorsOf16BytesOnly() {
    try (var key = SecretBytes.allocate(32);
        var shortKey = SecretBytes.allocate(16);
        var plaintext = SecretBytes.allocate(16)) {
      assertThatThrownBy(() -> Aes128Ctr.encrypt(key, Bytes.zeros(16), plaintext))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Aes128Ctr.encrypt(shortKey, Bytes.zeros(12), plaintext))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void leavesKeyAndPlaintextAsTheyWere() {
    try (var key = SecretBytes.takeFrom(KEY.toArray());
        var plaintext = SecretBytes.takeFrom(new byte[] {1, 2, 3})) {
      var first = Aes128Ctr.encrypt(key, Bytes.zeros(16), plaintext);

      assertThat(Aes128Ctr.encrypt(key, Bytes.zeros(16), plaintext)).isEqualTo(first);
    }
  }

  private static Bytes encrypted(Bytes iv, Bytes message) {
    return encrypted(KEY, iv, message);
  }

  private static Bytes encrypted(Bytes keyOctets, Bytes iv, Bytes message) {
    try (var key = SecretBytes.takeFrom(keyOctets.toArray());
        var plaintext = SecretBytes.takeFrom(message.toArray())) {
      return Aes128Ctr.encrypt(key, iv, plaintext);
    }
  }

  private static Bytes byTheJdk(Bytes iv, Bytes message) throws GeneralSecurityException {
    return byTheJdk(KEY, iv, message);
  }

  private static Bytes byTheJdk(Bytes key, Bytes iv, Bytes message)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/CTR/NoPadding", "SunJCE");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key.toArray(), "AES"),
        new IvParameterSpec(iv.toArray()));
    return Bytes.copyOf(cipher.doFinal(message.toArray()));
  }
}
