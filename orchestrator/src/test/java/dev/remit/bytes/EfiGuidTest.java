package dev.remit.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class EfiGuidTest {
  @Test
  void reversesTheFirstThreeFieldsOnly() {
    var guid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    assertThat(Bytes.efiGuid(guid).hex()).isEqualTo("33221100554477668899aabbccddeeff");
  }
}
