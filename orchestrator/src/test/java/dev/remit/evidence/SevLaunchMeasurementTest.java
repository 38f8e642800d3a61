package dev.remit.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import org.junit.jupiter.api.Test;

final class SevLaunchMeasurementTest {
  private static final Bytes BLOB =
      Bytes.concat(Bytes.ofHex("aa".repeat(32)), Bytes.ofHex("bb".repeat(16)));

  @Test
  void readsMeasureNonceVersionAndPolicy() throws MalformedException {
    var measurement = SevLaunchMeasurement.parse(BLOB, 1, 55, 21, 0x3301_002f);
    assertThat(measurement.measure()).isEqualTo(Bytes.ofHex("aa".repeat(32)));
    assertThat(measurement.nonce()).isEqualTo(Bytes.ofHex("bb".repeat(16)));
    assertThat(measurement.firmware()).hasToString("api 1.55 build 21");
    assertThat(measurement.policy().bits()).isEqualTo(0x3301_002f);
  }

  @Test
  void refusesEveryOtherLength() {
    for (int size = 0; size <= 2 * BLOB.size(); size++) {
      if (size != BLOB.size()) {
        var other = Bytes.zeros(size);
        assertThatExceptionOfType(MalformedException.class)
            .as("%d bytes", size)
            .isThrownBy(() -> SevLaunchMeasurement.parse(other, 1, 55, 21, 0));
      }
    }
  }

  @Test
  void refusesVersionsThatAreNoBytes() {
    for (int wrong : new int[] {256, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> SevLaunchMeasurement.parse(BLOB, wrong, 55, 21, 0));
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> SevLaunchMeasurement.parse(BLOB, 1, wrong, 21, 0));
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> SevLaunchMeasurement.parse(BLOB, 1, 55, wrong, 0));
    }
  }

  @Test
  void refusesEachReservedBitOfThePolicy() {
    for (int bit = 6; bit < 16; bit++) {
      int policy = 1 << bit;
      assertThatExceptionOfType(MalformedException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> SevLaunchMeasurement.parse(BLOB, 1, 55, 21, policy));
    }
  }
}
