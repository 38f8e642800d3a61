package dev.remit.firmware;

import static dev.remit.firmware.FakeOvmf.area;
import static dev.remit.firmware.FakeOvmf.entry;
import static dev.remit.firmware.FakeOvmf.image;
import static dev.remit.firmware.FakeOvmf.u16;
import static dev.remit.firmware.FakeOvmf.withMetadata;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FirmwareImageTest {
  private static final Bytes AMD_SEV = Sample.of("firmware/ovmf_AmdSev_suffix.bin");
  private static final Bytes OVMF_X64 = Sample.of("firmware/ovmf_OvmfX64_suffix.bin");
  private static final Bytes OLDER = Sample.of("measurement/OVMF.amdsev.trimmed.fd");

  @Nested
  class OfRealBuilds {
    @Test
    void knowsAmdSev() throws Exception {
      var firmware = parse(AMD_SEV);
      assertThat(firmware.flavour()).isEqualTo(Flavour.AMD_SEV);
      assertThat(firmware.size()).isEqualTo(4096);
      assertThat(firmware.hashTable()).contains(new Area(0x810c00, 0x400));
      assertThat(firmware.secretArea()).contains(new Area(0x810000, 0xc00));
      assertThat(firmware.sevEsResetAddress()).contains(0x80b004L);
      assertThat(firmware.sections())
          .containsExactly(
              new MetadataSection(0x800000, 0x9000, 1),
              new MetadataSection(0x80a000, 0x3000, 1),
              new MetadataSection(0x80d000, 0x1000, 2),
              new MetadataSection(0x80e000, 0x1000, 3),
              new MetadataSection(0x80f000, 0x1000, 4),
              new MetadataSection(0x810000, 0x1000, 0x10),
              new MetadataSection(0x811000, 0xf000, 1));
    }

    @Test
    void takesTheZeroAreasOfOvmfX64AsAbsent() throws Exception {
      var firmware = parse(OVMF_X64);
      assertThat(firmware.flavour()).isEqualTo(Flavour.OVMF_X64);
      assertThat(firmware.hashTable()).isEmpty();
      assertThat(firmware.secretArea()).isEmpty();
      assertThat(firmware.sevEsResetAddress()).contains(0x80b004L);
      assertThat(firmware.sections()).isNotEmpty();
    }

    @Test
    void knowsABuildFromBeforeSevMetadata() throws Exception {
      var firmware = parse(OLDER);
      assertThat(firmware.flavour()).isEqualTo(Flavour.AMD_SEV);
      assertThat(firmware.hashTable()).contains(new Area(0x80cc00, 0x400));
      assertThat(firmware.secretArea()).contains(new Area(0x80c000, 0xc00));
      assertThat(firmware.sections()).isEmpty();
    }

    @Test
    void looksAtTheEndOfALongerFile() throws Exception {
      var whole = Bytes.concat(Bytes.zeros(1 << 20), AMD_SEV);
      assertThat(parse(whole).sections()).isEqualTo(parse(AMD_SEV).sections());
    }

    @Test
    void refusesATruncatedFile() {
      for (int size = 0; size < AMD_SEV.size(); size++) {
        var cut = AMD_SEV.slice(0, size);
        assertThatThrownBy(() -> parse(cut)).isInstanceOf(MalformedException.class);
      }
    }

    @Test
    void refusesAppendedBytes() {
      for (int more = 1; more <= 64; more++) {
        var longer = AMD_SEV.paddedTo(AMD_SEV.size() + more);
        assertThatThrownBy(() -> parse(longer)).isInstanceOf(MalformedException.class);
      }
    }

    /** The digest covers the file; here only the parser's own composure is at stake. */
    @Test
    void readsOrRefusesAFileWithAnyBitTurned() throws IOException {
      int refused = 0;
      for (int bit = 0; bit < AMD_SEV.size() * 8; bit++) {
        try {
          parse(Sample.flipped(AMD_SEV, bit));
        } catch (MalformedException e) {
          refused++;
        }
      }
      assertThat(refused).isGreaterThan(18 * 8);
    }
  }

  @Nested
  class OfOtherFiles {
    @ParameterizedTest
    @CsvSource({
      "0, 4d5a, an EFI program",
      "514, 48647253, a Linux kernel",
      "40, 5f465648, a UEFI variable store",
      "0, 514649fb, a qcow2 image",
      "0, 4c554b53babe, a LUKS volume",
      "0, 7f454c46, an ELF program",
      "0, 4947564d, an IGVM file",
      "0, 303730373031, an initrd",
      "0, 1f8b, gzip",
      "0, 28b52ffd, zstd",
      "0, 00, nothing tells",
    })
    void saysWhatTheySeemToBe(int offset, String magic, String words) {
      var file = Sample.overwritten(Bytes.zeros(4096), offset, Bytes.ofHex(magic));
      assertThatThrownBy(() -> parse(file))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining(words);
    }

    @Test
    void saysThatAnEmptyFileIsEmpty() {
      assertThatThrownBy(() -> parse(Bytes.EMPTY)).hasMessageContaining("the file is empty");
    }

    @Test
    void namesAShortFileToo() {
      assertThatThrownBy(() -> parse(Bytes.of('M', 'Z'))).hasMessageContaining("an EFI program");
    }
  }

  @Nested
  class OfTheTable {
    @Test
    void isEmptyWhereNothingIsOffered() throws Exception {
      assertThat(parse(image()))
          .isEqualTo(
              new FirmwareImage(
                  FakeOvmf.SIZE, Optional.empty(), Optional.empty(), Optional.empty(), List.of()));
    }

    @Test
    void passesOverEntriesOfOthers() throws Exception {
      var unknown = FakeOvmf.guid("00000000-1111-2222-3333-444444444444");
      var image = image(entry(unknown, Bytes.zeros(99)), entry(FakeOvmf.RESET, Bytes.le32(7)));
      assertThat(parse(image).sevEsResetAddress()).contains(7L);
    }

    @Test
    void findsTheResetBlockThatStandsAlone() throws Exception {
      var old = FakeOvmf.ending(entry(FakeOvmf.RESET, Bytes.le32(0x80b004)));
      assertThat(parse(old).sevEsResetAddress()).contains(0x80b004L);
      assertThat(parse(old).flavour()).isEqualTo(Flavour.OVMF_X64);
    }

    @Test
    void takesAResetAddressAsUnsigned() throws Exception {
      var image = image(entry(FakeOvmf.RESET, Bytes.ofHex("04b0ffff")));
      assertThat(parse(image).sevEsResetAddress()).contains(0xffff_b004L);
    }

    @Test
    void takesResetAddressZeroAsAbsent() throws Exception {
      assertThat(parse(image(entry(FakeOvmf.RESET, Bytes.zeros(4)))).sevEsResetAddress()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 1024", "8454144, 0"})
    void takesAnAreaWithoutBaseOrSizeAsAbsent(int base, int size) throws Exception {
      var image = image(entry(FakeOvmf.HASH_TABLE, area(base, size)));
      assertThat(parse(image).hashTable()).isEmpty();
    }

    @Test
    void callsAnImageWithOneOfTheTwoAreasNeither() throws Exception {
      var image = image(entry(FakeOvmf.HASH_TABLE, area(0x1000, 0x400)));
      assertThat(parse(image).flavour()).isEqualTo(Flavour.PARTIAL);
    }

    @Test
    void refusesAnAreaPast4GiB() {
      refuses(
          image(entry(FakeOvmf.SECRET_AREA, area(0xffff_f000L, 0x1001))),
          "does not end below 4 GiB");
    }

    @Test
    void refusesAreasThatOverlap() {
      refuses(
          image(
              entry(FakeOvmf.HASH_TABLE, area(0x1800, 0x400)),
              entry(FakeOvmf.SECRET_AREA, area(0x1000, 0x801))),
          "overlap");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9})
    void refusesAnAreaOfAnotherSize(int size) {
      refuses(image(entry(FakeOvmf.HASH_TABLE, Bytes.zeros(size))), "bytes, not 8");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5})
    void refusesAResetBlockOfAnotherSize(int size) {
      refuses(image(entry(FakeOvmf.RESET, Bytes.zeros(size))), "bytes, not 4");
    }

    @Test
    void refusesAGuidThatStandsTwice() {
      var reset = entry(FakeOvmf.RESET, Bytes.le32(1));
      refuses(image(reset, reset), "one GUID twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 17, 19, 65535})
    void refusesAnEntryOfImpossibleSize(int size) {
      refuses(image(Bytes.concat(u16(size), FakeOvmf.RESET)), "the size of an entry");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 17, 8161, 65535})
    void refusesATableOfImpossibleSize(int size) {
      refuses(
          FakeOvmf.ending(Bytes.concat(u16(size), FakeOvmf.FOOTER)), "the size of OVMF's table");
    }

    @Test
    void refusesStrayBytes() {
      refuses(image(Bytes.zeros(17)), "17 stray bytes");
    }

    @Test
    void refusesAFileThatDoesNotConsistOfPages() {
      refuses(Bytes.concat(Bytes.of(0), image()), "pages of 4096 bytes");
    }
  }

  @Nested
  class OfTheMetadata {
    private final Bytes section =
        Bytes.concat(Bytes.le32(0x1000), Bytes.le32(0x2000), Bytes.le32(0x77));

    @Test
    void namesAnUnknownSection() throws Exception {
      var sections = parse(withMetadata("ASEV", 28, 1, 1, section)).sections();
      assertThat(sections).containsExactly(new MetadataSection(0x1000, 0x2000, 0x77));
      assertThat(sections.getFirst().name()).isEqualTo("unknown type 0x77");
    }

    @ParameterizedTest
    @CsvSource({"1, SEC_MEM", "2, SECRETS", "3, CPUID", "4, SVSM_CAA", "16, KERNEL_HASHES"})
    void namesTheSectionsOfEdk2(int type, String name) {
      assertThat(new MetadataSection(0, 0, type).name()).isEqualTo(name);
    }

    @Test
    void mayHaveNoSection() throws Exception {
      assertThat(parse(withMetadata("ASEV", 16, 1, 0, Bytes.EMPTY)).sections()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"BSEV, 1", "ASEV, 0", "ASEV, 2"})
    void refusesAnotherMagicOrVersion(String magic, int version) {
      refuses(withMetadata(magic, 28, version, 1, section), "no SEV metadata of version 1");
    }

    @ParameterizedTest
    @CsvSource({"28, 2", "29, 1", "16, 1", "0, 0", "3100, 257", "28, -1"})
    void refusesSizeAndNumberThatDoNotFit(int size, int count) {
      refuses(withMetadata("ASEV", size, 1, count, section), "do not fit");
    }

    @Test
    void refusesSectionsPastTheEnd() {
      int distance = 160;
      int count = 13;
      var image = image(entry(FakeOvmf.METADATA, Bytes.le32(distance)));
      var header =
          Bytes.concat(
              Bytes.of('A', 'S', 'E', 'V'),
              Bytes.le32(16 + 12 * count),
              Bytes.le32(1),
              Bytes.le32(count));
      refuses(
          Sample.overwritten(image, FakeOvmf.SIZE - distance, header), "past the end of the file");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 8193, -1})
    void refusesAPlaceOutsideTheFile(int distance) {
      refuses(image(entry(FakeOvmf.METADATA, Bytes.le32(distance))), "outside the file");
    }
  }

  private static void refuses(Bytes file, String words) {
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(words);
  }

  private static FirmwareImage parse(Bytes file) throws MalformedException, IOException {
    return FirmwareImage.parse(SeekableBytes.of(file));
  }
}
