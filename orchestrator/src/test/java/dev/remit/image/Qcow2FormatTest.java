package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content.Blank;
import dev.remit.image.Content.HostEncryption;
import dev.remit.image.Content.Malformed;
import dev.remit.image.Content.PartitionTable;
import dev.remit.image.Content.Qcow2;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Qcow2FormatTest {
  private static final Bytes V3 = sample("v3");
  private static final Bytes DISK = Sample.of("image/disk/gpt.gz");

  // In all samples, as qemu-img makes them.
  private static final int CLUSTER = 1 << 16;
  private static final int LEVEL1 = 3 * CLUSTER;
  private static final int LEVEL2 = 4 * CLUSTER;

  @ParameterizedTest
  @ValueSource(strings = {"v2", "v3", "deflate", "zstd", "extended", "snap"})
  void showsTheDiskOfTheGuest(String name) throws IOException {
    var image = only(sample(name));
    assertThat(image.encryption()).isEqualTo(HostEncryption.NONE);
    assertThat(image.version()).isEqualTo(name.equals("v2") ? 2 : 3);
    assertThat(image.snapshots()).isEqualTo(name.equals("snap") ? 1 : 0);
    var raw = Examination.of(SeekableBytes.of(DISK));
    assertThat(image.disk().orElseThrow()).isEqualTo(raw);
  }

  /** Octet by octet what "qemu-img convert" started from, and holes only where it has zeros. */
  @ParameterizedTest
  @ValueSource(strings = {"v2", "v3", "deflate", "zstd", "extended"})
  void readsWhatTheGuestReads(String name) throws Exception {
    var disk = disk(sample(name));
    assertThat(disk.size()).isEqualTo(DISK.size());
    assertThat(disk.read(0, DISK.size())).isEqualTo(DISK);
    assertThat(disk.read(1_000_001, 70_000)).isEqualTo(DISK.slice(1_000_001, 70_000));
    for (long at = 0; at < disk.size(); ) {
      long data = disk.nextData(at, disk.size());
      assertThat(DISK.slice((int) at, (int) (data - at)).isZero()).isTrue();
      at = data + 512;
    }
    assertThat(disk.nextData(0x300000, 0x380000)).isEqualTo(0x380000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v2", "v3", "deflate", "zstd", "extended", "snap"})
  void tellsOfNothingThatIsNoPartOfIt(String name) throws IOException {
    assertThat(only(sample(name)).stray()).isEmpty();
    assertThat(only(Bytes.concat(sample(name), CiphertextTest.random(1))).stray()).isEmpty();
  }

  @Test
  void tellsWhereSomethingPlainIsNoPartOfIt() throws IOException {
    var line = "what the guest deleted a year ago\n".getBytes(StandardCharsets.US_ASCII);
    var text = Bytes.concat(Collections.nCopies(2_000, Bytes.copyOf(line)).toArray(Bytes[]::new));
    assertThat(only(Bytes.concat(V3, text)).stray().orElseThrow())
        .isBetween((long) V3.size() - CLUSTER, (long) V3.size() + CLUSTER);
    assertThat(only(Bytes.concat(V3, CiphertextTest.random(1), text)).stray().orElseThrow())
        .isGreaterThan(V3.size());
  }

  @Test
  void namesABackingFileAndGuessesNothingOfTheDisk() throws IOException {
    var image = only(sample("over"));
    assertThat(image.backingFile()).contains(new HostText("base.qcow2"));
    assertThat(image.disk()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"over, base.qcow2", "overraw, base.raw"})
  void seesTheDiskThroughABackingFileThatWasGiven(String name, String base) throws IOException {
    var below = base.endsWith("raw") ? DISK : V3;
    var image = (Qcow2) with(sample(name), Map.of(base, below)).getFirst();
    var table = (PartitionTable) image.disk().orElseThrow().contents().getFirst();
    assertThat(table.partitions()).hasSize(2);
    // What only the upper image has: 64 KiB of letters behind the partitions.
    assertThat(table.between())
        .extracting(Region::contents)
        .containsExactly(List.of(new Content.Opaque(false)));
  }

  @Test
  void takesABackingFileForWhatTheImageSays() throws IOException {
    assertThat(what(with(sample("over"), Map.of("base.qcow2", DISK))))
        .isEqualTo("its backing file is not a qcow2 image");
    var unsaid = Sample.overwritten(sample("over"), formatExtension(), Bytes.ofHex("00000001"));
    var image = (Qcow2) with(unsaid, Map.of("base.qcow2", V3)).getFirst();
    assertThat(image.disk()).isEmpty();
  }

  @Test
  void refusesAChainThatComesBack() throws IOException {
    var over = sample("over");
    assertThat(what(with(over, Map.of("base.qcow2", over)))).contains("comes back to where it was");
  }

  @Test
  void refusesAChainThatIsTooLong() throws IOException {
    var files = new java.util.HashMap<String, Bytes>();
    for (int i = 0; i < 20; i++) {
      files.put("base%06d".formatted(i), renamed(i + 1));
    }
    assertThat(what(with(renamed(0), files))).contains("longer than Remit follows");
  }

  private static Bytes renamed(int number) {
    var over = sample("over");
    int name = (int) new Block(over).u64be(8);
    return Sample.overwritten(over, name, Block.ascii("base%06d".formatted(number)));
  }

  @Test
  void namesADataFileAndSeesTheDiskWhereItWasGiven() throws IOException {
    var image = only(sample("external"));
    assertThat(image.dataFile()).contains(new HostText("data.raw"));
    assertThat(image.disk()).isEmpty();
    var given = (Qcow2) with(sample("external"), Map.of("data.raw", DISK)).getFirst();
    assertThat(given.disk()).contains(Examination.of(SeekableBytes.of(DISK)));
  }

  @Test
  void isEncryptedByTheHost() throws IOException {
    var image = only(sample("aes"));
    assertThat(image.encryption()).isEqualTo(HostEncryption.AES);
    assertThat(image.disk()).isEmpty();
    var luks = Sample.overwritten(sample("aes"), 32, Bytes.of(0, 0, 0, 2));
    assertThat(only(luks).encryption()).isEqualTo(HostEncryption.LUKS);
    var later = Sample.overwritten(sample("aes"), 32, Bytes.of(0, 0, 0, 3));
    assertThat(only(later).encryption()).isEqualTo(HostEncryption.UNKNOWN);
    assertThat(only(later).disk()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "4, 00000004, version",
    "20, 00000008, clusters have a size",
    "20, 00000016, clusters have a size",
    "20, ffffffff, clusters have a size",
    "24, ffffffffffffffff, larger than any",
    "24, 7fffffffffffffff, first table does not fit",
    "24, 0000000020000001, first table does not fit",
    "36, 00000000, first table does not fit",
    "36, 00400001, first table does not fit",
    "40, 0000000000000000, does not lie in the file",
    "40, 0000000000010001, does not lie in the file",
    "40, 7fffffffffff0000, does not lie in the file",
    "40, ffffffffffff0000, does not lie in the file",
    "60, 00010001, more snapshots",
    "72, 0000000000000002, corrupt",
    "72, 0000000000000008, compression",
    "72, 0000000000000020, feature",
    "72, 8000000000000000, feature",
    "100, 00000060, length",
    "100, 00000069, length",
    "100, ffffffff, length",
    "104, 01, compression",
    "105, 01, fields",
  })
  void refusesAHeaderThatCannotBe(int offset, String octets, String why) throws IOException {
    assertThat(what(contents(Sample.overwritten(V3, offset, Bytes.ofHex(octets))))).contains(why);
  }

  @ParameterizedTest
  @CsvSource({
    "0000000000040001, reserved bits",
    "4000000000040000, reserved bits",
    "8000000000000000, entry for nothing",
    "8000000000000200, does not lie in the file",
    "8000000000030000, lies in the first one",
    "000000007fff0000, does not lie in the file",
    "00fffffffffffe00, does not lie in the file",
  })
  void refusesAFirstTableThatCannotBe(String entry, String why) throws IOException {
    assertThat(what(contents(Sample.overwritten(V3, LEVEL1, Bytes.ofHex(entry))))).contains(why);
  }

  @ParameterizedTest
  @CsvSource({
    "8000000000050002, reserved bits",
    "8100000000050000, reserved bits",
    "8000000000050200, middle of one",
    "000000007fff0000, behind the file",
    "c000000000050000, marked as used once",
    "400000007fff0000, behind the file",
    "7fffffffffffffff, behind the file",
  })
  void refusesATableThatCannotBe(String entry, String why) throws IOException {
    assertThat(what(contents(Sample.overwritten(V3, LEVEL2, Bytes.ofHex(entry))))).contains(why);
  }

  @Test
  void refusesTwoEntriesForOneTable() throws IOException {
    var twice = Bytes.ofHex("80000000000400008000000000040000");
    var larger = Sample.overwritten(V3, 36, Bytes.ofHex("00000002"));
    assertThat(what(contents(Sample.overwritten(larger, LEVEL1, twice))))
        .isEqualTo("two entries share a table");
  }

  @Test
  void refusesAClusterThatIsPackedAndIsNot() throws IOException {
    assertThat(what(contents(Sample.overwritten(V3, LEVEL2, Bytes.ofHex("4000000000060000")))))
        .contains("does not unpack");
  }

  @Test
  void readsZerosWhereATableSaysSo() throws Exception {
    var zeros = Sample.overwritten(V3, LEVEL2, Bytes.ofHex("8000000000050001"));
    var disk = disk(zeros);
    assertThat(disk.read(0, CLUSTER).isZero()).isTrue();
    assertThat(disk.nextData(0, CLUSTER)).isEqualTo(CLUSTER);
  }

  @Test
  void refusesAPartThatIsThereAndZero() throws IOException {
    var extended = sample("extended");
    int table = (int) (new Block(extended).u64be(LEVEL1) & 0xffffff);
    assertThat(
            what(
                contents(Sample.overwritten(extended, table + 8, Bytes.ofHex("00000001ffffffff")))))
        .contains("both there and zero");
    assertThat(what(contents(Sample.overwritten(extended, table, Bytes.ofHex("0000000000000000")))))
        .contains("its cluster is not");
  }

  @Test
  void isAnotherFormatByVersionOne() throws IOException {
    var old = Bytes.concat(Qcow2Header.MAGIC, Bytes.of(0, 0, 0, 1), Bytes.zeros(100));
    assertThat(contents(old))
        .containsExactly(new Content.OtherContainer("a qcow image of version 1"));
  }

  /** Of every size it is read or refused, and nothing goes wrong. */
  @Test
  void isRefusedWhereItEndsEarly() throws IOException {
    for (int size = 8; size < V3.size(); size += size < 512 ? 1 : 4093) {
      var contents = contents(V3.slice(0, size));
      if (size <= LEVEL2) {
        assertThat(contents.getFirst()).as("%d", size).isInstanceOf(Malformed.class);
      }
    }
  }

  /** A flip in a number that says where data lies may show other data; it never ends in a crash. */
  @ParameterizedTest
  @ValueSource(strings = {"v3", "zstd", "deflate", "extended", "over", "external"})
  void comesThroughEveryBitFlip(String name) throws IOException {
    var image = sample(name);
    var disk = HoledDisk.of(image);
    var files = Map.of("base.qcow2", HoledDisk.of(V3), "data.raw", HoledDisk.of(DISK));
    var places = new ArrayList<Integer>();
    for (int at = 4; at < 120; at++) {
      places.add(at);
    }
    // Extensions of the header: types, sizes and the first letters.
    for (int at = 120; at < 640; at += 4) {
      places.add(at);
    }
    int table = (int) (new Block(image).u64be(LEVEL1) & 0xffffff);
    for (int i = 0; i < 16; i++) {
      places.add(LEVEL1 + i % 8);
      if (table > 0) {
        places.add(table + i);
        places.add(table + 256 + i);
      }
    }
    for (int at : places) {
      for (int bit = 0; bit < 8; bit++) {
        var contents =
            Examination.of(
                    disk.flipped(at * 8 + bit),
                    asked -> Optional.ofNullable(files.get(asked.raw())))
                .contents();
        assertThat(contents.getFirst())
            .isInstanceOfAny(Qcow2.class, Malformed.class, Content.OtherContainer.class);
      }
    }
  }

  /** Packed data that is wrong is refused or gives other data, whatever its decompressor does. */
  @ParameterizedTest
  @ValueSource(strings = {"zstd", "deflate"})
  void comesThroughEveryBitFlipOfPackedData(String name) throws IOException {
    var image = sample(name);
    long first = new Block(image).u64be(LEVEL2) & (1L << 54) - 1;
    int end = (int) Math.min(first + 180, image.size());
    var disk = HoledDisk.of(image);
    for (int bit = (int) first * 8; bit < end * 8; bit++) {
      assertThat(Examination.of(disk.flipped(bit)).contents()).isNotEmpty();
    }
  }

  @Test
  void opensNothingThatTheImageNames() throws IOException {
    var asked = new ArrayList<HostText>();
    Companions companions =
        name -> {
          asked.add(name);
          return Optional.empty();
        };
    Examination.of(SeekableBytes.of(sample("over")), companions);
    assertThat(asked).containsExactly(new HostText("base.qcow2"));
  }

  /** 20 GiB of which nothing is written: a file that counts how much of it is read. */
  @Test
  void readsLittleOfALargeAndEmptyDisk() throws IOException {
    int entries = 40;
    var head =
        Bytes.concat(
            V3.slice(0, 24),
            Bytes.ofHex("0000000500000000"),
            V3.slice(32, 4),
            Bytes.ofHex("00000028"),
            V3.slice(40, LEVEL1 - 40),
            Bytes.zeros(entries * 8));
    var reads = new long[1];
    var counted = counted(head, reads);
    var image = (Qcow2) Examination.of(counted).contents().getFirst();
    assertThat(image.disk().orElseThrow().contents()).containsExactly(new Blank());
    assertThat(image.disk().orElseThrow().size()).isEqualTo(20L << 30);
    assertThat(reads[0]).isLessThan(4 << 20);
  }

  /** As many tables as QEMU takes, in a file that is one hole: the work has a bound. */
  @Test
  void givesUpOnMoreTablesThanAnybodyHas() {
    int entries = 4 << 20;
    long start = 1L << 30;
    var file =
        new SeekableBytes() {
          @Override
          public long size() {
            return 1L << 50;
          }

          @Override
          public Bytes read(long offset, int length) throws EOFException {
            if (offset < LEVEL1) {
              var head =
                  Bytes.concat(
                      V3.slice(0, 24),
                      Bytes.ofHex("0000100000000000"),
                      V3.slice(32, 4),
                      Bytes.ofHex("00400000"),
                      V3.slice(40, LEVEL1 - 40),
                      Bytes.zeros(length));
              return head.slice((int) offset, length);
            }
            byte[] read = new byte[length];
            for (int i = 0; i + 8 <= length && offset < LEVEL1 + 8L * entries; i += 8) {
              long entry = start + (offset + i - LEVEL1) / 8 * CLUSTER;
              java.nio.ByteBuffer.wrap(read).putLong(i, entry);
            }
            return Bytes.copyOf(read);
          }
        };
    org.junit.jupiter.api.Assertions.assertTimeout(
        Duration.ofMinutes(1),
        () ->
            assertThat(what(Examination.of(file).contents()))
                .isEqualTo("its tables are larger than Remit reads"));
  }

  private static int formatExtension() {
    var over = new Block(sample("over"));
    int at = (int) over.u32be(100);
    while ((int) over.u32be(at) != 0xe2792aca) {
      at += 8 + (int) (over.u32be(at + 4) + 7) / 8 * 8;
    }
    return at;
  }

  private static SeekableBytes counted(Bytes held, long[] reads) {
    var whole = SeekableBytes.of(held);
    return new SeekableBytes() {
      @Override
      public long size() {
        return whole.size();
      }

      @Override
      public Bytes read(long offset, int length) throws IOException {
        reads[0] += length;
        return whole.read(offset, length);
      }
    };
  }

  private static SeekableBytes disk(Bytes image) throws Exception {
    var file = SeekableBytes.of(image);
    return new Qcow2Disk(
        file, Qcow2Header.parse(file), Optional.of(file), Optional.empty(), new Budget());
  }

  private static Qcow2 only(Bytes image) throws IOException {
    var contents = contents(image);
    assertThat(contents).singleElement().isInstanceOf(Qcow2.class);
    return (Qcow2) contents.getFirst();
  }

  private static String what(List<Content> contents) {
    assertThat(contents.getFirst()).isInstanceOf(Malformed.class);
    return ((Malformed) contents.getFirst()).what();
  }

  private static List<Content> contents(Bytes image) throws IOException {
    return Examination.of(SeekableBytes.of(image)).contents();
  }

  private static List<Content> with(Bytes image, Map<String, Bytes> files) throws IOException {
    return Examination.of(
            SeekableBytes.of(image),
            name -> Optional.ofNullable(files.get(name.raw())).map(HoledDisk::of))
        .contents();
  }

  private static Bytes sample(String name) {
    return Sample.of("image/disk/" + name + ".qcow2.gz");
  }
}
