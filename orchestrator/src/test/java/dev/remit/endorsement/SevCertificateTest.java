package dev.remit.endorsement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SevCertificateTest {
  private static final FakePlatform HOST = FakeAmd.believed().platform();
  private static final FakeEcKey P256 = FakeEcKey.named(EcCurve.P256, "p256");

  @Test
  void readsTheCertificatesOfARealHost() throws Exception {
    var pek = SevCertificate.parse(RomeChain.PEK);

    assertThat(pek.usage()).isEqualTo(KeyUsage.PEK);
    assertThat(pek.algorithm()).isEqualTo(KeyAlgorithm.ECDSA_SHA256);
    assertThat(pek.publicKey().curve()).isEqualTo(EcCurve.P384);
    assertThat(pek.publicKey().x())
        .isEqualTo(
            Bytes.ofHex(
                "20481a12e369cbf1a355d90f94440400fd0eb28e17bbc5d474c9eb1f3c46764c"
                    + "0fabc1323764ddb2ec20954774ea2622"));
    assertThat(pek.signatures())
        .extracting(Signature::signer)
        .containsExactly(KeyUsage.OCA, KeyUsage.CEK);
    assertThat(pek.raw()).isEqualTo(RomeChain.PEK);
    assertThat(pek.body()).isEqualTo(RomeChain.PEK.slice(0, 1044));
  }

  @Test
  void readsTheOtherCertificatesOfARealHost() throws Exception {
    assertThat(SevCertificate.parse(RomeChain.PDH).usage()).isEqualTo(KeyUsage.PDH);
    assertThat(SevCertificate.parse(RomeChain.PDH).algorithm()).isEqualTo(KeyAlgorithm.ECDH_SHA256);
    assertThat(SevCertificate.parse(RomeChain.OCA).usage()).isEqualTo(KeyUsage.OCA);
    var cek = SevCertificate.parse(RomeChain.CEK);
    assertThat(cek.usage()).isEqualTo(KeyUsage.CEK);
    assertThat(cek.signatures())
        .extracting(Signature::algorithm)
        .containsExactly(KeyAlgorithm.RSA_SHA384);
  }

  @Test
  void hasTheHashOfItsBodyAsFingerprint() throws Exception {
    assertThat(SevCertificate.parse(RomeChain.PDH).fingerprint().hex())
        .isEqualTo("a19ef679477f2256d802ce9054ee6d1145dbeed52998c66ea97499a01d977c54");
  }

  @Test
  void isEqualToACertificateOfTheSameBytesOnly() throws Exception {
    var pdh = SevCertificate.parse(RomeChain.PDH);

    assertThat(pdh)
        .isEqualTo(SevCertificate.parse(RomeChain.PDH))
        .hasSameHashCodeAs(SevCertificate.parse(RomeChain.PDH))
        .isNotEqualTo(SevCertificate.parse(RomeChain.PEK));
  }

  @Test
  void isMadeUnsignedForAnOwnersKey() throws Exception {
    var key = HOST.key(KeyUsage.PDH).publicKey();
    var made = SevCertificate.unsigned(KeyUsage.PDH, KeyAlgorithm.ECDH_SHA256, key);

    assertThat(made.raw().size()).isEqualTo(2084);
    assertThat(made.publicKey()).isEqualTo(key);
    assertThat(made.signatures()).isEmpty();
    assertThat(made.raw().slice(0, 20).hex())
        .isEqualTo("01000000" + "00000000" + "03100000" + "03000000" + "02000000");
    // Both slots as sevctl leaves them: nobody's usage, no algorithm.
    assertThat(made.raw().slice(0x414, 8).hex()).isEqualTo("0010000000000000");
    assertThat(made.raw().slice(0x61c, 8).hex()).isEqualTo("0010000000000000");
  }

  @Test
  void isNotMadeForAKeyThatItsUsageDoesNotAllow() {
    assertThatThrownBy(
            () -> SevCertificate.unsigned(KeyUsage.PDH, KeyAlgorithm.ECDH_SHA256, P256.publicKey()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Nested
  class Accepts {
    @Test
    void garbageBehindTheKeyInsideTheSignedBody() throws Exception {
      var garbage = Bytes.concat(FakeAmd.hash("garbage"), Bytes.zeros(880 - 48));

      var oca = HOST.draft(KeyUsage.OCA).withFiller(garbage).toBytes();

      assertThat(SevCertificate.parse(oca).body().slice(164, 48))
          .isEqualTo(FakeAmd.hash("garbage"));
    }

    @Test
    void anOcaOnP256() throws Exception {
      var oca = SevCertificateDraft.of(KeyUsage.OCA, P256.publicKey()).toBytes();

      assertThat(SevCertificate.parse(oca).publicKey()).isEqualTo(P256.publicKey());
    }

    @Test
    void anEmptySlotOfZeros() throws Exception {
      var empty = HOST.draft(KeyUsage.CEK).slot(0, 0, Bytes.EMPTY).slot(0, 0, Bytes.EMPTY);

      assertThat(SevCertificate.parse(empty.toBytes()).signatures()).isEmpty();
    }
  }

  @Nested
  class Refuses {
    @Test
    void everyOtherSize() {
      for (int size = 0; size < SevCertificate.SIZE; size++) {
        var cut = RomeChain.PDH.slice(0, size);
        assertMalformed(() -> SevCertificate.parse(cut), "2084 bytes");
      }
      for (int more = 1; more <= 64; more++) {
        var longer = RomeChain.PDH.paddedTo(SevCertificate.SIZE + more);
        assertMalformed(() -> SevCertificate.parse(longer), "2084 bytes");
      }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 0x01000000})
    void anotherVersion(int version) {
      var other = Bytes.concat(Bytes.le32(version), RomeChain.PDH.slice(4, 2080));

      assertMalformed(() -> SevCertificate.parse(other), "version 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0000, 0x0013, 0x1000, 0x1005, -1})
    void aUsageThatIsNoneOfAPlatformsKeys(int usage) {
      var other = HOST.draft(KeyUsage.OCA).withUsage(usage).toBytes();

      assertMalformed(() -> SevCertificate.parse(other), "no PDH, PEK, OCA or CEK");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 0x101, 0x103, -1})
    void aSigningKeyOfAnotherAlgorithmThanEcdsa(int algorithm) {
      var other = HOST.draft(KeyUsage.PEK).withAlgorithm(algorithm).toBytes();

      assertMalformed(() -> SevCertificate.parse(other), "an ECDSA key");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 0x101, 0x102})
    void aPdhOfAnotherAlgorithmThanEcdh(int algorithm) {
      var other = HOST.draft(KeyUsage.PDH).withAlgorithm(algorithm).toBytes();

      assertMalformed(() -> SevCertificate.parse(other), "a PDH is an ECDH key");
    }

    @ParameterizedTest
    @EnumSource(
        value = KeyUsage.class,
        names = {"PDH", "PEK", "CEK"})
    void aKeyOfFirmwareOnP256(KeyUsage usage) {
      var other = SevCertificateDraft.of(usage, P256.publicKey()).toBytes();

      assertMalformed(() -> SevCertificate.parse(other), "a key on P-384");
    }

    @Test
    void aSignerThatIsNobody() {
      var other = HOST.draft(KeyUsage.PDH).slot(0x1005, 2, Bytes.EMPTY).toBytes();

      assertMalformed(() -> SevCertificate.parse(other), "the signer's usage is unknown");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 0x103})
    void aSignatureOfAnAlgorithmThatDoesNotSign(int algorithm) {
      var other = HOST.draft(KeyUsage.PDH).slot(0x1002, algorithm, Bytes.EMPTY).toBytes();

      assertMalformed(() -> SevCertificate.parse(other), "the signature's algorithm is unknown");
    }

    @Test
    void anEmptySlotThatCarriesSomething() {
      for (int at = 0; at < 512; at++) {
        var value = Bytes.concat(Bytes.zeros(at), Bytes.of(1));
        var other = HOST.draft(KeyUsage.CEK).slot(0x1000, 0, value).toBytes();

        assertMalformed(() -> SevCertificate.parse(other), "an unused signature slot");
      }
    }

    @Test
    void anythingBehindAnEcdsaSignature() {
      for (int at = 144; at < 512; at++) {
        var value = Bytes.concat(Bytes.zeros(at), Bytes.of(1));
        var other = HOST.draft(KeyUsage.PDH).slot(0x1002, 2, value).toBytes();

        assertMalformed(() -> SevCertificate.parse(other), "what follows a signature");
      }
    }
  }

  @Nested
  class RefusesAPublicKey {
    private final EcPublicKey key = HOST.key(KeyUsage.OCA).publicKey();

    @ParameterizedTest
    @ValueSource(ints = {0, 3, -1})
    void onACurveWithoutAName(int curve) {
      assertMalformedKey(curve, key.x().reversed(), key.y().reversed(), "is unknown");
    }

    @Test
    void thatIsNoPointOfItsCurve() {
      assertMalformedKey(2, key.y().reversed(), key.x().reversed(), "no point of P-384");
      assertMalformedKey(2, Bytes.zeros(48), Bytes.zeros(48), "no point of P-384");
    }

    @Test
    void withACoordinateOfTheFieldsSize() {
      // The point with x = 0 exists, and so x + p would be another form of it.
      var prime =
          FakeAmd.littleEndian(EcCurve.P384.domain().getCurve().getField().getCharacteristic(), 48);
      var zero = EcCurve.P384.domain().getCurve().getB().sqrt();
      var y = FakeAmd.littleEndian(zero.toBigInteger(), 48);

      assertMalformedKey(2, prime, y, "no point of P-384");
    }

    @Test
    void withSomethingBehindACoordinate() {
      var x = Bytes.concat(key.x().reversed(), Bytes.zeros(23), Bytes.of(1));
      var y = Bytes.concat(key.y().reversed(), Bytes.of(1));

      assertMalformedKey(2, x, key.y().reversed(), "what follows a coordinate");
      assertMalformedKey(2, key.x().reversed(), y, "what follows a coordinate");
    }

    private void assertMalformedKey(int curve, Bytes x, Bytes y, String rule) {
      var draft = HOST.draft(KeyUsage.OCA);
      var encoded = Bytes.concat(Bytes.le32(curve), x.paddedTo(72), y.paddedTo(72));
      var other =
          new SevCertificateDraft(
              draft.usage(), draft.algorithm(), encoded, draft.filler(), draft.slots());
      assertMalformed(() -> SevCertificate.parse(other.toBytes()), rule);
    }
  }

  private static void assertMalformed(ThrowingCallable parsing, String rule) {
    assertThatThrownBy(parsing).isInstanceOf(MalformedException.class).hasMessageContaining(rule);
  }
}
