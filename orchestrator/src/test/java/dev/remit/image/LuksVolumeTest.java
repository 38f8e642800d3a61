package dev.remit.image;

import static dev.remit.image.LuksSample.DETACHED;
import static dev.remit.image.LuksSample.REENCRYPTING;
import static dev.remit.image.LuksSample.WHOLE;
import static dev.remit.image.LuksSample.edited;
import static dev.remit.image.LuksSample.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Location;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LuksVolumeTest {
  private static final int MIB = 1 << 20;
  private static final String SEGMENT_CIPHER =
      "\"iv_tweak\":\"0\",\"encryption\":\"aes-xts-plain64\"";
  private static final String KEYSLOT_CIPHER = "\"encryption\":\"aes-xts-plain64\",\"key_size\":64";

  @Nested
  class OfOneFile {
    @Test
    void hasNoProblemAsCryptsetupMakesIt() throws IOException {
      assertThat(problems(WHOLE)).isEmpty();
    }

    @Test
    void hasNoProblemWithASegmentThatEndsWithTheFile() throws IOException {
      assertThat(problems(edited(WHOLE, "\"dynamic\"", "\"3145728\""))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "aes-cbc-essiv:sha256",
          "serpent-xts-plain64",
          "xchacha20,aes-adiantum-plain64",
          "aegis128-random"
        })
    void hasNoProblemWithAnotherCipherOfTheManual(String cipher) throws IOException {
      assertThat(problems(segmentCipher(cipher))).isEmpty();
    }

    @Test
    void isNotLuks2WhereItHasAnotherContent() throws IOException {
      for (String content : new String[] {"ext4", "luks1", "qcow2", "gpt"}) {
        var head = Sample.of("image/content/" + content + ".head.gz");
        assertThat(problems(head))
            .extracting(Diagnostic::code, Diagnostic::what)
            .containsExactly(
                tuple(
                    Code.NOT_LUKS,
                    "the file is not a LUKS2 volume: it is "
                        + Content.titles(Examination.marksOf(file(head, 4 * MIB)))));
      }
    }

    @Test
    void isNotLuks2WhereNothingIsRecognised() throws IOException {
      refuses(Code.NOT_LUKS, "nothing that Remit recognises", problems(Bytes.EMPTY));
    }

    @Test
    void isDamagedWhereACopyIs() throws IOException {
      var problems = problems(Sample.flipped(WHOLE, 5000 * 8));
      refuses(Code.WEAK_LUKS, "the LUKS2 header is damaged", problems);
      assertThat(problems.getFirst().why()).contains("checksum");
      assertThat(problems.getFirst().at()).contains(new Location.InBytes("root.img", 448));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cipher_null-ecb", "cipher_null", "capi:ecb(cipher_null)-plain64", ""})
    void isOpenWithTheNullCipher(String cipher) throws IOException {
      refuses(Code.WEAK_LUKS, "the data is not encrypted", problems(segmentCipher(cipher)));
    }

    @Test
    void isOpenWithoutACipher() throws IOException {
      refuses(
          Code.WEAK_LUKS,
          "the data is not encrypted",
          problems(edited(WHOLE, SEGMENT_CIPHER, "\"iv_tweak\":\"0\"")));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "aes-ecb",
          "aes-xts-plain",
          "aes-cbc-plain64",
          "capi:xts(aes)-plain64",
          "xaes-xts-plain64",
          "aes-xts-plain64 "
        })
    void isWeakWithACipherThatTheManualDoesNotName(String cipher) throws IOException {
      refuses(Code.WEAK_LUKS, "the data is encrypted by", problems(segmentCipher(cipher)));
    }

    @Test
    void showsACipherOfTheFileEscaped() throws IOException {
      refuses(Code.WEAK_LUKS, "\\x1b[2J", problems(segmentCipher("\\u001b[2J")));
    }

    @Test
    void isOpenWithANullCipherAroundItsKey() throws IOException {
      var header = edited(WHOLE, KEYSLOT_CIPHER, "\"encryption\":\"cipher_null-ecb\"");
      refuses(Code.WEAK_LUKS, "the volume key is not encrypted", problems(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "hw-opal", "hw-opal-crypt"})
    void isNotEncryptedByTheGuestInAnotherTypeOfSegment(String type) throws IOException {
      var header = edited(WHOLE, "\"type\":\"crypt\"", "\"type\":\"" + type + "\"");
      refuses(Code.WEAK_LUKS, "of type \"" + type + "\"", problems(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"online-reencrypt-v2", "offline-reencrypt", "opal", "later"})
    void isRefusedWithAnyRequirement(String requirement) throws IOException {
      var header =
          edited(
              WHOLE,
              "\"config\":{",
              "\"config\":{\"requirements\":{\"mandatory\":[\"" + requirement + "\"]},");
      refuses(Code.WEAK_LUKS, "requires \"" + requirement + "\"", problems(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"in-reencryption", "backup-final", "later"})
    void isRefusedWithAnyFlagOfItsSegment(String flag) throws IOException {
      var header =
          edited(WHOLE, "\"sector_size\":512", "\"sector_size\":512,\"flags\":[\"" + flag + "\"]");
      refuses(Code.WEAK_LUKS, "the flag \"" + flag + "\"", problems(header));
    }

    @Test
    void isRefusedWithoutASegment() throws IOException {
      var json = LuksSample.json(WHOLE);
      int from = json.indexOf("\"segments\":{\"0\"");
      int to = json.indexOf(",\"digests\"");
      var header =
          LuksSample.withJson(
              WHOLE, json.substring(0, from) + "\"segments\":{}" + json.substring(to));
      refuses(Code.WEAK_LUKS, "0 segments, not one", problems(header));
    }

    @Test
    void isRefusedWithAKeyslotOfAnotherType() throws IOException {
      var header =
          edited(
              WHOLE,
              "{\"keyslots\":{",
              "{\"keyslots\":{\"1\":{\"type\":\"reencrypt\",\"area\":{\"type\":\"none\","
                  + "\"offset\":\"290816\",\"size\":\"4096\"}},");
      refuses(Code.WEAK_LUKS, "a keyslot has the type \"reencrypt\"", problems(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"keyslots\":[\"0\"]", "\"segments\":[\"0\"]"})
    void isRefusedWhereNoKeyslotOpensIt(String binding) throws IOException {
      var header = edited(WHOLE, binding, binding.replace("\"0\"", "\"5\""));
      refuses(Code.WEAK_LUKS, "no keyslot holds the key", problems(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"32767", "299009", "999999999999999999"})
    void isRefusedWithAKeyslotOutsideItsArea(String offset) throws IOException {
      refuses(
          Code.WEAK_LUKS,
          "a keyslot lies outside",
          problems(edited(WHOLE, "\"32768\"", "\"" + offset + "\"")));
    }

    @ParameterizedTest
    @ValueSource(ints = {MIB, MIB - 1, 600_000})
    void isRefusedWhereTheFileEndsBeforeTheData(int size) throws IOException {
      refuses(
          Code.WEAK_LUKS, "the file ends before the encrypted data", inOneFile(file(WHOLE, size)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "3145729", "999999999999999999"})
    void isRefusedWithASegmentThatDoesNotFit(String size) throws IOException {
      refuses(
          Code.WEAK_LUKS,
          "the file ends before the encrypted data",
          problems(edited(WHOLE, "\"dynamic\"", "\"" + size + "\"")));
    }

    @Test
    void isRefusedWhereAFileSystemLiesInItsData() throws IOException {
      var disk = Bytes.concat(WHOLE.paddedTo(MIB), Sample.of("image/content/ext4.head.gz"));
      var problems = inOneFile(file(disk, 4 * MIB));
      refuses(Code.WEAK_LUKS, "the data is not encrypted: it is an ext2", problems);
      assertThat(problems.getFirst().at()).contains(new Location.InBytes("root.img", MIB));
    }

    /** As "cryptsetup luksFormat" leaves it, which does not wipe. */
    @Test
    void isRefusedWhereWhatWasThereBeforeIsStillThere() throws IOException {
      var before = text("password=hunter2, plain text line\n".repeat(10_000));
      var problems = inOneFile(file(Bytes.concat(WHOLE.paddedTo(2 * MIB), before), 4 * MIB));
      refuses(Code.WEAK_LUKS, "not all of the data is encrypted", problems);
      assertThat(problems.getFirst().at()).contains(new Location.InBytes("root.img", 2 * MIB));
    }

    @Test
    void isRefusedWhereItsKeyslotsHoldSomethingElse() throws IOException {
      var text = text("plain text line\n".repeat(500));
      refuses(
          Code.WEAK_LUKS,
          "its keyslots are not encrypted",
          problems(Sample.overwritten(WHOLE.paddedTo(MIB), 40_960, text)));
    }

    @Test
    void tellsEverythingOfAChangeUnderWay() throws IOException {
      assertThat(inOneFile(file(REENCRYPTING, 20 * MIB)))
          .extracting(Diagnostic::what)
          .anyMatch(what -> what.contains("requires \"online-reencrypt-v2\""))
          .anyMatch(what -> what.contains("3 segments"))
          .anyMatch(what -> what.contains("\"backup-previous\""))
          .anyMatch(what -> what.contains("\"backup-final\""))
          .anyMatch(what -> what.contains("\"reencrypt\""))
          .hasSize(5);
    }

    private static Bytes segmentCipher(String cipher) {
      return edited(WHOLE, SEGMENT_CIPHER, SEGMENT_CIPHER.replace("aes-xts-plain64", cipher));
    }

    private static List<Diagnostic> problems(Bytes head) throws IOException {
      return inOneFile(file(head, 4 * MIB));
    }
  }

  @Nested
  class WithADetachedHeader {
    private final SeekableBytes data = file(Bytes.EMPTY, 2 * MIB);

    @Test
    void hasNoProblemAsCryptsetupMakesIt() throws IOException {
      assertThat(problems(DETACHED, data)).isEmpty();
    }

    @Test
    void isRefusedWithoutData() throws IOException {
      var problems = problems(DETACHED, file(Bytes.EMPTY, 0));
      refuses(Code.WEAK_LUKS, "the file ends before the encrypted data", problems);
      assertThat(problems.getFirst().at()).contains(new Location.InFile("root.img"));
    }

    @Test
    void isRefusedWhereTheDataIsAFileSystem() throws IOException {
      var head = Sample.of("image/content/xfs.head.gz");
      refuses(
          Code.WEAK_LUKS,
          "the data is not encrypted: it is an XFS",
          problems(DETACHED, file(head, 2 * MIB)));
    }

    @Test
    void isRefusedWhereTheDataIsPlainText() throws IOException {
      var text = text("password=hunter2, plain text line\n".repeat(61_000));
      refuses(
          Code.WEAK_LUKS,
          "not all of the data is encrypted",
          problems(DETACHED, file(text, 2 * MIB)));
      var half = Bytes.concat(CiphertextTest.random(1), text.slice(0, MIB));
      refuses(
          Code.WEAK_LUKS,
          "not all of the data is encrypted",
          problems(DETACHED, file(half, 2 * MIB)));
    }

    @Test
    void hasNoProblemWithCiphertextInTheMidstOfNothing() throws IOException {
      var data = Bytes.concat(Bytes.zeros(MIB / 2), CiphertextTest.random(2));
      assertThat(problems(DETACHED, file(data, 2 * MIB))).isEmpty();
    }

    @Test
    void isRefusedWhereTheDataHasAHeaderOfItsOwn() throws IOException {
      refuses(
          Code.WEAK_LUKS,
          "the data is not encrypted: it is a LUKS2 volume",
          problems(DETACHED, file(WHOLE, 2 * MIB)));
    }

    @Test
    void isRefusedWhereTheHeaderFileEndsInsideItsKeyslot() throws IOException {
      var header = file(DETACHED, 32_768 + 258_047);
      refuses(
          Code.WEAK_LUKS,
          "a keyslot lies outside",
          LuksVolume.detached("root.header", header, "root.img", data).problems());
    }

    private static List<Diagnostic> problems(Bytes header, SeekableBytes data) throws IOException {
      return LuksVolume.detached("root.header", file(header, MIB), "root.img", data).problems();
    }
  }

  private static Bytes text(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static List<Diagnostic> inOneFile(SeekableBytes disk) throws IOException {
    return LuksVolume.detached("root.img", disk, "root.img", disk).problems();
  }

  /** That there is this problem and no other. */
  private static void refuses(Code code, String words, List<Diagnostic> problems) {
    assertThat(problems).singleElement().extracting(Diagnostic::code).isEqualTo(code);
    assertThat(problems.getFirst().what()).contains(words);
  }
}
