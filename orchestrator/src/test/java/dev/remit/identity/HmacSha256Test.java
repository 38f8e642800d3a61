package dev.remit.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HmacSha256Test {
  /** RFC 4231, sections 4.2, 4.3, 4.4 and 4.7. */
  @ParameterizedTest
  @CsvSource({
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 4869205468657265,"
        + " b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    "4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f,"
        + " 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,"
        + " dddddddddddddddddddddddddddddddddddddddddddddddddd"
        + "dddddddddddddddddddddddddddddddddddddddddddddddddd,"
        + " 773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
  })
  void isTheMacOfTheStandard(String key, String message, String mac) {
    assertThat(mac(Bytes.ofHex(key), Bytes.ofHex(message)).hex()).isEqualTo(mac);
  }

  @Test
  void isTheMacOfTheStandardForAKeyLongerThanABlock() {
    var key = Bytes.ofHex("aa".repeat(131));
    var message =
        Bytes.copyOf(
            "Test Using Larger Than Block-Size Key - Hash Key First"
                .getBytes(StandardCharsets.US_ASCII));

    assertThat(mac(key, message).hex())
        .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  }

  @Test
  void takesItsPartsAsOneMessage() {
    var key = FakeEntropy.seeded(1).bytes(16);

    assertThat(mac(key, Bytes.of(1), Bytes.EMPTY, Bytes.of(2, 3)))
        .isEqualTo(mac(key, Bytes.of(1, 2, 3)));
  }

  @Test
  void leavesItsKeyAsItWas() {
    try (var key = SecretBytes.takeFrom(new byte[] {1, 2, 3})) {
      var first = HmacSha256.of(key, Bytes.of(4));

      assertThat(HmacSha256.of(key, Bytes.of(4))).isEqualTo(first);
    }
  }

  private static Bytes mac(Bytes key, Bytes... parts) {
    try (var secret = SecretBytes.takeFrom(key.toArray())) {
      return HmacSha256.of(secret, parts);
    }
  }
}
