package dev.remit.image;

import static dev.remit.image.FatSample.END;
import static dev.remit.image.FatSample.FOLDER;
import static dev.remit.image.FatSample.LABEL;
import static dev.remit.image.FatSample.entry;
import static dev.remit.image.FatSample.named;
import static dev.remit.image.FatSample.start;
import static dev.remit.image.Hostile.assertMalformed;
import static dev.remit.image.Hostile.only;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FatTest {
  private static Content.FileSystem read(FatSample sample) throws IOException {
    return only(sample.bytes(), Content.FileSystem.class);
  }

  private static List<FileTree.Entry> entries(FatSample sample) throws IOException {
    return read(sample).files().orElseThrow().entries();
  }

  private static List<String> paths(FatSample sample) throws IOException {
    return entries(sample).stream().map(entry -> entry.path().raw()).toList();
  }

  @Test
  void readsBothLabels() throws IOException {
    var found = read(FatSample.small());
    assertThat(found.title()).isEqualTo("a FAT12 file system");
    assertThat(found.labels()).containsExactly(new HostText("BOOTLABEL"), new HostText("CIDATA"));
  }

  @Test
  void looksIntoProgramsAcrossTheirClusters() throws IOException {
    var uki = new PeSample().section(".cmdline", Block.ascii("rd.break")).bytes();
    int clusters = (uki.size() + 511) / 512;
    var sample = new FatSample().root(0, named("x.efi", entry("X       EFI", 0, 2, uki.size())));
    // Every second cluster, in turn.
    for (int part = 0; part < clusters; part++) {
      int cluster = 2 + 2 * part;
      sample
          .put(start(cluster), uki.slice(part * 512, Math.min(512, uki.size() - part * 512)))
          .next(cluster, part == clusters - 1 ? END : cluster + 2);
    }
    assertThat(read(sample).programs())
        .singleElement()
        .satisfies(program -> {
          assertThat(program.path()).isEqualTo(new HostText("x.efi"));
          assertThat(program.region().contents())
              .singleElement()
              .isInstanceOfSatisfying(
                  Content.Uki.class,
                  found -> assertThat(found.cmdlines()).containsExactly(new HostText("rd.break")));
        });
  }

  @Test
  void looksOnceIntoAProgramOfTwoNames() throws IOException {
    var sample =
        new FatSample()
            .root(0, named("loader.efi", entry("OTHER   EFI", 0, 2, 3)))
            .put(start(2), Block.ascii("abc"))
            .next(2, END);
    assertThat(paths(sample)).containsExactly("loader.efi", "OTHER.EFI");
    assertThat(read(sample).programs()).hasSize(1);
  }

  /** To Linux it is one without any of its marks, or with those of a program. */
  @Test
  void isOneByItsNumbersAlone() throws IOException {
    var bare =
        FatSample.small()
            .put(0, Bytes.of('M', 'Z', 0))
            .put(54, Block.ascii("MSDOS   "))
            .put(510, Bytes.zeros(2));
    assertThat(read(bare).labels()).contains(new HostText("CIDATA"));
    assertThat(read(bare.put(54, Bytes.zeros(8))).labels()).contains(new HostText("CIDATA"));
  }

  @Test
  void takesNoNameForNoLabel() throws IOException {
    var sample = FatSample.small().put(43, Block.ascii("NO NAME    "));
    assertThat(read(sample).labels()).containsExactly(new HostText("CIDATA"));
  }

  @Test
  void listsFilesByTheirLongNames() throws IOException {
    assertThat(paths(FatSample.small()))
        .containsExactly("user-data", "openstack", "KS.CFG", "openstack/X");
  }

  @Test
  void keepsFilesOverAllTheirClusters() throws IOException {
    var file = entries(FatSample.small()).get(2);
    assertThat(file.offset()).isEqualTo(start(5));
    var content = file.content().orElseThrow();
    assertThat(content.size()).isEqualTo(0x205);
    assertThat(content.slice(0, 6)).isEqualTo(Block.ascii("rootpw"));
    assertThat(content.slice(0x200, 5)).isEqualTo(Block.ascii("end!!"));
  }

  @Test
  void listsAShortNameThatWasNotMadeOfTheLongOne() throws IOException {
    var sample = new FatSample().root(0, named("harmless.txt", entry("KS      CFG", 0, 0, 0)));
    assertThat(paths(sample)).containsExactly("harmless.txt", "KS.CFG");
  }

  @Test
  void listsWhatStandsBehindAnUnusedEntryAsLinuxDoes() throws IOException {
    var sample = new FatSample().root(5, entry("KS      CFG", 0, 0, 0));
    assertThat(paths(sample)).containsExactly("KS.CFG");
  }

  @Test
  void takesTheShortNameWhereTheLongOneIsOfAnotherFile() throws IOException {
    var orphan = named("user-data", entry("OTHER      ", 0, 0, 0)).slice(0, 32);
    var sample = new FatSample().root(0, orphan, entry("KS      CFG", 0, 0, 0));
    assertThat(paths(sample)).containsExactly("KS.CFG");
  }

  @Test
  void readsAVolumeWithoutABootSignature() throws IOException {
    assertThat(paths(FatSample.small().put(510, Bytes.of(0, 0)))).hasSize(4);
  }

  @Test
  void isNotThereWithoutItsMarksAndNumbers() throws IOException {
    var sample = FatSample.small().put(54, Block.ascii("NOFAT")).put(11, Bytes.of(0, 3));
    assertThat(Hostile.contents(sample.bytes())).hasExactlyElementsOfTypes(Content.Opaque.class);
  }

  @Nested
  class Refuses {
    @Test
    void aFolderInItself() throws IOException {
      assertMalformed(
          FatSample.small().put(start(3) + 96, entry("LOOP       ", FOLDER, 3, 0)).bytes(),
          "in two places");
    }

    @Test
    void aFolderWhoseClustersGoInACircle() throws IOException {
      assertMalformed(FatSample.small().next(3, 3).bytes(), "has no end");
      assertMalformed(FatSample.small().next(3, 7).next(7, 3).bytes(), "has no end");
    }

    @Test
    void aFileWhoseClustersGoInACircle() throws IOException {
      assertMalformed(FatSample.small().next(6, 5).bytes(), "has no end");
    }

    @Test
    void aFileWithFewerClustersThanItsSize() throws IOException {
      assertMalformed(FatSample.small().next(5, END).bytes(), "fewer clusters");
    }

    @Test
    void clustersOutsideTheVolume() throws IOException {
      assertMalformed(FatSample.small().next(5, 0x800).bytes(), "outside the volume");
      assertMalformed(FatSample.small().next(5, 0).bytes(), "outside the volume");
      assertMalformed(
          FatSample.small().root(12, entry("A          ", 0, 999, 1)).bytes(),
          "outside the volume");
      assertMalformed(
          FatSample.small().root(12, entry("A          ", FOLDER, 0, 0)).bytes(),
          "outside the volume");
    }

    @Test
    void aFileOfFourGibibytes() throws IOException {
      assertMalformed(
          FatSample.small().root(12, entry("A          ", 0, 2, -1)).bytes(),
          "larger than the volume");
    }

    @Test
    void tablesThatDiffer() throws IOException {
      assertMalformed(FatSample.small().next(1, 6, 7).bytes(), "tables of clusters differ");
    }

    @Test
    void aVolumeLargerThanItsFile() throws IOException {
      assertMalformed(
          FatSample.small().put(19, Bytes.of(FatSample.SECTORS + 1)).bytes(),
          "larger than what holds it");
    }

    @Test
    void aFirstSectorThatDescribesNothing() throws IOException {
      assertMalformed(FatSample.small().put(13, Bytes.of(3)).bytes(), "does not describe");
    }

    @Test
    void tablesThatAreTooShort() throws IOException {
      var head = FatSample.small().put(19, Bytes.of(0, 16)).bytes();
      assertMalformed(LuksSample.file(head, 4096 * 512), "too short");
    }

    @Test
    void twoSizes() throws IOException {
      assertMalformed(FatSample.small().put(32, Bytes.le32(39)).bytes(), "two sizes");
    }
  }

  @Test
  void readsNoLabelFromAFolderBelow() throws IOException {
    var sample = FatSample.small().put(start(3) + 96, entry("OEMDRV     ", LABEL, 0, 0));
    assertThat(read(sample).labels()).doesNotContain(new HostText("OEMDRV"));
  }

  @Test
  void survivesEveryTurnedBitAndEveryCut() throws IOException {
    var whole = FatSample.small().bytes();
    int refused =
        Hostile.turnBits(whole, at -> at < 64 || (at >= 512 && at < start(4) && at % 512 < 320));
    assertThat(refused).isGreaterThan(300);
    Hostile.cut(whole, 7, 512);
  }
}
