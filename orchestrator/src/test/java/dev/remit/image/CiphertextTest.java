package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CiphertextTest {
  private static final int SIZE = 1 << 20;
  private static final int BLOCK = 4096;

  @Test
  void looksRandomEverywhere() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      assertThat(firstPlain(random(seed))).isEqualTo(-1);
    }
  }

  @Test
  void mayLieBesideWhatWasNeverWritten() throws Exception {
    for (int fill : new int[] {0, 0xff, 0xf6}) {
      var unwritten = Bytes.copyOf(new byte[] {(byte) fill});
      var disk = random(1);
      for (int at = 0; at < SIZE; at += BLOCK) {
        // Half a sector of a block is left as it was.
        disk = Sample.overwritten(disk, at, repeated(unwritten, 512 * (at / BLOCK % 8)));
      }
      assertThat(firstPlain(disk)).as("filled with %d", fill).isEqualTo(-1);
    }
  }

  @Test
  void isNotATextNorAProgram() throws Exception {
    var text = text("user=root password=hunter2, and so on; ".repeat(BLOCK / 32)).slice(0, BLOCK);
    var base64 = Base64.getEncoder().encodeToString(random(2).slice(0, BLOCK).toArray());
    for (var plain :
        new Bytes[] {
          text, text(base64).slice(0, BLOCK), Sample.of("firmware/ovmf_AmdSev_suffix.bin")
        }) {
      assertThat(firstPlain(Sample.overwritten(random(3), 37 * BLOCK, plain)))
          .isEqualTo(37 * BLOCK);
    }
  }

  @Test
  void isFoundMissingInAPartOfABlock() throws Exception {
    var text = text("a line of a log\n".repeat(64)).slice(0, 1024);
    assertThat(firstPlain(Sample.overwritten(random(4), 5 * BLOCK + 1024, text)))
        .isEqualTo(5 * BLOCK);
  }

  @Test
  void isNoDisguiseForWhatLiesInTheSecondHalf() throws Exception {
    var text = text("plain text line\n".repeat(SIZE / 32));
    assertThat(firstPlain(Sample.overwritten(random(5), SIZE / 2, text))).isEqualTo(SIZE / 2);
  }

  /** As much as the budget of one look allows; then nobody can say. */
  @Test
  void isNotVouchedForWithoutALook() throws Exception {
    var budget = new Budget();
    budget.sample(1L << 30, 0);

    assertThatThrownBy(() -> Ciphertext.firstPlain(SeekableBytes.of(random(6)), 0, SIZE, budget))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("more to be sampled");
  }

  private static long firstPlain(Bytes disk) throws Exception {
    return Ciphertext.firstPlain(SeekableBytes.of(disk), 0, disk.size(), new Budget()).orElse(-1);
  }

  static Bytes random(int seed) {
    var octets = new byte[SIZE];
    new Random(seed).nextBytes(octets);
    return Bytes.copyOf(octets);
  }

  private static Bytes text(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Bytes repeated(Bytes one, int count) {
    var all = new byte[count];
    Arrays.fill(all, (byte) one.at(0));
    return Bytes.copyOf(all);
  }
}
