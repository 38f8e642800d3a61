package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.image.Content.Blank;
import dev.remit.image.Content.Lvm;
import dev.remit.image.Content.Malformed;
import dev.remit.image.Content.Swap;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LvmFormatTest {
  private static final int MIB = 1 << 20;
  private static final Bytes HEAD = Sample.of("image/disk/lvm.head.gz");
  private static final int LABEL = 512;
  private static final int AREA = 4096;

  @Test
  void readsTheVolumesThatLieInIt() throws IOException {
    assertThat(volumes(HEAD))
        .containsExactly(
            new Region(MIB, 12 * MIB, List.of(new Blank())),
            new Region(9 * MIB, 4 * MIB, List.of(new Blank())));
    var swap = Bytes.concat(HEAD.paddedTo(9 * MIB), Sample.of("image/disk/sw.gz"));
    assertThat(volumes(swap).getLast().contents()).containsExactly(new Swap(false));
  }

  /** The first volume has two extents, then a third one behind the other volume. */
  @Test
  void joinsTheSegmentsOfAVolume() throws IOException {
    var split = Sample.overwritten(HEAD.paddedTo(14 * MIB), 13 * MIB + 4086, mark());
    // The mark lies in the third extent, so that it is not at the start of what was joined.
    assertThat(volumes(split).getFirst().contents()).containsExactly(new Content.Opaque(false));
    var first = Sample.overwritten(HEAD.paddedTo(2 * MIB), MIB + 4086, mark());
    assertThat(volumes(first).getFirst().contents()).containsExactly(new Swap(false));
  }

  @Test
  void tellsWhatLiesInFreeExtents() throws IOException {
    var free = Sample.overwritten(HEAD.paddedTo(30 * MIB), 20 * MIB, Bytes.of(1));
    assertThat(volumes(free))
        .last()
        .isEqualTo(new Region(17 * MIB, 47 * MIB, List.of(new Content.Opaque(false))));
  }

  private static Bytes mark() {
    return Block.ascii("SWAPSPACE2");
  }

  /** What a checksum covers: the label, the header of the metadata and its text. */
  @Test
  void isMalformedWithAnyBitTurned() throws IOException {
    for (int bit = (LABEL + 8) * 8; bit < 2 * LABEL * 8; bit += 3) {
      assertMalformed(bit);
    }
    for (int bit = AREA * 8; bit < (AREA + 512) * 8; bit += 3) {
      assertMalformed(bit);
    }
    var block = new Block(HEAD);
    int text = AREA + (int) block.u64le(AREA + 40);
    for (int octet = text; octet < text + (int) block.u64le(AREA + 48); octet += 5) {
      assertMalformed(octet * 8 + octet % 8);
    }
  }

  private static void assertMalformed(int bit) throws IOException {
    assertThat(Examination.marksOf(disk(Sample.flipped(HEAD, bit))))
        .as("bit %d", bit)
        .singleElement()
        .isInstanceOf(Malformed.class);
  }

  @Test
  void isMalformedWhereItEndsEarly() throws IOException {
    for (int size = LABEL + 8; size < AREA + 4096; size += 31) {
      assertThat(Examination.marksOf(SeekableBytes.of(HEAD.slice(0, size))))
          .singleElement()
          .isInstanceOf(Malformed.class);
    }
  }

  @Test
  void readsTextsNumbersListsAndSections() throws MalformedException {
    var text =
        LvmText.parse(
            "# c\na { b = \"x\\\"y\" # d\n c = 12\nd = [\"e\", 3]\n f = [] } g = -1\n",
            0,
            new Budget());
    var section = text.section("a");
    assertThat(section.text("b")).isEqualTo("x\"y");
    assertThat(section.number("c")).isEqualTo(12);
    assertThat(section.list("d")).isEqualTo(List.of("e", 3L));
    assertThat(section.list("f")).isEmpty();
    assertThat(text.section("missing").sections()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a {",
        "a { b",
        "a }",
        "}",
        "a = ",
        "a = x",
        "a = \"x",
        "a = \"x\\",
        "a = [1",
        "a = [1,",
        "a = [1 2]",
        "a = [[1]]",
        "a = 1 a = 2",
        "a = 1234567890123456789",
        "a = -",
        "= 1",
        "a{b{c{d{e{f{g{h{i{j=1}}}}}}}}}",
      })
  void refusesATextThatIsBroken(String text) {
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> LvmText.parse(text, 0, new Budget()))
        .isInstanceOf(MalformedException.class);
  }

  private static List<Region> volumes(Bytes head) throws IOException {
    var contents = Examination.of(disk(head)).contents();
    assertThat(contents).singleElement().isInstanceOf(Lvm.class);
    return ((Lvm) contents.getFirst()).volumes();
  }

  /** 64 MiB, as it was made. */
  private static SeekableBytes disk(Bytes head) {
    return LuksSample.file(head, 64 * MIB);
  }
}
