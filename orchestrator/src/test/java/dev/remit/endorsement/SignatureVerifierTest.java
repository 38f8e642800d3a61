package dev.remit.endorsement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.math.BigInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SignatureVerifierTest {
  private static final Bytes MESSAGE = FakeAmd.hash("message");

  @Nested
  class Ecdsa {
    private final FakeEcKey signer = FakeEcKey.named(EcCurve.P384, "signer");
    private final Bytes signature = signer.sign(KeyAlgorithm.ECDSA_SHA256, MESSAGE);
    private final BigInteger r = number(signature.slice(0, 72));
    private final BigInteger s = number(signature.slice(72, 72));
    private final BigInteger n = EcCurve.P384.domain().getN();

    @Test
    void acceptsASignatureWithAndWithoutZerosBehindIt() {
      assertThat(verifies(r, s)).isTrue();
      assertThat(verifies(signature.paddedTo(512))).isTrue();
    }

    @Test
    void acceptsBothHashesAndBothCurves() {
      for (var curve : EcCurve.values()) {
        var key = FakeEcKey.named(curve, "signer");
        for (var algorithm :
            new KeyAlgorithm[] {KeyAlgorithm.ECDSA_SHA256, KeyAlgorithm.ECDSA_SHA384}) {
          var good = key.sign(algorithm, MESSAGE);
          assertThat(SignatureVerifier.verifies(key.publicKey(), algorithm, MESSAGE, good))
              .isTrue();
        }
      }
    }

    @Test
    void refusesAnotherMessageKeyOrHash() {
      var key = signer.publicKey();
      var other = FakeEcKey.named(EcCurve.P384, "other").publicKey();

      assertThat(verifies(key, KeyAlgorithm.ECDSA_SHA256, FakeAmd.hash("x"))).isFalse();
      assertThat(verifies(other, KeyAlgorithm.ECDSA_SHA256, MESSAGE)).isFalse();
      assertThat(verifies(key, KeyAlgorithm.ECDSA_SHA384, MESSAGE)).isFalse();
    }

    @Test
    void refusesZero() {
      assertThat(verifies(BigInteger.ZERO, s)).isFalse();
      assertThat(verifies(r, BigInteger.ZERO)).isFalse();
      assertThat(verifies(BigInteger.ZERO, BigInteger.ZERO)).isFalse();
    }

    @Test
    void refusesTheSameNumberPlusTheOrder() {
      assertThat(verifies(r.add(n), s)).isFalse();
      assertThat(verifies(r, s.add(n))).isFalse();
      assertThat(verifies(r, s.add(n.shiftLeft(100)))).isFalse();
    }

    @Test
    void refusesTheOrderItself() {
      assertThat(verifies(n, s)).isFalse();
      assertThat(verifies(r, n)).isFalse();
      assertThat(verifies(n, n)).isFalse();
    }

    @Test
    void refusesSomethingBehindTheSignature() {
      assertThat(verifies(Bytes.concat(signature, Bytes.of(0, 1)))).isFalse();
    }

    @Test
    void refusesASignatureThatIsCutOff() {
      for (int size = 0; size < signature.size(); size++) {
        assertThat(verifies(signature.slice(0, size))).isFalse();
      }
    }

    private boolean verifies(BigInteger r, BigInteger s) {
      return verifies(Bytes.concat(FakeAmd.littleEndian(r, 72), FakeAmd.littleEndian(s, 72)));
    }

    private boolean verifies(Bytes value) {
      return SignatureVerifier.verifies(
          signer.publicKey(), KeyAlgorithm.ECDSA_SHA256, MESSAGE, value);
    }

    private boolean verifies(EcPublicKey key, KeyAlgorithm algorithm, Bytes message) {
      return SignatureVerifier.verifies(key, algorithm, message, signature);
    }
  }

  @Nested
  class RsaPss {
    private final CaCertificate key = ask();
    private final Bytes signature = FakeAmd.believed().signByAsk(MESSAGE);

    @Test
    void acceptsASignatureWithAndWithoutZerosBehindIt() {
      assertThat(verifies(signature)).isTrue();
      assertThat(verifies(signature.paddedTo(512))).isTrue();
    }

    @Test
    void refusesAnotherMessageOrKey() {
      assertThat(SignatureVerifier.verifies(key, FakeAmd.hash("x"), signature)).isFalse();
      assertThat(verifies(FakeAmd.stranger().signByAsk(MESSAGE))).isFalse();
    }

    @Test
    void refusesTheSameNumberPlusTheModulus() {
      var sum = number(signature).add(key.modulus());

      assertThat(verifies(FakeAmd.littleEndian(sum, 512))).isFalse();
    }

    @Test
    void refusesNumbersThatAreNoSignature() {
      assertThat(verifies(Bytes.zeros(256))).isFalse();
      assertThat(verifies(Bytes.of(1).paddedTo(256))).isFalse();
      assertThat(verifies(FakeAmd.littleEndian(key.modulus().subtract(BigInteger.ONE), 256)))
          .isFalse();
      assertThat(verifies(FakeAmd.littleEndian(key.modulus(), 256))).isFalse();
    }

    @Test
    void refusesSomethingBehindTheSignature() {
      assertThat(verifies(Bytes.concat(signature, Bytes.zeros(255), Bytes.of(1)))).isFalse();
    }

    @Test
    void refusesASignatureThatIsCutOff() {
      for (int size = 0; size < signature.size(); size++) {
        assertThat(verifies(signature.slice(0, size))).isFalse();
      }
    }

    private boolean verifies(Bytes value) {
      return SignatureVerifier.verifies(key, MESSAGE, value);
    }

    private static CaCertificate ask() {
      try {
        return CaCertificate.parse(FakeAmd.believed().ask());
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static BigInteger number(Bytes littleEndian) {
    return new BigInteger(1, littleEndian.reversed().toArray());
  }
}
