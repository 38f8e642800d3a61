package dev.remit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import dev.remit.bytes.Wycheproof;
import dev.remit.bytes.Wycheproof.Outcome;
import dev.remit.endorsement.EcCurve;
import dev.remit.endorsement.EcPublicKey;
import java.math.BigInteger;
import java.util.Map;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Project Wycheproof's MACs and key agreements, through what makes a session. */
final class WycheproofTest {
  /** Keys of 16 to 65 bytes; tags of 16 bytes are MACs cut as a derived key is. */
  @Test
  void hmacSha256MakesTheTagsThatAreValidAndNoOthers() {
    assertThat(Wycheproof.run("hmac_sha256_test", (group, test) -> mac(test)))
        .isEqualTo(Map.of("valid ACCEPTED", 66, "invalid REFUSED", 108));
  }

  /** Left out: two compressed points and one without any octet. A key is an x and a y. */
  @Test
  void agreementIsRightForPointsOfTheCurveAndRefusesAllOthers() {
    assertThat(Wycheproof.run("ecdh_secp384r1_ecpoint_test", (group, test) -> agree(test)))
        .isEqualTo(
            Map.of(
                "valid ACCEPTED",
                163,
                "invalid REFUSED",
                16,
                "invalid LEFT_OUT",
                2,
                "acceptable LEFT_OUT",
                1));
  }

  private static Outcome mac(JsonNode test) {
    var tag = Wycheproof.octets(test, "tag");
    try (var key = SecretBytes.takeFrom(Wycheproof.octets(test, "key").toArray());
        var derived = HmacSha256.derive(key, tag.size(), Wycheproof.octets(test, "msg"))) {
      var whole = HmacSha256.of(key, Wycheproof.octets(test, "msg"));
      boolean same = whole.slice(0, tag.size()).equals(tag);
      assertThat(revealed(derived).equals(tag)).isEqualTo(same);
      return Wycheproof.outcome(same);
    }
  }

  private static Outcome agree(JsonNode test) {
    int size = EcCurve.P384.coordinateSize();
    var point = Wycheproof.octets(test, "public");
    if (point.size() != 1 + 2 * size || point.at(0) != 4) {
      return Outcome.LEFT_OUT;
    }
    EcPublicKey key;
    try {
      key = new EcPublicKey(EcCurve.P384, point.slice(1, size), point.slice(1 + size, size));
    } catch (IllegalArgumentException notOnTheCurve) {
      return Outcome.REFUSED;
    }
    var owner =
        new ECPrivateKeyParameters(
            new BigInteger(test.path("private").stringValue(), 16), EcCurve.P384.domain());
    try (var shared = SevSession.agree(owner, key)) {
      return Wycheproof.outcome(revealed(shared).equals(Wycheproof.octets(test, "shared")));
    }
  }

  @RevealsSecret(because = "a test compares it with the known answer")
  private static Bytes revealed(SecretBytes secret) {
    return secret.lend(Bytes::copyOf);
  }
}
