package dev.remit.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Sample;
import dev.remit.platform.CpuSignature;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VmsaTest {
  private static final CpuSignature MILAN = new CpuSignature(25, 1, 1);
  private static final long RESET_ADDRESS = 0x80b004;

  @Test
  void bootPageIsTheOneThatSevctlMakes() {
    assertThat(Vmsa.bootProcessor(VmsaFlavour.LEGACY, MILAN))
        .isEqualTo(Sample.of("measurement/vmsa0.bin"));
  }

  @Test
  void otherPageIsTheOneThatSevctlMakes() {
    assertThat(Vmsa.applicationProcessor(VmsaFlavour.LEGACY, MILAN, RESET_ADDRESS))
        .isEqualTo(Sample.of("measurement/vmsa1.bin"));
  }

  @Test
  void flavoursDifferInTheFloatingPointUnitOnly() {
    var legacy = Vmsa.bootProcessor(VmsaFlavour.LEGACY, MILAN);
    var current = Vmsa.bootProcessor(VmsaFlavour.CURRENT, MILAN);
    assertThat(IntStream.range(0, Vmsa.PAGE_SIZE).filter(i -> legacy.at(i) != current.at(i)))
        .containsExactly(0x408, 0x409, 0x410, 0x411);
    assertThat(current.slice(0x408, 4).hex()).isEqualTo("801f0000");
    assertThat(current.slice(0x410, 2).hex()).isEqualTo("7f03");
  }

  @Test
  void splitsTheStartBetweenCodeSegmentAndInstructionPointer() {
    var page = Vmsa.applicationProcessor(VmsaFlavour.CURRENT, MILAN, 0xfedc_ba98L);
    assertThat(page.slice(0x18, 8).hex()).isEqualTo("0000dcfe00000000");
    assertThat(page.slice(0x178, 8).hex()).isEqualTo("98ba000000000000");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 32})
  void refusesAStartAbove4GiB(long start) {
    assertThatThrownBy(() -> Vmsa.applicationProcessor(VmsaFlavour.CURRENT, MILAN, start))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
