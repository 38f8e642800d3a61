package dev.remit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SecretBytes;
import dev.remit.endorsement.EcCurve;
import dev.remit.endorsement.EcPublicKey;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakeEcKey;
import dev.remit.endorsement.FakePlatform;
import dev.remit.endorsement.KeyAlgorithm;
import dev.remit.endorsement.KeyUsage;
import dev.remit.endorsement.SevCertificate;
import dev.remit.platform.SevPolicy;
import java.math.BigInteger;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SevSessionTest {
  private static final FakePlatform HOST = FakeAmd.believed().platform();
  private static final SevPolicy POLICY = policy(0x0137_0007);

  @Nested
  class KnownAnswers {
    /**
     * Shared secret, nonce, initialisation vector, both keys and the policy all zero, as in the
     * tests of virtee/sev. The shared secret is zero because the owner's private key is 1 and the
     * platform's public key is the point whose x is zero.
     */
    @Test
    void ofAllZeros() {
      var host = HOST.withPdh(pointWithXZero());
      var zeros = Bytes.zeros(16);
      var one = Bytes.concat(Bytes.zeros(47), Bytes.of(1));

      try (var session =
          SevSession.create(
              host.proven(), policy(0), FakeEntropy.of(one, zeros, zeros, zeros, zeros))) {
        assertThat(session.blob().hex())
            .isEqualTo(
                "00".repeat(16)
                    + "2137bc7f9bb8bd7c3e55a576a15d3454b3856b8ba27afadf46dcfee9f02c02c4"
                    + "00".repeat(16)
                    + "3176c0752738bd9d5e86689534020f528c088f16238826b000b327dee6aeed7d"
                    + "aa7855e13839dd767cd5da7c1ff5036540c9264b7a803029315e55375287b4af");
      }
    }

    /** Computed once without Java; it also fixes the byte order of the shared secret. */
    @Test
    void ofASharedSecretThatIsNotZero() {
      var platformKey =
          "2f2e2d2c2b2a292827262524232221201f1e1d1c1b1a1918"
              + "171615141312111099887766554433221100ffeeddccbbaa";
      var ownerKey =
          Bytes.ofHex(
              "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a0908"
                  + "0706050403020101aabbccddeeff00112233445566778899");
      var host = HOST.withPdh(new FakeEcKey(EcCurve.P384, new BigInteger(platformKey, 16)));

      try (var session =
          SevSession.create(
              host.proven(),
              policy(5),
              FakeEntropy.of(
                  ownerKey, counting(0x00), counting(0x10), counting(0x20), counting(0x30)))) {
        assertThat(session.blob().hex())
            .isEqualTo(
                counting(0x00).hex()
                    + "0a28842a7ec24575dcfa1f093f89fce424de62ca7614e49e19a03c4e63f0c756"
                    + counting(0x10).hex()
                    + "3d4356064a3462421ee4e7aaf78931180bee906f0835f743d853d78a0ef64cb1"
                    + "5bab974614908d198077acf450532cb777e88d7391f23d803e9e4a66f0ac87fd");
      }
    }

    private static EcPublicKey pointWithXZero() {
      var y = EcCurve.P384.domain().getCurve().getB().sqrt();
      return new EcPublicKey(EcCurve.P384, Bytes.zeros(48), Bytes.copyOf(y.getEncoded()));
    }

    private static Bytes counting(int from) {
      byte[] octets = new byte[16];
      for (int i = 0; i < octets.length; i++) {
        octets[i] = (byte) (from + i);
      }
      return Bytes.copyOf(octets);
    }
  }

  @Test
  void isOpenedByThePlatformItWasMadeFor() {
    try (var session = SevSession.create(HOST.proven(), POLICY, FakeEntropy.seeded(1))) {
      var firmware = HOST.launchStart(session.godh(), session.blob(), POLICY.bits());

      assertThat(firmware.tek()).isEqualTo(revealed(session.tek()));
      assertThat(firmware.tik()).isEqualTo(revealed(session.tik()));
    }
  }

  @Test
  void isOpenedByNoOtherPlatform() {
    var other = FakeAmd.believed().platform(1);
    try (var session = SevSession.create(HOST.proven(), POLICY, FakeEntropy.seeded(1))) {
      assertThatThrownBy(() -> other.launchStart(session.godh(), session.blob(), POLICY.bits()))
          .hasMessage("BAD_MEASUREMENT: the wrapped keys");
    }
  }

  @Test
  void isBoundToItsPolicy() {
    try (var session = SevSession.create(HOST.proven(), POLICY, FakeEntropy.seeded(1))) {
      assertThatThrownBy(() -> HOST.launchStart(session.godh(), session.blob(), POLICY.bits() & ~1))
          .hasMessage("BAD_MEASUREMENT: the policy");
    }
  }

  /** As firmware sees it on its way from the owner: no bit of it may be another one. */
  @Nested
  class Changed {
    private final SevSession session =
        SevSession.create(HOST.proven(), POLICY, FakeEntropy.seeded(1));
    private final SevSession other =
        SevSession.create(HOST.proven(), POLICY, FakeEntropy.seeded(2));

    @AfterEach
    void wipe() {
      session.close();
      other.close();
    }

    @Test
    void byAnyBitOfTheBlobIsRefused() {
      for (int bit = 0; bit < 8 * SevSession.BLOB_SIZE; bit++) {
        assertRefused(session.godh(), Sample.flipped(session.blob(), bit), POLICY.bits());
      }
    }

    @Test
    void byAnyBitOfTheCertificateIsRefused() {
      for (int bit = 0; bit < 8 * SevSession.GODH_SIZE; bit++) {
        assertRefused(Sample.flipped(session.godh(), bit), session.blob(), POLICY.bits());
      }
    }

    @Test
    void byAnyBitOfThePolicyIsRefused() {
      for (int bit = 0; bit < 32; bit++) {
        assertRefused(session.godh(), session.blob(), POLICY.bits() ^ 1 << bit);
      }
    }

    @Test
    void inItsLengthIsRefused() {
      for (int size = 0; size < SevSession.BLOB_SIZE; size++) {
        assertRefused(session.godh(), session.blob().slice(0, size), POLICY.bits());
      }
      for (int size = 0; size < SevSession.GODH_SIZE; size++) {
        assertRefused(session.godh().slice(0, size), session.blob(), POLICY.bits());
      }
      for (int more = 1; more <= 64; more++) {
        assertRefused(
            session.godh(), session.blob().paddedTo(SevSession.BLOB_SIZE + more), POLICY.bits());
        assertRefused(
            session.godh().paddedTo(SevSession.GODH_SIZE + more), session.blob(), POLICY.bits());
      }
    }

    /** Nonce, wrapped keys, initialisation vector, MAC of the keys, MAC of the policy. */
    @ParameterizedTest
    @CsvSource({"0, 16", "16, 32", "48, 16", "64, 32", "96, 32"})
    void byAPartOfAnotherGenuineOneIsRefused(int from, int size) {
      var mixed = Sample.overwritten(session.blob(), from, other.blob().slice(from, size));
      assertRefused(session.godh(), mixed, POLICY.bits());
      assertRefused(other.godh(), session.blob(), POLICY.bits());
    }

    @ParameterizedTest
    @CsvSource({"0, 48, 16", "16, 64, 32", "16, 96, 32", "64, 96, 32"})
    void byTwoPartsInEachOthersPlaceIsRefused(int one, int two, int size) {
      var blob = session.blob();
      var turned =
          Sample.overwritten(
              Sample.overwritten(blob, one, blob.slice(two, size)), two, blob.slice(one, size));
      assertRefused(session.godh(), turned, POLICY.bits());
    }

    private static void assertRefused(Bytes godh, Bytes blob, int policy) {
      assertThatThrownBy(() -> HOST.launchStart(godh, blob, policy))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageMatching("INVALID_LENGTH|INVALID_CERTIFICATE|BAD_MEASUREMENT: .*");
    }
  }

  @Test
  void namesThePlatformAndThePolicyItIsFor() {
    var platform = HOST.proven();
    try (var session = SevSession.create(platform, POLICY, FakeEntropy.seeded(1))) {
      assertThat(session.platform()).isSameAs(platform);
      assertThat(session.policy()).isEqualTo(POLICY);
    }
  }

  @Test
  void hasACertificateThatFirmwareCanRead() throws Exception {
    try (var session = SevSession.create(HOST.proven(), POLICY, FakeEntropy.seeded(1))) {
      var godh = SevCertificate.parse(session.godh());

      assertThat(session.godh().size()).isEqualTo(SevSession.GODH_SIZE);
      assertThat(session.blob().size()).isEqualTo(SevSession.BLOB_SIZE);
      assertThat(godh.usage()).isEqualTo(KeyUsage.PDH);
      assertThat(godh.algorithm()).isEqualTo(KeyAlgorithm.ECDH_SHA256);
      assertThat(godh.publicKey().curve()).isEqualTo(EcCurve.P384);
    }
  }

  @Test
  void sharesNothingWithTheNextOne() {
    var entropy = FakeEntropy.seeded(1);
    try (var one = SevSession.create(HOST.proven(), POLICY, entropy);
        var next = SevSession.create(HOST.proven(), POLICY, entropy)) {
      assertThat(next.godh()).isNotEqualTo(one.godh());
      assertThat(next.blob()).isNotEqualTo(one.blob());
      assertThat(revealed(next.tek())).isNotEqualTo(revealed(one.tek()));
      assertThat(revealed(next.tik())).isNotEqualTo(revealed(one.tik()));
    }
  }

  @Test
  void hasNoKeysAnyMoreOnceItIsClosed() {
    var session = SevSession.create(HOST.proven(), POLICY, FakeEntropy.seeded(1));
    new Challenge(new LaunchId(new UUID(0, 1)), session).close();

    assertThatThrownBy(() -> revealed(session.tek())).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> revealed(session.tik())).isInstanceOf(IllegalStateException.class);
    session.close();
  }

  /** Zero, the order of the curve, and the highest number. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "000000000000000000000000000000000000000000000000"
            + "000000000000000000000000000000000000000000000000",
        "ffffffffffffffffffffffffffffffffffffffffffffffff"
            + "c7634d81f4372ddf581a0db248b0a77aecec196accc52973",
        "ffffffffffffffffffffffffffffffffffffffffffffffff"
            + "ffffffffffffffffffffffffffffffffffffffffffffffff",
      })
  void isNotMadeFromAGeneratorThatDoesNotWork(String octets) {
    var platform = HOST.proven();
    var broken = FakeEntropy.of(Bytes.ofHex(octets));

    assertThatThrownBy(() -> SevSession.create(platform, POLICY, broken))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the random generator does not deliver random octets");
  }

  @RevealsSecret(because = "a test compares it with what the firmware got")
  private static Bytes revealed(SecretBytes secret) {
    return secret.lend(Bytes::copyOf);
  }

  private static SevPolicy policy(int bits) {
    try {
      return SevPolicy.fromBits(bits);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
