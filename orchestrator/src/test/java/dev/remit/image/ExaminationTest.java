package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content.Blank;
import dev.remit.image.Content.FileSystem;
import dev.remit.image.Content.Malformed;
import dev.remit.image.Content.Opaque;
import dev.remit.image.Content.Swap;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExaminationTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({
    "btrfs, a Btrfs file system",
    "ext2, 'an ext2, ext3 or ext4 file system'",
    "ext3, 'an ext2, ext3 or ext4 file system'",
    "ext4, 'an ext2, ext3 or ext4 file system'",
    "luks1, a LUKS1 volume",
    "mbr, an MBR partition table",
    "gpt, a GPT partition table",
    "qcow2, a qcow2 image",
    "swap, a swap area",
    "xfs, an XFS file system",
  })
  void isWhatTheToolMade(String name, String title) throws IOException {
    var head = Sample.of("image/content/" + name + ".head.gz");
    assertThat(Content.titles(Examination.marksOf(LuksSample.file(head, 4 * MIB))))
        .isEqualTo(title);
  }

  @ParameterizedTest
  @CsvSource({
    "0, KDMV, a VMDK image",
    "0, '# Disk DescriptorFile', a VMDK image",
    "0, conectix, a VHD image",
    "0, vhdxfile, a VHDX image",
    "0, 'QED\0', a QED image",
    "0, WithoutFreeSpace, a Parallels image",
    "0, WithouFreSpacExt, a Parallels image",
    "3, 'NTFS    ', an NTFS file system",
    "3, 'EXFAT   ', an exFAT file system",
    "3, -FVE-FS-, a BitLocker volume",
    "0, 'integrt\0', a dm-integrity device",
    "0, hsqs, a squashfs file system",
    "32, NXSB, an APFS container",
    "32768, JFS1, a JFS file system",
    "65588, ReIsEr2Fs, a ReiserFS file system",
  })
  void isToldByAMark(int offset, String mark, String title) throws IOException {
    var disk = marked(offset, Block.ascii(mark.replace("\\0", "\0")));
    assertThat(Content.titles(contents(disk))).isEqualTo(title);
  }

  @ParameterizedTest
  @CsvSource({
    "64, 7f10dabe, a VDI image",
    "1024, 1020f5f2, an F2FS file system",
    "5120, 1020f5f2, an F2FS file system",
    "1024, e2e1f5e0, an EROFS file system",
    "4120, c68573f64e1a45ca8265f57f48ba6d81, a bcache device",
    "4120, c68573f666ce90a9d96a60cf803df7ef, a bcachefs file system",
    "0, fc4e2ba901000000, a member of a Linux RAID",
    "4096, fc4e2ba901000000, a member of a Linux RAID",
    "122880, fc4e2ba901000000, a member of a Linux RAID",
    "65536, fc4e2ba900000000, a member of a Linux RAID",
    "65536, a92b4efc00000000, a member of a Linux RAID",
    "424, 3bd66749292ed84a8399f6a339e3d001, a BitLocker volume",
  })
  void isToldByAMarkOfOctets(int offset, String mark, String title) throws IOException {
    assertThat(Content.titles(contents(marked(offset, Bytes.ofHex(mark))))).isEqualTo(title);
  }

  @Test
  void isAVhdImageByItsTrailer() throws IOException {
    assertThat(Content.titles(contents(marked((1 << 17) - 512, Block.ascii("conectix")))))
        .isEqualTo("a VHD image");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256, 512 + 2048, 768 + 2048})
  void isInAZfsPoolByAnyOfItsLabels(int label) throws IOException {
    for (String mark : new String[] {"0210da7ab10c7a11", "117a0cb17ada1002"}) {
      var disk =
          Sample.overwritten(Bytes.zeros(3 << 20), ((label + 128) << 10) - 40, Bytes.ofHex(mark));
      assertThat(Content.titles(contents(disk))).isEqualTo("a member of a ZFS pool");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 8192, 16384, 32768, 65536})
  void isASwapAreaWhateverThePageSize(int page) throws IOException {
    assertThat(contents(marked(page - 10, Block.ascii("SWAPSPACE2"))))
        .containsExactly(new Swap(false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"S1SUSPEND\0", "S2SUSPEND\0", "ULSUSPEND\0", "LINHIB0001"})
  void isTheMemoryOfAMachineThatSleeps(String mark) throws IOException {
    assertThat(contents(marked(4086, Block.ascii(mark)))).containsExactly(new Swap(true));
  }

  @Test
  void tellsTheLabelOfAFileSystem() throws IOException {
    var ext = Sample.overwritten(sample("ext4"), 0x478, Block.ascii("CIDATA\0"));
    assertThat(label(ext)).containsExactly(new HostText("CIDATA"));
    var xfs = Sample.overwritten(sample("xfs"), 0x6c, Block.ascii("config-2  "));
    assertThat(label(xfs)).containsExactly(new HostText("config-2"));
    var btrfs = Sample.overwritten(sample("btrfs"), 0x1012b, Block.ascii("ignition\0"));
    assertThat(label(btrfs)).containsExactly(new HostText("ignition"));
    var f2fs = marked(1024, Bytes.of(0x10, 0x20, 0xf5, 0xf2));
    assertThat(label(Sample.overwritten(f2fs, 0x47c, Bytes.of('c', 0, 'i', 0))))
        .containsExactly(new HostText("ci"));
  }

  /** A UDF volume, reduced to what is looked at (ECMA-167, 3/10.2, 3/10.1 and 3/10.6). */
  @Test
  void tellsTheLabelsOfAUdfFileSystem() throws IOException {
    var disk = Bytes.zeros(1 << 20);
    disk = Sample.overwritten(disk, 0x8000, Block.ascii("\0BEA01"));
    disk = Sample.overwritten(disk, 0x8800, Block.ascii("\0NSR03"));
    var anchor = Bytes.concat(Bytes.of(2, 0), Bytes.zeros(10), Bytes.le32(256));
    disk =
        Sample.overwritten(disk, 256 * 2048, Bytes.concat(anchor, Bytes.zeros(4), Bytes.le32(260)));
    var label = Bytes.concat(Bytes.of(8), Block.ascii("cidata")).paddedTo(31);
    disk =
        Sample.overwritten(
            disk, 260 * 2048, Bytes.concat(Bytes.of(1).paddedTo(24), label, Bytes.of(7)));
    var wide = Bytes.concat(Bytes.of(16, 0, 'O', 0, 'V', 0, 'F')).paddedTo(127);
    disk =
        Sample.overwritten(
            disk, 261 * 2048, Bytes.concat(Bytes.of(6).paddedTo(84), wide, Bytes.of(7)));
    assertThat(contents(disk))
        .containsExactly(
            new FileSystem(
                "a UDF file system",
                List.of(new HostText("cidata"), new HostText("OVF")),
                java.util.Optional.empty()));
  }

  @Test
  void isAllThatItCanBeTakenFor() throws IOException {
    var disk = Sample.overwritten(sample("ext4"), 0, Block.ascii("QED\0"));
    assertThat(Content.titles(contents(disk)))
        .isEqualTo("a QED image and an ext2, ext3 or ext4 file system");
  }

  @Test
  void isBlankWithoutAnythingAndWithZeros() throws IOException {
    assertThat(contents(Bytes.EMPTY)).containsExactly(new Blank());
    assertThat(contents(Bytes.zeros((3 << 20) + 7))).containsExactly(new Blank());
    assertThat(contents(marked((1 << 17) - 1, Bytes.of(1)))).containsExactly(new Opaque(false));
  }

  /** Nothing is called blank that was not read, unless whoever holds it knows of the hole. */
  @Test
  void isNotBlankWhereItIsTooLargeToRead() throws IOException {
    assertThat(Examination.of(LuksSample.file(Bytes.EMPTY, 1L << 40)).contents())
        .containsExactly(new Opaque(false));
    assertThat(Examination.of(hole(1L << 40)).contents()).containsExactly(new Blank());
  }

  @Test
  void looksRandomWhereItDoes() throws IOException {
    byte[] noise = new byte[1 << 20];
    new Random(20261124).nextBytes(noise);
    assertThat(contents(Bytes.copyOf(noise))).containsExactly(new Opaque(true));
    // Half of it never written, as on a disk that is encrypted and new.
    assertThat(contents(Bytes.copyOf(noise).paddedTo(2 << 20))).containsExactly(new Opaque(true));
    java.util.Arrays.fill(noise, 1 << 19, 1 << 20, (byte) 'a');
    assertThat(contents(Bytes.copyOf(noise))).containsExactly(new Opaque(false));
  }

  /** Octets as encryption makes them, also with the two marks that chance can make. */
  @Test
  void isNothingKnownWhereItIsEncrypted() throws IOException {
    var random = new Random(20261123);
    byte[] noise = new byte[1 << 17];
    for (int round = 0; round < 200; round++) {
      random.nextBytes(noise);
      noise[510] = 0x55;
      noise[511] = (byte) 0xaa;
      noise[0x438] = 0x53;
      noise[0x439] = (byte) 0xef;
      assertThat(Examination.marksOf(SeekableBytes.of(Bytes.copyOf(noise)))).isEmpty();
    }
  }

  @Test
  void isNoFileSystemByTwoOctetsAlone() throws IOException {
    assertThat(contents(marked(0x438, Bytes.of(0x53, 0xef)))).containsExactly(new Opaque(false));
    assertThat(contents(marked(510, Bytes.of(0x55, 0xaa)))).containsExactly(new Opaque(false));
  }

  @Test
  void isToldOfAFileOfAnySize() throws IOException {
    for (String name : new String[] {"ext4", "gpt", "mbr", "btrfs", "swap", "qcow2", "luks1"}) {
      var head = sample(name);
      for (int size = 0; size <= Math.min(2048, head.size()); size++) {
        assertThat(contents(head.slice(0, size))).isNotEmpty();
      }
    }
  }

  /** Each partition of each table is the same table again: 4⁸ regions, were there no end. */
  @Test
  void doesNotFollowWhatLiesInItselfForever() throws IOException {
    var disk =
        new SeekableBytes() {
          @Override
          public long size() {
            return 1L << 40;
          }

          @Override
          public Bytes read(long offset, int length) throws EOFException {
            byte[] read = new byte[length];
            for (int i = 0; i < length; i++) {
              read[i] = octet((offset + i) % 512);
            }
            return Bytes.copyOf(read);
          }

          private static byte octet(long at) {
            if (at >= 446 && at < 510) {
              return (byte)
                  switch ((int) (at - 446) % 16) {
                    case 4 -> 0x83;
                    case 8 -> 1 + (at - 446) / 16;
                    case 15 -> 1;
                    default -> 0;
                  };
            }
            return (byte) (at == 510 ? 0x55 : at == 511 ? 0xaa : 0);
          }
        };
    assertThat(Examination.of(disk).toString())
        .contains("it lies deeper than Remit looks")
        .contains("there are more than Remit looks at");
  }

  private static Bytes sample(String name) {
    return Sample.of("image/content/" + name + ".head.gz");
  }

  private static Bytes marked(int offset, Bytes mark) {
    return Sample.overwritten(Bytes.zeros(1 << 17), offset, mark);
  }

  private static List<HostText> label(Bytes disk) throws IOException {
    return contents(disk).stream()
        .filter(content -> !(content instanceof Malformed))
        .map(FileSystem.class::cast)
        .flatMap(found -> found.labels().stream())
        .toList();
  }

  private static List<Content> contents(Bytes disk) throws IOException {
    return Examination.of(SeekableBytes.of(disk)).contents();
  }

  private static SeekableBytes hole(long size) {
    var zeros = LuksSample.file(Bytes.EMPTY, size);
    return new SeekableBytes() {
      @Override
      public long size() {
        return size;
      }

      @Override
      public Bytes read(long offset, int length) throws IOException {
        return zeros.read(offset, length);
      }

      @Override
      public long nextData(long from, long to) {
        return to;
      }
    };
  }
}
