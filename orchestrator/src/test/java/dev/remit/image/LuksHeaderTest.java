package dev.remit.image;

import static dev.remit.image.LuksSample.COPY_SIZE;
import static dev.remit.image.LuksSample.JSON_OFFSET;
import static dev.remit.image.LuksSample.REENCRYPTING;
import static dev.remit.image.LuksSample.WHOLE;
import static dev.remit.image.LuksSample.edited;
import static dev.remit.image.LuksSample.sealed;
import static dev.remit.image.LuksSample.withJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LuksHeaderTest {
  @Test
  void readsWhatCryptsetupWrote() throws Exception {
    var header = parse(WHOLE);
    assertThat(header.uuid().raw()).isEqualTo("11111111-2222-4333-8444-555555555555");
    assertThat(header.size()).isEqualTo(16_384);
    assertThat(header.sequence()).isEqualTo(3);
    assertThat(header.keyslotsStart()).isEqualTo(32_768);
    assertThat(header.keyslotsEnd()).isEqualTo(32_768 + 524_288);
    assertThat(header.requirements()).isEmpty();
    var cipher = Optional.of(new HostText("aes-xts-plain64"));
    assertThat(header.keyslots())
        .containsOnlyKeys("0")
        .containsValue(
            new LuksHeader.Keyslot(
                new HostText("luks2"),
                cipher,
                32_768,
                258_048,
                Optional.of(
                    new LuksHeader.Derivation(new HostText("pbkdf2"), Optional.of(1_000L)))));
    assertThat(header.segments())
        .containsOnlyKeys("0")
        .containsValue(
            new LuksHeader.Segment(
                new HostText("crypt"),
                cipher,
                1_048_576,
                Optional.empty(),
                List.of(),
                Optional.empty()));
    assertThat(header.digests())
        .containsOnlyKeys("0")
        .containsValue(new LuksHeader.Digest(Set.of("0"), Set.of("0")));
  }

  @Test
  void readsAChangeOfEncryptionUnderWay() throws Exception {
    var header = parse(REENCRYPTING);
    assertThat(header.requirements()).containsExactly(new HostText("online-reencrypt-v2"));
    assertThat(header.segments().keySet()).containsExactly("0", "1", "2");
    assertThat(header.segments().values())
        .extracting(LuksHeader.Segment::flags)
        .containsExactly(
            List.of(),
            List.of(new HostText("backup-previous")),
            List.of(new HostText("backup-final")));
    assertThat(header.keyslots().values())
        .extracting(LuksHeader.Keyslot::type)
        .containsExactly(new HostText("luks2"), new HostText("luks2"), new HostText("reencrypt"));
  }

  @Test
  void readsTheSizeOfASegment() throws Exception {
    assertThat(parse(edited(WHOLE, "\"dynamic\"", "\"4096\"")).segments().values())
        .extracting(LuksHeader.Segment::size)
        .containsExactly(Optional.of(4096L));
  }

  @Nested
  class InBinary {
    @Test
    void refusesEveryTurnedBit() throws IOException {
      int end = JSON_OFFSET + LuksSample.json(WHOLE).length() + 1;
      for (int copy = 0; copy <= COPY_SIZE; copy += COPY_SIZE) {
        for (int bit = 0; bit < end * 8; bit += isPadding(bit / 8) ? 9 : 1) {
          refuses(Sample.flipped(WHOLE, copy * 8 + bit), "");
        }
      }
    }

    /** Where every bit would take long and one of each octet must do. */
    private static boolean isPadding(int offset) {
      return offset >= 512 && offset < JSON_OFFSET;
    }

    @Test
    void refusesEveryTruncation() throws IOException {
      for (int size = 0; size < WHOLE.size(); size += size < 600 ? 1 : 61) {
        refuses(WHOLE.slice(0, size), "");
      }
    }

    @Test
    void refusesAHeaderWithoutItsSecondCopy() throws IOException {
      refuses(WHOLE.slice(0, COPY_SIZE).paddedTo(2 * COPY_SIZE), "no copy of a LUKS2 header");
    }

    @Test
    void refusesAWrongChecksum() throws IOException {
      refuses(Sample.flipped(WHOLE, 448 * 8), "checksum");
      refuses(Sample.flipped(WHOLE, (COPY_SIZE + 448) * 8), "checksum");
    }

    @Test
    void refusesAnotherChecksumAlgorithm() throws IOException {
      refuses(changed(0x48, Bytes.of("sha512".chars().toArray())), "checksum");
    }

    @Test
    void refusesPaddingThatIsNotZero() throws IOException {
      refuses(changed(264, Bytes.of(1)), "padding");
      refuses(changed(512, Bytes.of(1)), "padding");
      refuses(changed(4095, Bytes.of(1)), "padding");
    }

    @Test
    void refusesAHeaderThatBelongsElsewhere() throws IOException {
      refuses(changed(263, Bytes.of(1)), "belongs elsewhere");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0000000000000000",
          "0000000000001000",
          "0000000000004001",
          "0000000000800000",
          "8000000000004000",
          "ffffffffffffffff"
        })
    void refusesASizeThatLuks2DoesNotHave(String size) throws IOException {
      refuses(changed(8, Bytes.ofHex(size)), "the size of the LUKS header");
    }

    @Test
    void refusesAHeaderLargerThanItsFile() throws IOException {
      refuses(changed(8, Bytes.ofHex("0000000000400000")), "the file ends inside");
    }

    @Test
    void refusesCopiesThatDifferInTheirSequence() throws IOException {
      refuses(sealed(Sample.overwritten(WHOLE, COPY_SIZE + 23, Bytes.of(4))), "disagree");
    }

    @Test
    void refusesCopiesThatDifferInTheirText() throws IOException {
      var other = edited(WHOLE, "aes-xts-plain64", "cipher_null-ecb");
      var mixed = Bytes.concat(WHOLE.slice(0, COPY_SIZE), other.slice(COPY_SIZE, COPY_SIZE));
      refuses(mixed, "disagree");
    }

    @Test
    void refusesCopiesThatDifferInUuidLabelOrSubsystem() throws IOException {
      for (int offset : new int[] {168, 24, 208}) {
        refuses(sealed(Sample.overwritten(WHOLE, COPY_SIZE + offset, Bytes.of('x'))), "disagree");
      }
    }

    private static Bytes changed(int offset, Bytes by) {
      return sealed(Sample.overwritten(WHOLE, offset, by));
    }
  }

  @Nested
  class InText {
    @Test
    void refusesNestingWithoutEnd() throws IOException {
      refuses(withJson(WHOLE, "{\"a\":".repeat(2000)), "JSON");
      refuses(withJson(WHOLE, "{\"a\":" + "[".repeat(12_000)), "JSON");
    }

    @Test
    void refusesNestingThatIsDeeperThanAnyHeader() throws Exception {
      refuses(withToken(nested(14)), "JSON");
      assertThat(parse(withToken(nested(13))).tokens())
          .containsValue(new LuksHeader.Token(new HostText("any")));
    }

    private static Bytes withToken(String content) {
      return edited(
          WHOLE,
          "\"tokens\":{}",
          "\"tokens\":{\"0\":{\"type\":\"any\",\"content\":" + content + "}}");
    }

    @Test
    void refusesAMemberThatStandsTwice() throws IOException {
      refuses(edited(WHOLE, "\"type\":\"crypt\"", "\"type\":\"crypt\",\"type\":\"crypt\""), "JSON");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "[]",
          "\"\"",
          "7",
          "nonsense",
          "{",
          "{}{}",
          "{} x",
          "{\"a\":\"\u0001\"}",
          "{\"a\":1e99999999999999999999999}",
          "{'config':{}}",
          "{/* */}",
          "{\"a\":NaN}"
        })
    void refusesWhatIsNotOneObject(String json) throws IOException {
      refuses(withJson(WHOLE, json), "JSON");
    }

    @Test
    void refusesTextBehindTheEnd() throws IOException {
      refuses(withJson(WHOLE, LuksSample.json(WHOLE) + "\0x"), "does not end in zeros");
    }

    @Test
    void refusesTextWithoutAnEnd() throws IOException {
      refuses(withJson(WHOLE, LuksSample.json(WHOLE) + " ".repeat(12288 - 728)), "does not end");
    }

    @Test
    void refusesInvalidUtf8() throws IOException {
      var once = Sample.overwritten(WHOLE, JSON_OFFSET + 2, Bytes.of(0xff));
      refuses(
          sealed(Sample.overwritten(once, COPY_SIZE + JSON_OFFSET + 2, Bytes.of(0xff))), "JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keyslots\":{", "segments\":{", "digests\":{", "config\":{"})
    void refusesAMissingSection(String section) throws IOException {
      refuses(edited(WHOLE, "\"" + section, "\"x" + section), "is not an object");
    }

    @Test
    void refusesASectionOfAnotherType() throws IOException {
      refuses(
          edited(WHOLE, "\"tokens\":{},\"segments\"", "\"segments\":[],\"x\""),
          "'segments' is not an object");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "1048576",
          "\"-1\"",
          "\"\"",
          "\" 1\"",
          "\"0x10\"",
          "\"１\"",
          "null",
          "\"1000000000000000000\"",
          "{}"
        })
    void refusesAnOffsetThatIsNoNumber(String offset) throws IOException {
      refuses(edited(WHOLE, "\"1048576\"", offset), "'offset' is not");
    }

    @Test
    void refusesFlagsAndRequirementsOfAnotherType() throws IOException {
      refuses(
          edited(WHOLE, "\"sector_size\":512", "\"sector_size\":512,\"flags\":\"x\""),
          "'flags' is not a list");
      refuses(
          edited(WHOLE, "\"sector_size\":512", "\"sector_size\":512,\"flags\":[1]"),
          "'flags' is not a list of texts");
      refuses(
          edited(WHOLE, "\"config\":{", "\"config\":{\"requirements\":[\"x\"],"),
          "'requirements' is not an object");
    }

    @Test
    void refusesMoreKeyslotsThanCryptsetupTakes() throws Exception {
      var keyslot = "{\"type\":\"luks2\",\"area\":{\"offset\":\"0\",\"size\":\"0\"}}";
      var more = new StringBuilder();
      for (int name = 1; name < 32; name++) {
        more.append("\"%d\":%s,".formatted(name, keyslot));
      }
      assertThat(parse(edited(WHOLE, "{\"keyslots\":{", "{\"keyslots\":{" + more)).keyslots())
          .hasSize(32);
      more.append("\"32\":%s,".formatted(keyslot));
      refuses(edited(WHOLE, "{\"keyslots\":{", "{\"keyslots\":{" + more), "more than 32");
    }

    @Test
    void refusesMoreTokensThanAnyHeaderHas() throws IOException {
      refuses(
          edited(WHOLE, "\"tokens\":{}", "\"tokens\":{\"a\":[" + "0,".repeat(5_000) + "0]}"),
          "JSON");
    }

    @Test
    void refusesAnotherJsonSizeThanTheHeaders() throws IOException {
      refuses(edited(WHOLE, "\"12288\"", "\"12289\""), "json_size");
    }

    private static String nested(int depth) {
      return "{\"a\":".repeat(depth - 1) + "{}" + "}".repeat(depth - 1);
    }
  }

  private static void refuses(Bytes header, String words) throws IOException {
    assertThatThrownBy(() -> parse(header))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(words);
  }

  private static LuksHeader parse(Bytes header) throws MalformedException, IOException {
    return LuksHeader.parse(SeekableBytes.of(header));
  }
}
