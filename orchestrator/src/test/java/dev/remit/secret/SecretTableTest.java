package dev.remit.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretTableTest {
  private static final UUID DISK = UUID.fromString("736869e5-84f0-4973-92ec-06879ce3da0b");
  private static final UUID OTHER = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

  @Test
  void holdsEachSecretUnderItsGuid() {
    var table = built(entry(DISK, 1, 2, 3), entry(OTHER, 4));

    assertThat(table.hex())
        .isEqualTo(
            "42f5741edd71664d963eef4287ff173b" // 1e74f542-71dd-4d66-963e-ef4287ff173b
                + "40000000" // 20 + 23 + 21, without the padding
                + "e5696873f084734992ec06879ce3da0b"
                + "17000000"
                + "010203"
                + "33221100554477668899aabbccddeeff"
                + "15000000"
                + "04");
  }

  @Test
  void isPaddedWithZerosToTheNextBlockOnly() {
    assertThat(built(entry(DISK, 9)).size()).isEqualTo(48);
    assertThat(built(entry(DISK, 9)).slice(41, 7).isZero()).isTrue();
    assertThat(built(entry(DISK, 1, 2, 3, 4, 5, 6, 7, 8)).size()).isEqualTo(48);
    assertThat(built(entry(DISK, 1, 2, 3, 4, 5, 6, 7, 8, 9)).size()).isEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 48",
    "8, 48",
    "9, 64",
    "24, 64",
    "3032, 3072",
    "3033, 3088",
    "16343, 16384",
    "16344, 16384",
    "16345, 16400",
    "2147483647, 2147483696",
  })
  void hasASizeThatIsKnownBeforehand(int valueSize, long paddedSize) {
    assertThat(SecretTable.paddedSize(List.of(valueSize))).isEqualTo(paddedSize);
  }

  @Test
  void hasTheSizeThatWasForetold() {
    assertThat((long) built(entry(DISK, 1, 2, 3), entry(OTHER, 4)).size())
        .isEqualTo(SecretTable.paddedSize(List.of(3, 1)));
  }

  @Test
  void isNotBuiltWithoutASecret() {
    assertThatThrownBy(() -> SecretTable.build(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isNotBuiltWithTwoSecretsUnderOneGuid() {
    var twice = List.of(entry(DISK, 1), entry(DISK, 2));

    assertThatThrownBy(() -> SecretTable.build(twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a GUID of its own");
  }

  @Test
  void isNotBuiltLargerThanFirmwareTakes() {
    try (var largest = SecretBytes.allocate(16344);
        var larger = SecretBytes.allocate(16345);
        var table = SecretTable.build(List.of(new SecretEntry(DISK, largest)))) {
      var tooMuch = List.of(new SecretEntry(DISK, larger));

      assertThat(table.size()).isEqualTo(SecretTable.LARGEST);
      assertThatThrownBy(() -> SecretTable.build(tooMuch))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("16400");
    }
  }

  @Test
  void hasNoEmptySecrets() {
    try (var empty = SecretBytes.allocate(0)) {
      assertThatThrownBy(() -> new SecretEntry(DISK, empty))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void isNotShownByASecretsName() {
    assertThat(entry(DISK, 0x41, 0x42).toString()).doesNotContain("AB").contains("2 bytes");
  }

  private static SecretEntry entry(UUID guid, int... value) {
    return new SecretEntry(guid, SecretBytes.takeFrom(Bytes.of(value).toArray()));
  }

  @RevealsSecret(because = "a test looks at it")
  private static Bytes built(SecretEntry... entries) {
    try (var table = SecretTable.build(List.of(entries))) {
      return table.lend(Bytes::copyOf);
    }
  }
}
