package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content.Malformed;
import dev.remit.image.Content.Verity;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerityFormatTest {
  private static final Bytes HEAD = Sample.of("image/disk/verity.head.gz");

  @Test
  void isWhatVeritysetupMade() throws IOException {
    assertThat(Examination.of(SeekableBytes.of(HEAD)).contents())
        .containsExactly(
            new Verity(
                new HostText("sha256"), 4096, 32, Optional.of("it ends before its hashes do")));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 127, 128, 129, 5_000})
  void vouchesForTheDataThatItIsOver(int blocks) throws Exception {
    var sample = new VeritySample(blocks);
    assertThat(flaw(sample.tree())).isEmpty();
    assertThat(covers(sample.tree(), sample.data())).isTrue();
    assertThat(covers(sample.tree(), Bytes.concat(sample.data(), Bytes.zeros(9_000)))).isTrue();
  }

  @Test
  void vouchesForNothingElse() throws Exception {
    var sample = new VeritySample(300);
    var data = sample.data();
    assertThat(covers(sample.tree(), Sample.flipped(data, 8 * data.size() - 1))).isFalse();
    assertThat(covers(sample.tree(), Sample.flipped(data, 0))).isFalse();
    assertThat(covers(sample.tree(), data.slice(0, data.size() - 1))).isFalse();
    assertThat(covers(sample.tree(), Bytes.concat(data, Bytes.of(1)))).isFalse();
    assertThat(covers(sample.tree(), Bytes.zeros(data.size()))).isFalse();
  }

  @Test
  void vouchesForNothingByItsSuperblockAlone() throws IOException {
    var tree = new VeritySample(300).tree();
    var head = tree.slice(0, 512);
    assertThat(flaw(head.paddedTo(tree.size()))).contains("its hashes are blank");
    assertThat(flaw(tree.slice(0, tree.size() - 1))).contains("it ends before its hashes do");
    assertThat(flaw(Sample.flipped(tree, 8 * (tree.size() - 4096))))
        .contains("its hashes contradict each other");
    assertThat(flaw(Bytes.concat(tree, Bytes.of(1)))).contains("something lies behind its hashes");
    assertThat(flaw(Sample.overwritten(tree, 32, Bytes.copyOf(new byte[] {'x'}))))
        .contains("Remit does not compute its hash");
    assertThat(flaw(Sample.overwritten(tree, 12, Bytes.of(0))))
        .contains("its hashes are of an old kind");
  }

  @Test
  void isFoundBesideWhatItIsOver() throws IOException {
    var root = FatSample.small().bytes();
    int blocks = (root.size() + 4095) / 4096;
    var sample = new VeritySample(root.paddedTo(blocks * 4096));
    var tree = sample.tree();
    int first = 8;
    int second = first + sample.data().size() / 512;
    var table =
        Bytes.concat(
            Bytes.zeros(446),
            entry(first, sample.data()),
            entry(second, tree),
            Bytes.zeros(32),
            Bytes.of(0x55, 0xaa),
            Bytes.zeros((first - 1) * 512));
    var disk = Examination.of(SeekableBytes.of(Bytes.concat(table, sample.data(), tree)));
    assertThat(((Content.PartitionTable) disk.contents().getFirst()).partitions())
        .extracting(partition -> partition.region().contents().getLast().title())
        .containsExactly("data under a tree of dm-verity hashes", "a tree of dm-verity hashes");
  }

  /** Of a table of partitions in an MBR, for a Linux partition. */
  private static Bytes entry(int sector, Bytes content) {
    int count = content.size() / 512;
    return Bytes.concat(
        Bytes.of(0, 0, 0, 0, 0x83, 0, 0, 0),
        Bytes.of(sector & 0xff, sector >> 8, 0, 0),
        Bytes.of(count & 0xff, count >> 8, 0, 0));
  }

  private static Optional<String> flaw(Bytes region) throws IOException {
    return ((Verity) Examination.of(SeekableBytes.of(region)).contents().getFirst()).flaw();
  }

  private static boolean covers(Bytes tree, Bytes data) throws Exception {
    return VeritySample.parsed(tree).covers(SeekableBytes.of(data), new Budget());
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
