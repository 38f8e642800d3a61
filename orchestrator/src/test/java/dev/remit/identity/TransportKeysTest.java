package dev.remit.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.SecretBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportKeysTest {
  @Test
  void haveTheTekFirstWhereTheyAreOne() {
    byte[] octets = new byte[32];
    octets[0] = 1;
    octets[16] = 2;
    try (var both = SecretBytes.takeFrom(octets);
        var keys = TransportKeys.ofBoth(both)) {
      assertThat(keys.tek().reveal().get(0)).isEqualTo((byte) 1);
      assertThat(keys.tik().reveal().get(0)).isEqualTo((byte) 2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 31, 33})
  void have32BytesTogether(int size) {
    try (var both = SecretBytes.allocate(size)) {
      assertThatThrownBy(() -> TransportKeys.ofBoth(both))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void have16BytesEach() {
    try (var good = SecretBytes.allocate(16);
        var bad = SecretBytes.allocate(15)) {
      assertThatThrownBy(() -> new TransportKeys(good, bad))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new TransportKeys(bad, good))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void areWipedTogether() {
    var keys = new TransportKeys(SecretBytes.allocate(16), SecretBytes.allocate(16));
    keys.close();
    assertThatThrownBy(() -> keys.tek().reveal().get(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> keys.tik().reveal().get(0)).isInstanceOf(IllegalStateException.class);
  }
}
