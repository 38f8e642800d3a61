package dev.remit.image;

import static dev.remit.image.Hostile.assertMalformed;
import static dev.remit.image.Hostile.only;
import static dev.remit.image.IsoSample.FOLDER;
import static dev.remit.image.IsoSample.MORE;
import static dev.remit.image.IsoSample.SECTOR;
import static dev.remit.image.IsoSample.ascii;
import static dev.remit.image.IsoSample.name;
import static dev.remit.image.IsoSample.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class Iso9660Test {
  private static final Bytes SELF = record(0, 20, SECTOR, FOLDER, Bytes.of(0), Bytes.EMPTY);
  private static final Bytes SELF_WITH_ROCK_RIDGE =
      record(0, 20, SECTOR, FOLDER, Bytes.of(0), Bytes.of('S', 'P', 7, 1, 0xbe, 0xef, 0));

  private static Content.FileSystem read(IsoSample sample) throws IOException {
    return only(sample.bytes(), Content.FileSystem.class);
  }

  private static Map<String, String> kept(Content.FileSystem found) {
    return found.files().orElseThrow().entries().stream()
        .filter(entry -> entry.content().isPresent())
        .collect(
            Collectors.toMap(
                entry -> entry.path().raw(),
                entry ->
                    new String(entry.content().orElseThrow().toArray(), StandardCharsets.UTF_8)));
  }

  private static List<String> paths(Content.FileSystem found) {
    return found.files().orElseThrow().entries().stream().map(entry -> entry.path().raw()).toList();
  }

  @Test
  void readsAllLabelsAndAllTrees() throws IOException {
    var found = read(IsoSample.small());
    assertThat(found.labels()).containsExactly(new HostText("CIDATA"), new HostText("config-2"));
    assertThat(paths(found))
        .containsExactly(
            "user-data",
            "USER_DAT",
            "openstack",
            "OPENSTAC",
            "openstack/x.json",
            "OPENSTAC/X",
            "meta-data");
    assertThat(kept(found))
        .containsOnly(
            Map.entry("user-data", "#cloud-config\n"),
            Map.entry("openstack/x.json", "#cloud-config\n"),
            Map.entry("meta-data", "id: one"));
  }

  @Test
  void readsASecondPrimaryDescriptorThatDisagrees() throws IOException {
    var sample =
        IsoSample.small()
            .descriptor(18, 1, 1, "OEMDRV", StandardCharsets.ISO_8859_1, 22)
            .descriptor(19, 255, 1, "", StandardCharsets.ISO_8859_1, 0);
    var found = read(sample);
    assertThat(found.labels()).contains(new HostText("CIDATA"), new HostText("OEMDRV"));
    assertThat(paths(found)).contains("user-data", "X");
  }

  @Test
  void readsAFileOfSeveralParts() throws IOException {
    var sample =
        IsoSample.small()
            .sector(
                20,
                SELF,
                record(0, 23, 14, MORE, ascii("KS.CFG;1"), Bytes.EMPTY),
                record(0, 24, 7, 0, ascii("KS.CFG;1"), Bytes.EMPTY));
    assertThat(kept(read(sample))).containsEntry("KS.CFG", "#cloud-config\nid: one");
  }

  @Test
  void readsANameThatGoesOnElsewhere() throws IOException {
    var more = Bytes.concat(Bytes.of('N', 'M', 9, 1, 0), ascii("data"));
    var sample =
        IsoSample.small()
            .sector(
                20,
                SELF_WITH_ROCK_RIDGE,
                record(
                    0,
                    23,
                    14,
                    0,
                    ascii("U"),
                    Bytes.concat(
                        Bytes.of('N', 'M', 10, 1, 1),
                        ascii("user-"),
                        Bytes.of('C', 'E', 28, 1),
                        IsoSample.both(25),
                        IsoSample.both(100),
                        IsoSample.both(9))))
            .put(25 * SECTOR + 100, more);
    assertThat(kept(read(sample))).containsEntry("user-data", "#cloud-config\n");
  }

  @Test
  void readsWhereALinkLeads() throws IOException {
    var link = Bytes.concat(Bytes.of('S', 'L', 14, 1, 0, 8, 0, 0, 3), ascii("etc"), Bytes.of(4, 0));
    var sample =
        IsoSample.small()
            .sector(
                20,
                SELF_WITH_ROCK_RIDGE,
                record(0, 0, 0, 0, ascii("L"), Bytes.concat(name("link"), link)));
    assertThat(kept(read(sample))).containsEntry("link", "/etc/..");
  }

  @Test
  void findsAFolderThatWasTooDeepForItsPlace() throws IOException {
    var leads = Bytes.concat(Bytes.of('C', 'L', 12, 1), IsoSample.both(22));
    var moved = Bytes.of('R', 'E', 4, 1);
    var sample =
        IsoSample.small()
            .sector(
                20,
                SELF_WITH_ROCK_RIDGE,
                record(0, 0, 0, 0, ascii("OPENSTAC"), Bytes.concat(name("openstack"), leads)),
                record(0, 22, SECTOR, FOLDER, ascii("M"), Bytes.concat(name("m"), moved)));
    assertThat(kept(read(sample))).containsEntry("openstack/x.json", "#cloud-config\n");
  }

  @Test
  void looksIntoWhatTheCatalogueBoots() throws IOException {
    var sample =
        new IsoSample(60)
            .descriptor(16, 1, 1, "X", StandardCharsets.ISO_8859_1, 20)
            .put(17 * SECTOR, Bytes.concat(Bytes.of(0), ascii("CD001"), Bytes.of(1)))
            .put(17 * SECTOR + 7, ascii("EL TORITO SPECIFICATION"))
            .put(17 * SECTOR + 0x47, Bytes.le32(21))
            .descriptor(18, 255, 1, "", StandardCharsets.ISO_8859_1, 0)
            .sector(20, SELF)
            .sector(21, IsoSample.catalogue(22, 30, FatSample.SECTORS))
            .put(30 * SECTOR, FatSample.small().bytes());
    var contents = Hostile.contents(sample.bytes());
    assertThat(contents)
        .hasExactlyElementsOfTypes(Content.FileSystem.class, Content.BootCatalogue.class);
    var images = ((Content.BootCatalogue) contents.get(1)).images();
    assertThat(images).extracting(Region::offset).containsExactly(22L * SECTOR, 30L * SECTOR);
    assertThat(images.get(1).size()).isEqualTo(FatSample.SECTORS * 512);
    assertThat(images.get(1).contents().getFirst().title()).isEqualTo("a FAT12 file system");
  }

  @Nested
  class Refuses {
    @Test
    void aFolderInItself() throws IOException {
      assertMalformed(
          IsoSample.small()
              .sector(20, SELF, record(0, 20, SECTOR, FOLDER, ascii("A"), Bytes.EMPTY))
              .bytes(),
          "in two places");
    }

    @Test
    void aFileBeyondTheEnd() throws IOException {
      assertMalformed(
          IsoSample.small()
              .sector(20, SELF, record(0, 25, SECTOR + 1, 0, ascii("A"), Bytes.EMPTY))
              .bytes(),
          "beyond the end");
      assertMalformed(
          IsoSample.small().sector(20, SELF, record(0, -1, -1, 0, ascii("A"), Bytes.EMPTY)).bytes(),
          "beyond the end");
    }

    @Test
    void aFolderOfFourGibibytes() throws IOException {
      assertMalformed(
          IsoSample.small()
              .sector(20, SELF, record(0, 21, -1, FOLDER, ascii("A"), Bytes.EMPTY))
              .bytes(),
          "beyond the end");
    }

    @Test
    void aHundredThousandFoldersInEachOther() throws IOException {
      var image =
          IsoSample.small()
              .sector(20, SELF, record(0, 26, SECTOR, FOLDER, ascii("D"), Bytes.EMPTY))
              .bytes();
      assertMalformed(new Chain(image, 100_000), "longer than 4096");
    }

    @Test
    void fieldsThatGoOnForEver() throws IOException {
      var more =
          Bytes.concat(
              Bytes.of('C', 'E', 28, 1), IsoSample.both(25), IsoSample.both(0), IsoSample.both(28));
      assertMalformed(
          IsoSample.small()
              .sector(20, SELF_WITH_ROCK_RIDGE, record(0, 23, 14, 0, ascii("U"), more))
              .put(25 * SECTOR, more)
              .bytes(),
          "have no end");
    }

    @Test
    void numbersThatDifferInTheirByteOrders() throws IOException {
      assertMalformed(
          IsoSample.small().put(16 * SECTOR + 84, Bytes.of(1)).bytes(), "two byte orders");
    }

    @Test
    void aFileOfWhichTheLastPartIsMissing() throws IOException {
      assertMalformed(
          IsoSample.small()
              .sector(20, SELF, record(0, 23, 14, MORE, ascii("A"), Bytes.EMPTY))
              .bytes(),
          "the last part");
    }

    @Test
    void aCompressedFileOfInterest() throws IOException {
      var packed = Bytes.concat(name("user-data"), Bytes.of('Z', 'F', 4, 1));
      assertMalformed(
          IsoSample.small()
              .sector(20, SELF_WITH_ROCK_RIDGE, record(0, 23, 14, 0, ascii("U"), packed))
              .bytes(),
          "compressed or sparse");
    }

    @Test
    void descriptorsWithoutAnEnd() throws IOException {
      assertMalformed(
          IsoSample.small().sector(18, Bytes.EMPTY).bytes(), "a volume descriptor has no mark");
    }

    @Test
    void aVolumeLargerThanItsFile() throws IOException {
      var whole = IsoSample.small().bytes();
      assertMalformed(whole.slice(0, whole.size() - 1), "larger than what holds it");
    }

    @Test
    void highSierra() throws IOException {
      assertMalformed(
          new IsoSample(20).put(16 * SECTOR + 9, ascii("CDROM")).bytes(), "High Sierra");
    }

    @Test
    void aNameWithASlash() throws IOException {
      assertMalformed(
          IsoSample.small()
              .sector(20, SELF_WITH_ROCK_RIDGE, record(0, 23, 14, 0, ascii("U"), name("a/b")))
              .bytes(),
          "a slash");
    }
  }

  /** An image that goes on with folders, each in the one before it. */
  private record Chain(Bytes image, int folders) implements SeekableBytes {
    @Override
    public long size() {
      return image.size() + (long) folders * SECTOR;
    }

    @Override
    public Bytes read(long offset, int length) {
      if (offset < image.size()) {
        return image.slice((int) offset, length);
      }
      int sector = (int) (offset / SECTOR);
      return Bytes.concat(
              record(0, sector, SECTOR, FOLDER, Bytes.of(0), Bytes.EMPTY),
              record(0, sector + 1, SECTOR, FOLDER, ascii("D"), Bytes.EMPTY))
          .paddedTo(SECTOR)
          .slice(0, length);
    }
  }

  @Test
  void survivesEveryTurnedBitAndEveryCut() throws IOException {
    var whole = IsoSample.small().bytes();
    int refused =
        Hostile.turnBits(
            whole,
            at -> {
              int inSector = at % SECTOR;
              return at >= 16 * SECTOR && at < 23 * SECTOR && inSector < 200;
            });
    assertThat(refused).isGreaterThan(1_500);
    Hostile.cut(whole, 61, 17 * SECTOR);
  }

  @Test
  void isNotThereWithoutItsMark() throws IOException {
    assertThat(Hostile.contents(IsoSample.small().put(16 * SECTOR + 1, Bytes.of(0)).bytes()))
        .hasExactlyElementsOfTypes(Content.Opaque.class);
    assertThat(read(IsoSample.small()).files()).isNotEqualTo(Optional.empty());
  }
}
