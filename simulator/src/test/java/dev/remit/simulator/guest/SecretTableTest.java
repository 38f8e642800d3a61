package dev.remit.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SecretTableTest {
  private static final String LUKS = "736869e5-84f0-4973-92ec-06879ce3da0b";
  private static final Bytes TABLE =
      Bytes.concat(
          Guid.of("1e74f542-71dd-4d66-963e-ef4287ff173b"),
          Bytes.le32(20 + 23 + 20),
          Guid.of(LUKS),
          Bytes.le32(23),
          Bytes.of(1, 2, 3),
          Guid.of("00000000-0000-0000-0000-000000000001"),
          Bytes.le32(20),
          Bytes.zeros(1));

  @Test
  void namesTheSecretsAndTheirSizes() {
    assertThat(SecretTable.entries(TABLE.toArray()))
        .containsExactly(
            new SecretTable.Entry(UUID.fromString(LUKS), 3),
            new SecretTable.Entry(new UUID(0, 1), 0));
  }

  @Test
  void namesNothingOfOtherOctets() {
    assertThat(SecretTable.entries(new byte[64])).isEmpty();
    assertThat(SecretTable.entries(new byte[0])).isEmpty();
  }

  @Test
  void survivesAnyFlippedBitAndAnyCut() {
    for (int bit = 0; bit < TABLE.size() * 8; bit++) {
      byte[] flipped = TABLE.toArray();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(SecretTable.entries(flipped)).hasSizeLessThanOrEqualTo(2);
    }
    for (int size = 0; size < 63; size++) {
      assertThat(SecretTable.entries(TABLE.slice(0, size).toArray())).isEmpty();
    }
  }
}
