package dev.remit.image;

import static dev.remit.image.CpioSample.FILE;
import static dev.remit.image.CpioSample.FOLDER;
import static dev.remit.image.CpioSample.LINK;
import static dev.remit.image.CpioSample.text;
import static dev.remit.image.Hostile.assertMalformed;
import static dev.remit.image.Hostile.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

@Timeout(120)
class InitrdTest {
  enum Packer {
    GZIP(3) {
      @Override
      OutputStream open(OutputStream out) throws IOException {
        return new GZIPOutputStream(out);
      }
    },
    XZ_FILE(6) {
      @Override
      OutputStream open(OutputStream out) throws IOException {
        return new XZOutputStream(out, new LZMA2Options(1), XZ.CHECK_CRC32);
      }
    },
    ZSTD(4) {
      @Override
      OutputStream open(OutputStream out) throws IOException {
        return new ZstdOutputStream(out);
      }
    };

    private final int markSize;

    Packer(int markSize) {
      this.markSize = markSize;
    }

    abstract OutputStream open(OutputStream out) throws IOException;

    Bytes pack(Bytes content) throws IOException {
      var packed = new ByteArrayOutputStream();
      try (var out = open(packed)) {
        content.writeTo(out);
      }
      return Bytes.copyOf(packed.toByteArray());
    }
  }

  private static List<FileTree.Entry> entries(Bytes initrd) throws IOException {
    return only(initrd, Content.Initrd.class).files().entries();
  }

  private static List<String> paths(Bytes initrd) throws IOException {
    return entries(initrd).stream().map(entry -> entry.path().raw()).toList();
  }

  @Test
  void listsAnArchiveAndKeepsWhatIsOfInterest() throws IOException {
    assertThat(entries(CpioSample.small()))
        .containsExactly(
            new FileTree.Entry(new HostText("etc"), FileTree.Kind.FOLDER, 0, 116, Optional.empty()),
            new FileTree.Entry(
                new HostText("etc/passwd"),
                FileTree.Kind.FILE,
                21,
                240,
                Optional.of(text("root::0:0::/:/bin/sh\n"))),
            new FileTree.Entry(new HostText("bin/x"), FileTree.Kind.FILE, 3, 380, Optional.empty()),
            new FileTree.Entry(
                new HostText("init"), FileTree.Kind.LINK, 5, 500, Optional.of(text("bin/x"))));
  }

  @Test
  void countsOffsetsFromTheStartOfTheFirstArchive() throws IOException {
    var twice = Bytes.concat(CpioSample.small(), Bytes.zeros(512), CpioSample.small());
    var passwords =
        entries(twice).stream().filter(entry -> entry.path().raw().equals("etc/passwd")).toList();
    assertThat(passwords).hasSize(2);
    for (var file : passwords) {
      assertThat(twice.slice((int) file.offset(), (int) file.size()))
          .isEqualTo(file.content().orElseThrow());
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsWhatIsCompressed(Packer packer) throws IOException {
    assertThat(entries(packer.pack(CpioSample.small()))).isEqualTo(entries(CpioSample.small()));
  }

  @ParameterizedTest
  @EnumSource
  void readsMicrocodeBeforeAndMoreBehindWhatIsCompressed(Packer packer) throws IOException {
    var early =
        new CpioSample().entry("kernel/x86/microcode/AuthenticAMD.bin", FILE, "mc").trailer();
    var packed = packer.pack(CpioSample.small());
    var late = new CpioSample().entry("late", FILE, "").trailer();
    var aligned = packed.paddedTo((packed.size() + 3) / 4 * 4);
    assertThat(paths(Bytes.concat(early, aligned, late, packed)))
        .containsExactly(
            "kernel/x86/microcode/AuthenticAMD.bin",
            "etc",
            "etc/passwd",
            "bin/x",
            "init",
            "late",
            "etc",
            "etc/passwd",
            "bin/x",
            "init");
  }

  @Test
  void readsArchivesThatAreCompressedTogether() throws IOException {
    var inside = Bytes.concat(CpioSample.small(), Bytes.zeros(300), CpioSample.small());
    assertThat(entries(Packer.GZIP.pack(inside))).hasSize(8);
  }

  @Test
  void givesAllNamesOfAFileItsContent() throws IOException {
    var archive =
        new CpioSample()
            .linked(7, 2, "etc/shadow", "")
            .linked(7, 2, "harmless", "root::1::::::")
            .trailer();
    assertThat(entries(archive))
        .extracting(FileTree.Entry::size, FileTree.Entry::content)
        .containsExactly(
            tuple(13L, Optional.of(text("root::1::::::"))), tuple(13L, Optional.empty()));
  }

  @Test
  void checksTheSumsOfAnArchiveThatHasThem() throws IOException {
    int sum = 'a' + 'b';
    assertThat(entries(new CpioSample().summed("x", "ab", sum).trailer())).hasSize(1);
    assertThat(entries(new CpioSample().summed("etc/fstab", "ab", sum).trailer())).hasSize(1);
    assertMalformed(new CpioSample().summed("x", "ab", sum + 1).trailer(), "the sum");
    assertMalformed(new CpioSample().summed("etc/fstab", "ab", sum + 1).trailer(), "the sum");
  }

  @Test
  void takesOtherCompressedDataForWhatItIs() throws IOException {
    assertThat(only(Packer.GZIP.pack(text("hello")), Content.OtherContainer.class).title())
        .isEqualTo("data compressed with gzip");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "./etc/passwd", "etc//passwd", "./etc/./passwd"})
  void findsAFileByAnyNameThatTheKernelTakes(String name) throws IOException {
    assertThat(paths(new CpioSample().entry(name, FILE, "x").trailer()))
        .containsExactly("etc/passwd");
  }

  @Nested
  class Refuses {
    @Test
    void whatFollowsAnArchiveAndIsNone() throws IOException {
      assertMalformed(Bytes.concat(CpioSample.small(), text("junk")), "neither an archive");
    }

    @Test
    void anArchiveWithoutItsTrailer() throws IOException {
      assertMalformed(new CpioSample().entry("x", FILE, "y").bytes(), "ends early");
    }

    @Test
    void anArchiveAtAnOddPlace() throws IOException {
      assertMalformed(
          Bytes.concat(CpioSample.small(), Bytes.zeros(2), CpioSample.small()), "multiple of four");
    }

    @Test
    void aNameOfFourGibibytes() throws IOException {
      var header = text(CpioSample.header("070701", 1, FILE, 1, 0, 0xffff_ffffL, 0));
      assertMalformed(Bytes.concat(header, Bytes.zeros(5000)), "longer than 4096");
    }

    @Test
    void aFileOfFourGibibytesThatIsNotThere() throws IOException {
      var header = text(CpioSample.header("070701", 1, FILE, 1, 0xffff_ffffL, 2, 0));
      assertMalformed(Bytes.concat(header, text("x\0\0\0"), Bytes.zeros(500)), "ends early");
      assertMalformed(
          Packer.GZIP.pack(Bytes.concat(header, text("x\0\0\0"), Bytes.zeros(500))), "ends early");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/../etc/passwd", "..", "a/.."})
    void aNameThatLeadsUp(String name) throws IOException {
      assertMalformed(new CpioSample().entry(name, FILE, "").trailer(), "the folder above");
    }

    @Test
    void aNameWithAZeroInIt() throws IOException {
      assertMalformed(new CpioSample().entry("a\0b", FILE, "").trailer(), "end in a zero");
    }

    @Test
    void aFolderWithAContent() throws IOException {
      assertMalformed(new CpioSample().entry("a", FOLDER, "x").trailer(), "not a file");
    }

    @Test
    void aLinkToNowhere() throws IOException {
      assertMalformed(new CpioSample().entry("a", LINK, "").trailer(), "a link is empty");
    }

    @Test
    void aFileOfInterestThatIsTooLarge() throws IOException {
      String large = "x".repeat((1 << 20) + 1);
      assertMalformed(new CpioSample().entry("etc/shadow", FILE, large).trailer(), "larger than");
      assertThat(entries(new CpioSample().entry("init", FILE, large).trailer()))
          .extracting(FileTree.Entry::content)
          .containsExactly(Optional.empty());
    }

    @Test
    void moreFilesOfInterestThanItKeeps() throws IOException {
      var archive = new CpioSample();
      for (int i = 0; i < 40; i++) {
        archive.entry("etc/ssh/" + i, FILE, "x".repeat(1 << 20));
      }
      assertMalformed(Packer.GZIP.pack(archive.trailer()), "larger than Remit keeps");
    }

    @Test
    void whatIsCompressedTwice() throws IOException {
      var twice = Packer.GZIP.pack(Packer.GZIP.pack(CpioSample.small()));
      assertThat(only(twice, Content.OtherContainer.class).title()).contains("gzip");
      assertMalformed(Bytes.concat(CpioSample.small(), twice), "an entry has no mark");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "02214c1800000000",
          "04224d1800000000",
          "425a6839314159265359",
          "5d00008000ffffffffffffffff",
          "5d000080000001000000000000",
          "894c5a4f000d0a1a0a"
        })
    void whatItCannotUnpack(String head) throws IOException {
      var packed = Bytes.concat(Bytes.ofHex(head), Bytes.zeros(20));
      assertMalformed(packed, "which Remit does not read");
      assertMalformed(Bytes.concat(CpioSample.small(), packed), "which Remit does not read");
    }

    @ParameterizedTest
    @EnumSource
    void damagedData(Packer packer) throws IOException {
      var packed = packer.pack(CpioSample.small());
      Hostile.cut(packed, 1, packer.markSize);
      int refused = Hostile.turnBits(packed, at -> true);
      // zstd's stream of the JVM writes a sum; only what names and times say may change unseen.
      assertThat(refused).isGreaterThan(packed.size() * 8 * 3 / 4);
    }

    @Test
    void damagedArchives() throws IOException {
      var archive = CpioSample.small();
      Hostile.cut(archive, 1, 6);
      assertThat(Hostile.turnBits(archive, at -> true)).isGreaterThan(1000);
    }
  }

  @Nested
  class Bombs {
    @Test
    void ofZerosEndAtTheBudget() throws IOException {
      // Tens of GiB: one packed piece again and again, each a part of its own.
      var piece = Packer.GZIP.pack(Bytes.zeros(64 << 20));
      var first = Packer.GZIP.pack(CpioSample.small());
      assertMalformed(new Repeated(first, piece, 200), "unpacks to more than Remit looks at");
    }

    @Test
    void inOneFrameEndAtTheBudget() throws IOException {
      // Each block of four octets stands for 128 KiB (RFC 8878, 3.1.1.2): 10 GiB in 320 KiB.
      int blocks = 80 << 10;
      byte[] frame = new byte[6 + blocks * 4];
      Bytes.ofHex("28b52ffd0038").writeTo(new Into(frame));
      for (int i = 0; i < blocks; i++) {
        int header = (i == blocks - 1 ? 1 : 0) | (1 << 1) | ((128 << 10) << 3);
        frame[6 + i * 4] = (byte) header;
        frame[7 + i * 4] = (byte) (header >> 8);
        frame[8 + i * 4] = (byte) (header >> 16);
      }
      assertMalformed(Bytes.copyOf(frame), "unpacks to more than Remit looks at");
    }

    @Test
    void areNotHeldInMemory() throws IOException {
      long most = Runtime.getRuntime().maxMemory();
      // A file in it that is larger than the heap of this test may be.
      long size = Math.min(most, 1L << 30);
      var packed = new ByteArrayOutputStream();
      try (var out = new GZIPOutputStream(packed)) {
        text(CpioSample.header("070701", 1, FILE, 1, size, 2, 0) + "x\0").writeTo(out);
        byte[] zeros = new byte[1 << 20];
        for (long left = size; left > 0; left -= zeros.length) {
          out.write(zeros, 0, (int) Math.min(left, zeros.length));
        }
        out.write(new byte[(int) (-size & 3)]);
        CpioSample.small().writeTo(out);
      }
      assertThat(paths(Bytes.copyOf(packed.toByteArray()))).hasSize(5);
    }

    @Test
    void thatAskXzForTooMuchMemoryAreRefused() throws IOException {
      var packed = new ByteArrayOutputStream();
      try (var out = new XZOutputStream(packed, new LZMA2Options(1), XZ.CHECK_CRC32)) {
        CpioSample.small().writeTo(out);
      }
      // The properties of the filter in the block's header: 36 is a dictionary of 1 GiB (5.3.1).
      var whole = Bytes.copyOf(packed.toByteArray());
      var header = Sample.overwritten(whole.slice(12, 8), 4, Bytes.of(36));
      var sum = new CRC32();
      sum.update(header.toArray());
      var huge =
          Sample.overwritten(whole, 12, Bytes.concat(header, Bytes.le32((int) sum.getValue())));
      assertMalformed(huge, "more memory");
    }

    @Test
    void thatAskZstdForTooMuchMemoryAreRefused() throws IOException {
      // A window of 2 GiB, then one octet (RFC 8878, 3.1.1.1.2).
      assertMalformed(Bytes.ofHex("28b52ffd00a80b000041"), "more memory");
      // One segment of 2⁶³ octets.
      assertMalformed(Bytes.ofHex("28b52ffde000000000000000800b000041"), "more memory");
    }
  }

  @Test
  void refusesManyNamesBeforeTheyFillTheMemory() throws IOException {
    var archive = new CpioSample();
    String folder = "d/".repeat(1900);
    for (int i = 0; i < 10_000; i++) {
      archive.entry(folder + i, FOLDER, "");
    }
    assertMalformed(archive.trailer(), "larger than Remit keeps");
  }

  @Test
  void passesOnThatTheFileCannotBeRead() {
    var broken =
        new SeekableBytes() {
          @Override
          public long size() {
            return 1 << 20;
          }

          @Override
          public Bytes read(long offset, int length) throws IOException {
            if (length > 100) {
              throw new IOException("bad sector");
            }
            return Bytes.ofHex("1f8b0800000000000003")
                .paddedTo(Math.max(length, 10))
                .slice(0, length);
          }
        };
    assertThatThrownBy(() -> Examination.of(broken))
        .isInstanceOf(IOException.class)
        .hasMessage("bad sector");
  }

  /** A head, then one piece many times. */
  private record Repeated(Bytes head, Bytes piece, int times) implements SeekableBytes {
    @Override
    public long size() {
      return head.size() + (long) piece.size() * times;
    }

    @Override
    public Bytes read(long offset, int length) throws IOException {
      byte[] read = new byte[length];
      for (int i = 0; i < length; i++) {
        long at = offset + i;
        read[i] =
            (byte)
                (at < head.size()
                    ? head.at((int) at)
                    : piece.at((int) ((at - head.size()) % piece.size())));
      }
      return Bytes.copyOf(read);
    }
  }

  /** Fills an array from its start. */
  private static final class Into extends OutputStream {
    private final byte[] array;
    private int next;

    Into(byte[] array) {
      this.array = array;
    }

    @Override
    public void write(int octet) {
      array[next++] = (byte) octet;
    }
  }
}
