package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content.Malformed;
import dev.remit.image.Content.Partition;
import dev.remit.image.Content.PartitionTable;
import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTableTest {
  private static final Bytes GPT = Sample.of("image/disk/gpt.gz");
  private static final Bytes MBR = Sample.of("image/disk/mbr.gz");
  private static final int SECTOR = 512;
  private static final int LAST = GPT.size() - SECTOR;
  private static final int ENTRIES = 2 * SECTOR;
  private static final int ENTRY = 128;

  @Nested
  class OfAGpt {
    @Test
    void tellsWhatSfdiskMade() throws IOException {
      var table = table(GPT);
      assertThat(table.title()).isEqualTo("a GPT partition table");
      assertThat(table.flaws()).isEmpty();
      assertThat(table.between()).isEmpty();
      assertThat(table.partitions())
          .extracting(Partition::number, Partition::type, Partition::name)
          .containsExactly(
              tuple(1, "0fc63daf-8483-4772-8e79-3d69d8477de4", new HostText("data")),
              tuple(2, "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f", new HostText("swap")));
      assertThat(table.partitions())
          .extracting(partition -> partition.region().offset())
          .containsExactly(1L << 20, 2L << 20);
      assertThat(titles(table)).containsExactly("an ext2, ext3 or ext4 file system", "a swap area");
    }

    @Test
    void tellsOneOfLargeSectorsToo() throws IOException {
      var table = table(large());
      assertThat(table.flaws()).isEmpty();
      assertThat(table.partitions())
          .extracting(partition -> partition.region().offset())
          .containsExactly(1L << 20);
    }

    /** The same table with sectors of 4,096 bytes, and one partition. */
    private static Bytes large() {
      var disk = Bytes.zeros(4 << 20);
      disk = Sample.overwritten(disk, 446, GPT.slice(446, 66));
      var entries =
          Bytes.concat(
                  GPT.slice(ENTRIES, 32), le64(256), le64(511), GPT.slice(ENTRIES + 48, ENTRY - 48))
              .paddedTo(128 * ENTRY);
      disk = Sample.overwritten(disk, 2 * 4096, entries);
      disk = Sample.overwritten(disk, (1023 - 4) * 4096, entries);
      disk = Sample.overwritten(disk, 4096, header(1, 1023, 2, entries));
      return Sample.overwritten(disk, 1023 * 4096, header(1023, 1, 1019, entries));
    }

    private static Bytes header(long lba, long other, long entriesLba, Bytes entries) {
      var header =
          Bytes.concat(
              GPT.slice(SECTOR, 16),
              Bytes.zeros(8),
              le64(lba),
              le64(other),
              le64(6),
              le64(1018),
              GPT.slice(SECTOR + 56, 16),
              le64(entriesLba),
              Bytes.le32(128),
              Bytes.le32(ENTRY),
              Bytes.le32(checksum(entries)));
      return Sample.overwritten(header, 16, Bytes.le32(checksum(header)));
    }

    @Test
    void tellsWhatLiesBesideThePartitions() throws IOException {
      for (int at : new int[] {100 * SECTOR, 5120 * SECTOR, 8000 * SECTOR}) {
        var table = table(Sample.overwritten(GPT, at, Bytes.of(1)));
        assertThat(table.between())
            .singleElement()
            .satisfies(region -> {
              assertThat(region.offset()).isLessThanOrEqualTo(at);
              assertThat(region.contents()).containsExactly(new Content.Opaque(false));
            });
      }
    }

    /** Every bit that a checksum covers, in both copies. */
    @Test
    void isFlawedWithAnyBitOfACopyTurned() throws IOException {
      for (int copy : new int[] {SECTOR, LAST}) {
        flip(copy, 100);
      }
      for (int copy : new int[] {ENTRIES, LAST - 32 * SECTOR}) {
        flip(copy, 2 * ENTRY);
        flip(copy + 127 * ENTRY, 8);
      }
    }

    private static void flip(int from, int length) throws IOException {
      var disk = HoledDisk.of(GPT);
      for (int bit = from * 8; bit < (from + length) * 8; bit++) {
        var table = tables(disk.flipped(bit)).getFirst();
        assertThat(table.flaws()).as("bit %d", bit).isNotEmpty();
        assertThat(titles(table)).contains("an ext2, ext3 or ext4 file system", "a swap area");
      }
    }

    @Test
    void isMalformedWithBothCopiesBroken() throws IOException {
      var broken = Sample.flipped(Sample.flipped(GPT, (SECTOR + 60) * 8), (LAST + 60) * 8);
      assertThat(contents(broken))
          .contains(new Malformed("a GPT partition table", SECTOR, "no copy of it is whole"));
    }

    @Test
    void isFlawedWithoutOneCopy() throws IOException {
      assertThat(table(erased(GPT, SECTOR)).flaws()).containsExactly("its first copy is missing");
      assertThat(table(erased(GPT, LAST)).flaws())
          .containsExactly("its second copy is not at the end of the disk");
    }

    @Test
    void isFlawedWhereTheDiskGrew() throws IOException {
      assertThat(table(GPT.paddedTo(5 << 20)).flaws())
          .containsExactly("its second copy is not at the end of the disk");
    }

    @Test
    void isFlawedWithoutAnMbrThatStandsForIt() throws IOException {
      assertThat(table(erased(GPT, 0)).flaws()).containsExactly("no MBR stands for it");
    }

    @Test
    void tellsThePartitionsOfBothCopiesWhereTheyDisagree() throws IOException {
      var other = resealed(GPT, LAST, LAST - 32 * SECTOR, ENTRY + 32, le64(5120));
      other = resealed(other, LAST, LAST - 32 * SECTOR, ENTRY + 40, le64(5200));
      var table = table(other);
      assertThat(table.flaws()).contains("its two copies disagree");
      assertThat(table.partitions()).extracting(Partition::number).containsExactly(1, 2, 2);
    }

    @Test
    void isFlawedWherePartitionsOverlap() throws IOException {
      var table = table(resealed(GPT, SECTOR, ENTRIES, ENTRY + 32, le64(4000)));
      assertThat(table.flaws()).anyMatch(flaw -> flaw.contains("overlap"));
    }

    @Test
    void isFlawedWhereAPartitionCoversTheTable() throws IOException {
      var table = table(resealed(GPT, SECTOR, ENTRIES, 32, le64(1)));
      assertThat(table.flaws())
          .contains(
              "partition 1 lies outside the room for partitions",
              "partition 1 contains a part of the table that lists it");
      assertThat(table.partitions().getFirst().region().contents())
          .singleElement()
          .isInstanceOf(Malformed.class);
    }

    @Test
    void isFlawedWhereAPartitionLeavesTheDisk() throws IOException {
      var table = table(resealed(GPT, SECTOR, ENTRIES, ENTRY + 40, le64(1L << 40)));
      assertThat(table.flaws()).contains("partition 2 ends behind the end of the disk");
      assertThat(contents(resealed(GPT, SECTOR, ENTRIES, ENTRY + 32, le64(1L << 40))))
          .hasAtLeastOneElementOfType(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, 1L << 50, Long.MIN_VALUE})
    void refusesAPartitionThatEndsNowhere(long last) throws IOException {
      assertThat(contents(resealed(GPT, SECTOR, ENTRIES, 40, le64(last))))
          .hasAtLeastOneElementOfType(Malformed.class);
    }

    @Test
    void isToldOrRefusedWhereTheDiskEndsEarly() throws IOException {
      for (int size = SECTOR + 8; size < 40 * SECTOR; size += 7) {
        for (var content : contents(GPT.slice(0, size))) {
          assertThat(content).isInstanceOfAny(Malformed.class, PartitionTable.class);
          if (content instanceof PartitionTable table) {
            assertThat(table.flaws()).isNotEmpty();
          }
        }
      }
    }

    /** With one number of its entries replaced, and the checksums made right. */
    private static Bytes resealed(Bytes disk, int header, int entries, int at, Bytes value) {
      var changed = Sample.overwritten(disk, entries + at, value);
      var sum = Bytes.le32(checksum(changed.slice(entries, 128 * ENTRY)));
      changed = Sample.overwritten(changed, header + 88, sum);
      changed = Sample.overwritten(changed, header + 16, Bytes.zeros(4));
      return Sample.overwritten(
          changed, header + 16, Bytes.le32(checksum(changed.slice(header, 92))));
    }
  }

  @Nested
  class OfAnMbr {
    @Test
    void tellsWhatSfdiskMade() throws IOException {
      var table = table(MBR);
      assertThat(table.title()).isEqualTo("an MBR partition table");
      assertThat(table.flaws()).isEmpty();
      assertThat(table.between()).isEmpty();
      assertThat(table.partitions())
          .extracting(Partition::number, Partition::type, p -> p.region().offset() / SECTOR)
          .containsExactly(tuple(1, "83", 2048L), tuple(5, "82", 4096L), tuple(6, "83", 5120L));
      assertThat(titles(table)).contains("a swap area");
    }

    @Test
    void tellsWhatLiesBesideThePartitions() throws IOException {
      for (int at : new int[] {1, 3073, 4095, 4700, 8000}) {
        assertThat(table(Sample.overwritten(MBR, at * SECTOR, Bytes.of(1))).between()).hasSize(1);
      }
    }

    @Test
    void refusesAChainThatComesBack() throws IOException {
      int link = secondLink();
      var itself = Sample.overwritten(MBR, link * SECTOR + 462 + 4, entry(5, link - 3072, 1));
      assertThat(what(itself)).contains("comes back to where it was");
      var first = Sample.overwritten(MBR, link * SECTOR + 462 + 4, entry(5, 0, 1));
      assertThat(what(first)).contains("comes back to where it was");
    }

    @ParameterizedTest
    @ValueSource(longs = {4096, 0xffff_ffffL})
    void refusesAChainThatLeavesItsPartition(long to) throws IOException {
      assertThat(what(chained(to))).contains("leaves the extended one");
    }

    @Test
    void refusesAChainToWhereNoLinkIs() throws IOException {
      assertThat(what(chained(1))).contains("a link of a chain of logical partitions is none");
    }

    @Test
    void refusesAChainThatForks() throws IOException {
      var forked = Sample.overwritten(MBR, 3072 * SECTOR + 478 + 4, entry(5, 7, 1));
      assertThat(what(forked)).contains("forks");
    }

    private static Bytes chained(long to) {
      return Sample.overwritten(MBR, 3072 * SECTOR + 462 + 4, entry(5, to, 1));
    }

    private static int secondLink() {
      return 3072 + (int) new Block(MBR).u32le(3072 * SECTOR + 462 + 8);
    }

    @Test
    void isHybridBesideAGpt() throws IOException {
      var hybrid = Sample.overwritten(GPT, 462 + 4, entry(0x83, 5120, 100));
      var tables = tables(hybrid);
      assertThat(tables)
          .extracting(PartitionTable::title)
          .containsExactly("a GPT partition table", "a hybrid MBR partition table");
      assertThat(tables.getLast().flaws())
          .containsExactly("it lists partitions beside those of a GPT");
    }

    @Test
    void isFlawedWhereItStandsForNoGpt() throws IOException {
      var table = table(erased(erased(GPT, SECTOR), LAST));
      assertThat(table.flaws()).containsExactly("it stands for a GPT that is not there");
      assertThat(table.partitions()).isEmpty();
      assertThat(table.between()).isNotEmpty();
    }

    @Test
    void isFlawedBesideAGptThatItDoesNotStandFor() throws IOException {
      var beside = Sample.overwritten(GPT, 446 + 4, Bytes.of(0x83));
      assertThat(tables(beside).getLast().flaws())
          .contains("there is a GPT too, and it does not stand for that");
    }

    @Test
    void isFlawedWherePartitionsOverlapOrLeaveTheDisk() throws IOException {
      var overlapping = Sample.overwritten(MBR, 478 + 4, entry(0x83, 2100, 10));
      assertThat(table(overlapping).flaws()).containsExactly("partition 1 and partition 3 overlap");
      var beyond = Sample.overwritten(MBR, 478 + 4, entry(0x83, 0xffff_0000L, 0xffff_ffffL));
      assertThat(table(beyond).flaws())
          .containsExactly("partition 3 starts behind the end of the disk");
      var late = Sample.overwritten(MBR, 478 + 4, entry(0x83, 8000, 0xffff_ffffL));
      assertThat(table(late).flaws())
          .containsExactly("partition 3 ends behind the end of the disk");
      var all = Sample.overwritten(MBR, 478 + 4, entry(0x83, 0, 8192));
      assertThat(table(all).flaws())
          .containsExactly("partition 3 contains a part of the table that lists it");
    }

    @Test
    void comesThroughEveryBitFlip() throws IOException {
      var disk = HoledDisk.of(MBR);
      for (int sector : new int[] {0, 3072, secondLink()}) {
        for (int bit = sector * SECTOR * 8 + 446 * 8; bit < (sector + 1) * SECTOR * 8; bit++) {
          assertThat(Examination.of(disk.flipped(bit)).contents()).isNotEmpty();
        }
      }
    }

    private static Bytes entry(int type, long start, long size) {
      return Bytes.concat(Bytes.of(type, 0, 0, 0), Bytes.le32((int) start), Bytes.le32((int) size));
    }
  }

  private static Bytes erased(Bytes disk, int sector) {
    return Sample.overwritten(disk, sector, Bytes.zeros(SECTOR));
  }

  private static Bytes le64(long value) {
    return Bytes.concat(Bytes.le32((int) value), Bytes.le32((int) (value >>> 32)));
  }

  private static int checksum(Bytes octets) {
    var crc = new CRC32();
    crc.update(octets.toArray());
    return (int) crc.getValue();
  }

  private static List<String> titles(PartitionTable table) {
    return table.partitions().stream()
        .map(partition -> Content.titles(partition.region().contents()))
        .toList();
  }

  private static String what(Bytes disk) throws IOException {
    var contents = contents(disk);
    assertThat(contents).singleElement().isInstanceOf(Malformed.class);
    return ((Malformed) contents.getFirst()).what();
  }

  private static PartitionTable table(Bytes disk) throws IOException {
    return tables(disk).getFirst();
  }

  private static List<PartitionTable> tables(Bytes disk) throws IOException {
    return tables(HoledDisk.of(disk));
  }

  private static List<PartitionTable> tables(SeekableBytes disk) throws IOException {
    return Examination.of(disk).contents().stream()
        .filter(PartitionTable.class::isInstance)
        .map(PartitionTable.class::cast)
        .toList();
  }

  private static List<Content> contents(Bytes disk) throws IOException {
    return Examination.of(HoledDisk.of(disk)).contents();
  }
}
