package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskContentTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "btrfs, BTRFS",
    "ext2, EXT",
    "ext3, EXT",
    "ext4, EXT",
    "fat, FAT",
    "fat32, FAT",
    "gpt, GPT",
    "iso9660, ISO_9660",
    "luks1, LUKS1",
    "mbr, MBR",
    "qcow2, QCOW2",
    "swap, SWAP",
    "xfs, XFS",
  })
  void isWhatTheToolMade(String name, DiskContent content) throws IOException {
    var head = Sample.of("image/content/" + name + ".head.gz");
    assertThat(DiskContent.of(LuksSample.file(head, 4 * MIB))).isEqualTo(content);
  }

  @Test
  void isALuks2VolumeByItsHeader() throws IOException {
    assertThat(of(LuksSample.WHOLE)).isEqualTo(DiskContent.LUKS2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 256, 512})
  void isNoKnownLuksOfAnotherVersion(int version) throws IOException {
    var magic = Bytes.of('L', 'U', 'K', 'S', 0xba, 0xbe, version >> 8, version & 0xff);
    assertThat(of(magic)).isEqualTo(DiskContent.LUKS_OTHER);
  }

  /** LVM2 writes its label into the second sector; this one is built by its description. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void isAPhysicalVolumeByTheLabelInOneOfFourSectors(int sector) throws IOException {
    var label = Bytes.of("LABELONE".chars().toArray());
    var disk = Sample.overwritten(Bytes.zeros(8192), sector * 512, label);
    assertThat(of(disk)).isEqualTo(DiskContent.LVM_PV);
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 8192, 16384, 32768, 65536})
  void isASwapAreaWhateverThePageSize(int page) throws IOException {
    var mark = Bytes.of("SWAPSPACE2".chars().toArray());
    var disk = Sample.overwritten(Bytes.zeros(1 << 17), page - mark.size(), mark);
    assertThat(of(disk)).isEqualTo(DiskContent.SWAP);
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 4096})
  void isAPartitionedDiskByItsLastSectorToo(int sector) throws IOException {
    var mark = Bytes.of("EFI PART".chars().toArray());
    var disk = Sample.overwritten(Bytes.zeros(1 << 17), (1 << 17) - sector, mark);
    assertThat(of(disk)).isEqualTo(DiskContent.GPT);
  }

  @Test
  void isNoPartitionTableByTheBootSignatureAlone() throws IOException {
    var disk = Sample.overwritten(Bytes.zeros(8192), 510, Bytes.of(0x55, 0xaa));
    assertThat(of(disk)).isEqualTo(DiskContent.UNKNOWN);
  }

  @Test
  void isNoPartitionTableWhereAnEntryMakesNoSense() throws IOException {
    var mbr = Sample.of("image/content/mbr.head.gz");
    assertThat(of(Sample.overwritten(mbr, 446 + 16, Bytes.of(0x01))))
        .isEqualTo(DiskContent.UNKNOWN);
    assertThat(of(Sample.overwritten(mbr, 446 + 16, Bytes.of(0x80))))
        .isEqualTo(DiskContent.UNKNOWN);
  }

  @Test
  void isNoExtFileSystemByTwoOctetsAlone() throws IOException {
    var disk = Sample.overwritten(Bytes.zeros(8192), 0x438, Bytes.of(0x53, 0xef));
    assertThat(of(disk)).isEqualTo(DiskContent.UNKNOWN);
  }

  @Test
  void isUnknownForNothingAndForZeros() throws IOException {
    assertThat(of(Bytes.EMPTY)).isEqualTo(DiskContent.UNKNOWN);
    assertThat(of(Bytes.zeros(1 << 17))).isEqualTo(DiskContent.UNKNOWN);
  }

  /** Octets as encryption makes them, also with the two marks that chance can make. */
  @Test
  void isUnknownForEncryptedData() throws IOException {
    var random = new Random(20261123);
    byte[] noise = new byte[1 << 17];
    for (int round = 0; round < 200; round++) {
      random.nextBytes(noise);
      noise[510] = 0x55;
      noise[511] = (byte) 0xaa;
      noise[0x438] = 0x53;
      noise[0x439] = (byte) 0xef;
      assertThat(of(Bytes.copyOf(noise))).isEqualTo(DiskContent.UNKNOWN);
    }
  }

  @Test
  void isToldOfAFileOfAnySize() throws IOException {
    for (String name : new String[] {"ext4", "fat", "gpt", "iso9660", "mbr", "btrfs", "swap"}) {
      var head = Sample.of("image/content/" + name + ".head.gz");
      for (int size = 0; size <= 2048; size++) {
        assertThat(of(head.slice(0, size))).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void hasATitleThatFitsIntoASentence(DiskContent content) {
    assertThat(content.title()).matches("(a|an|nothing) .*[^.]");
  }

  private static DiskContent of(Bytes disk) throws IOException {
    return DiskContent.of(SeekableBytes.of(disk));
  }
}
