package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content.Malformed;
import dev.remit.image.Content.Verity;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerityFormatTest {
  private static final Bytes HEAD = Sample.of("image/disk/verity.head.gz");

  @Test
  void isWhatVeritysetupMade() throws IOException {
    assertThat(Examination.of(SeekableBytes.of(HEAD)).contents())
        .containsExactly(new Verity(new HostText("sha256"), 4096, 32));
  }

  @ParameterizedTest
  @CsvSource({
    "8, 02, version",
    "12, 02, kind of hashes",
    "32, 00, names no hash",
    "64, 01, data blocks",
    "68, 01, hash blocks",
    "79, ff, number of blocks",
    "72, 0000000000000000, number of blocks",
    "80, 0101, salt",
    "82, 01, reserved",
    "511, 01, reserved",
  })
  void refusesWhatCannotBe(int offset, String octets, String why) throws IOException {
    var head = Sample.overwritten(HEAD, offset, Bytes.ofHex(octets));
    assertThat(Examination.of(SeekableBytes.of(head)).contents())
        .singleElement()
        .satisfies(content -> assertThat(((Malformed) content).what()).contains(why));
  }

  @Test
  void isMalformedWhereItEndsEarly() throws IOException {
    for (int size = 8; size < HEAD.size(); size++) {
      assertThat(Examination.of(SeekableBytes.of(HEAD.slice(0, size))).contents())
          .singleElement()
          .isInstanceOf(Malformed.class);
    }
  }
}
