package dev.remit.endorsement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Wycheproof;
import dev.remit.bytes.Wycheproof.Outcome;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Project Wycheproof's signatures, in the form that firmware has: little-endian numbers in fields
 * of one size. Vectors about DER or about the length of a form that firmware does not have are
 * counted, and left out.
 */
final class WycheproofTest {
  private static final int FIELD_SIZE = 72;

  @Nested
  class Ecdsa {
    /** Left out: signatures of two bytes, of which our fields would hide how short they were. */
    @ParameterizedTest
    @CsvSource({
      "ecdsa_secp384r1_sha384_p1363_test, P384, ECDSA_SHA384, 167, 69, 3",
      "ecdsa_secp256r1_sha256_p1363_test, P256, ECDSA_SHA256, 146, 69, 4",
    })
    void takesValidPairsOfNumbersOnly(
        String file, EcCurve curve, KeyAlgorithm algorithm, int valid, int invalid, int leftOut) {
      var outcomes =
          Wycheproof.run(
              file,
              (group, test) -> {
                var signature = Wycheproof.octets(test, "sig");
                int half = signature.size() / 2;
                if (half < curve.coordinateSize()) {
                  return Outcome.LEFT_OUT;
                }
                return verify(
                    key(group, curve),
                    algorithm,
                    test,
                    signature.slice(0, half),
                    signature.slice(half, half));
              });
      assertThat(outcomes)
          .isEqualTo(
              Map.of(
                  "valid ACCEPTED",
                  valid,
                  "invalid REFUSED",
                  invalid,
                  "acceptable LEFT_OUT",
                  leftOut));
    }

    /**
     * Left out: what is no DER, negative numbers, and numbers of more bits than a field has. The
     * one that is called acceptable misses a leading zero, and so is a negative number.
     */
    @ParameterizedTest
    @CsvSource({
      "ecdsa_secp384r1_sha384_test, P384, ECDSA_SHA384, 168, 81, 158",
      "ecdsa_secp256r1_sha256_test, P256, ECDSA_SHA256, 147, 81, 158",
    })
    void takesValidNumbersOutOfDerOnly(
        String file, EcCurve curve, KeyAlgorithm algorithm, int valid, int invalid, int leftOut) {
      var outcomes =
          Wycheproof.run(
              file,
              (group, test) -> {
                var numbers = Wycheproof.derIntegers(Wycheproof.octets(test, "sig"));
                if (numbers.size() != 2 || numbers.stream().anyMatch(Ecdsa::isNoField)) {
                  return Outcome.LEFT_OUT;
                }
                return verify(key(group, curve), algorithm, test, numbers.get(0), numbers.get(1));
              });
      assertThat(outcomes)
          .isEqualTo(
              Map.of(
                  "valid ACCEPTED",
                  valid,
                  "invalid REFUSED",
                  invalid,
                  "invalid LEFT_OUT",
                  leftOut,
                  "acceptable LEFT_OUT",
                  1));
    }

    private static boolean isNoField(Bytes number) {
      return number.at(0) >= 0x80 || number.size() > FIELD_SIZE;
    }

    private static Outcome verify(
        EcPublicKey key, KeyAlgorithm algorithm, JsonNode test, Bytes r, Bytes s) {
      var value =
          Bytes.concat(r.reversed().paddedTo(FIELD_SIZE), s.reversed().paddedTo(FIELD_SIZE));
      return Wycheproof.outcome(
          SignatureVerifier.verifies(
              key, algorithm, Wycheproof.octets(test, "msg"), value.paddedTo(512)));
    }

    private static EcPublicKey key(JsonNode group, EcCurve curve) {
      var point = Wycheproof.octets(group.path("key"), "uncompressed");
      int size = curve.coordinateSize();
      assertThat(point.size()).isEqualTo(1 + 2 * size);
      return new EcPublicKey(curve, point.slice(1, size), point.slice(1 + size, size));
    }
  }

  @Nested
  class RsaPss {
    /** Left out: zeros in front of a number are zeros behind it in a field, and allowed there. */
    @Test
    void takesValidNumbersOnly() {
      assertThat(Wycheproof.run("rsa_pss_2048_sha256_mgf1_32_test", RsaPss::verify))
          .isEqualTo(Map.of("valid ACCEPTED", 63, "invalid REFUSED", 39, "invalid LEFT_OUT", 1));
    }

    /** Valid ones, but with a hash that AMD's keys of this size do not use. */
    @ParameterizedTest
    @CsvSource({
      "rsa_pss_4096_sha256_mgf1_32_test, 63, 39",
      "rsa_pss_4096_sha512_mgf1_32_test, 132, 38",
    })
    void takesNoOtherHash(String file, int valid, int invalid) {
      assertThat(Wycheproof.run(file, RsaPss::verify))
          .isEqualTo(
              Map.of("valid REFUSED", valid, "invalid REFUSED", invalid, "invalid LEFT_OUT", 1));
    }

    /**
     * Valid ones without a salt. One that is invalid there, because its salt has 32 bytes, is what
     * AMD's keys make, and valid here.
     */
    @Test
    void takesNoOtherSalt() {
      var accepted = new ArrayList<String>();
      assertThat(
              Wycheproof.run(
                  "rsa_pss_2048_sha256_mgf1_0_test",
                  (group, test) -> {
                    var outcome = verify(group, test);
                    if (outcome == Outcome.ACCEPTED) {
                      accepted.add(test.path("comment").stringValue());
                    }
                    return outcome;
                  }))
          .isEqualTo(
              Map.of(
                  "valid REFUSED",
                  61,
                  "invalid REFUSED",
                  37,
                  "invalid ACCEPTED",
                  1,
                  "invalid LEFT_OUT",
                  1));
      assertThat(accepted).containsExactly("s_len changed to 32");
    }

    /** 150 combinations of hash, mask hash and salt: one of them is AMD's. */
    @Test
    void takesOneCombinationOfParametersOnly() {
      var accepted = new ArrayList<String>();
      assertThat(
              Wycheproof.run(
                  "rsa_pss_misc_test",
                  (group, test) -> {
                    var outcome = verify(group, test);
                    if (outcome == Outcome.ACCEPTED) {
                      accepted.add(
                          group.path("sha").stringValue()
                              + group.path("mgfSha").stringValue()
                              + group.path("sLen").intValue());
                    }
                    return outcome;
                  }))
          .isEqualTo(Map.of("valid ACCEPTED", 1, "valid REFUSED", 119, "acceptable REFUSED", 30));
      assertThat(accepted).containsExactly("SHA-256SHA-25632");
    }

    private static Outcome verify(JsonNode group, JsonNode test) {
      var signature = Wycheproof.octets(test, "sig");
      int size = group.path("keysize").intValue() / 8;
      if (signature.size() > size && signature.slice(0, signature.size() - size).isZero()) {
        return Outcome.LEFT_OUT;
      }
      return Wycheproof.outcome(
          SignatureVerifier.verifies(
              key(group), Wycheproof.octets(test, "msg"), signature.reversed()));
    }

    /** A CA certificate with the group's key, and nothing else of interest. */
    private static CaCertificate key(JsonNode group) {
      int bits = group.path("keysize").intValue();
      var modulus = new BigInteger(group.path("n").stringValue(), 16);
      var exponent = new BigInteger(group.path("e").stringValue(), 16);
      try {
        return CaCertificate.parse(
            Bytes.concat(
                Bytes.le32(1),
                Bytes.zeros(32),
                Bytes.le32(0),
                Bytes.zeros(16),
                Bytes.le32(bits),
                Bytes.le32(bits),
                FakeAmd.littleEndian(exponent, bits / 8),
                FakeAmd.littleEndian(modulus, bits / 8),
                Bytes.zeros(bits / 8)));
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
