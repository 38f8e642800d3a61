package dev.remit.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.simulator.Samples;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirmwareTableTest {
  private final Bytes amdSev = Samples.bytes("amd/ovmf_AmdSev_suffix.bin");

  @Test
  void findsTheAreasOfAnAmdSevImage() throws MalformedException {
    var table = FirmwareTable.parse(amdSev);
    assertThat(table.hashes()).contains(new FirmwareTable.Area(0x810c00, 0x400));
    assertThat(table.secrets()).contains(new FirmwareTable.Area(0x810000, 0xc00));
    assertThat(table.resetAddress()).contains(0x80b004L);
  }

  @Test
  void findsAnEmptyHashAreaInAnOrdinaryImage() throws MalformedException {
    var table = FirmwareTable.parse(Samples.bytes("amd/ovmf_OvmfX64_suffix.bin"));
    assertThat(table.hashes()).contains(new FirmwareTable.Area(0, 0));
    assertThat(table.resetAddress()).isPresent();
  }

  @Test
  void findsNothingInAnImageWithoutTheTable() throws MalformedException {
    for (int size : new int[] {0, 49, 50, 4096}) {
      assertThat(FirmwareTable.parse(Bytes.zeros(size)))
          .isEqualTo(new FirmwareTable(Optional.empty(), Optional.empty(), Optional.empty()));
    }
  }

  @Test
  void refusesATableThatIsLongerThanTheImage() {
    byte[] image = amdSev.toArray();
    image[image.length - 49] = (byte) 0xff;
    assertThatThrownBy(() -> FirmwareTable.parse(Bytes.copyOf(image)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void refusesAnEntryThatLeavesTheTable() {
    byte[] image = amdSev.toArray();
    // The length of the entry before the footer's own.
    image[image.length - 32 - 18 - 17] = (byte) 0x7f;
    assertThatThrownBy(() -> FirmwareTable.parse(Bytes.copyOf(image)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void survivesAnyFlippedBitOfTheTable() {
    for (int bit = (amdSev.size() - 512) * 8; bit < amdSev.size() * 8; bit++) {
      byte[] image = amdSev.toArray();
      image[bit / 8] ^= (byte) (1 << (bit % 8));
      try {
        FirmwareTable.parse(Bytes.copyOf(image));
      } catch (MalformedException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
