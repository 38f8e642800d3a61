package dev.remit.measurement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VmsaPageTest {
  private static final Bytes OTHER = Sample.of("measurement/vmsa1.bin");

  @Test
  void losesNoOctet() {
    var silent = new ArrayList<Integer>();
    for (int octet = 0; octet < Vmsa.PAGE_SIZE; octet++) {
      var page = new VmsaPage(Bytes.concat(Bytes.zeros(octet), Bytes.of(1)).paddedTo(4096));
      boolean named = page.fields().stream().anyMatch(field -> !field.value().isZero());
      if (named == !page.unnamed().isEmpty()) {
        silent.add(octet);
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void namesNoFieldTwice() {
    var names = new HashSet<String>();
    assertThat(new VmsaPage(OTHER).fields()).allMatch(field -> names.add(field.name()));
  }

  @Test
  void tellsWhereTheVcpuStarts() {
    assertThat(new VmsaPage(OTHER).start()).isEqualTo(0x80b004);
    assertThat(new VmsaPage(Sample.of("measurement/vmsa0.bin")).startsAtResetVector()).isTrue();
    assertThat(new VmsaPage(OTHER).startsAtResetVector()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4095, 4097})
  void isExactlyOnePage(int size) {
    assertThatThrownBy(() -> VmsaPage.parse(Bytes.zeros(size)))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 32})
  void startsBelow4GiB(long start) {
    assertThatThrownBy(() -> new VmsaPage(OTHER).withStart(start))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
