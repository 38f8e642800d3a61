package dev.remit.image;

import static dev.remit.image.LuksSample.REENCRYPTING;
import static dev.remit.image.LuksSample.WHOLE;
import static dev.remit.image.LuksSample.edited;
import static dev.remit.image.LuksSample.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content.Luks;
import dev.remit.image.Content.Malformed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LuksFormatTest {
  private static final int MIB = 1 << 20;
  private static final Bytes LUKS1 = Sample.of("image/content/luks1.head.gz");
  private static final String SEGMENT = "\"sector_size\":512";

  @Test
  void isWhatCryptsetupMade() throws IOException {
    var luks = only(WHOLE);
    assertThat(luks.version()).isEqualTo(2);
    assertThat(luks.ciphers()).containsExactly(new HostText("aes-xts-plain64"));
    assertThat(luks.authenticated()).isFalse();
    assertThat(luks.tokens()).isEmpty();
    assertThat(luks.weaknesses()).isEmpty();
    assertThat(luks.hints())
        .extracting(Content.Hint::what)
        .containsExactly(
            "PBKDF2 takes 1000 iterations: enough for a random passphrase, and for no other");
  }

  @ParameterizedTest
  @CsvSource({
    "hmac(sha256), true",
    "aead, true",
    "poly1305, true",
    "crc32c, false",
    "sha256, false",
    "none, false",
  })
  void isAuthenticatedByAKeyOnly(String integrity, boolean keyed) throws IOException {
    var header =
        edited(WHOLE, SEGMENT, SEGMENT + ",\"integrity\":{\"type\":\"" + integrity + "\"}");
    assertThat(only(header).authenticated()).isEqualTo(keyed);
  }

  /** What dm-integrity puts before the data, which a volume without integrity does not have. */
  @Test
  void hasTheMarkOfIntegrityWhereItHasIntegrity() throws IOException {
    var mark = Block.ascii("integrt\0");
    var integrity = edited(WHOLE, SEGMENT, SEGMENT + ",\"integrity\":{\"type\":\"hmac(sha256)\"}");
    assertThat(only(Bytes.concat(integrity.paddedTo(MIB), mark)).weaknesses()).isEmpty();
    assertThat(only(Bytes.concat(WHOLE.paddedTo(MIB), mark)).weaknesses())
        .containsExactly("the data is not encrypted: it is a dm-integrity device");
  }

  @Test
  void tellsItsTokens() throws IOException {
    var header = edited(WHOLE, "\"tokens\":{}", "\"tokens\":{\"0\":{\"type\":\"systemd-tpm2\"}}");
    assertThat(only(header).tokens()).containsExactly(new HostText("systemd-tpm2"));
  }

  @Test
  void hintsAtDiscards() throws IOException {
    var header = edited(WHOLE, "\"config\":{", "\"config\":{\"flags\":[\"allow-discards\"],");
    assertThat(only(header).hints())
        .extracting(Content.Hint::what)
        .contains("discards are allowed: the host sees which blocks are in use");
  }

  @Test
  void hintsAtNothingWithManyIterations() throws IOException {
    assertThat(
            only(edited(WHOLE, "\"iterations\":1000,\"salt\"", "\"iterations\":100000,\"salt\""))
                .hints())
        .isEmpty();
  }

  @Test
  void isWeakWithTheNullCipher() throws IOException {
    var header =
        edited(
            WHOLE,
            "\"iv_tweak\":\"0\",\"encryption\":\"aes-xts-plain64\"",
            "\"iv_tweak\":\"0\",\"encryption\":\"cipher_null-ecb\"");
    assertThat(only(header).weaknesses())
        .containsExactly("the data is not encrypted: the header names the null cipher or none");
  }

  @Test
  void isWeakWhileItsEncryptionChanges() throws IOException {
    var luks = (Luks) Examination.of(file(REENCRYPTING, 20 * MIB)).contents().getFirst();
    assertThat(luks.weaknesses()).anyMatch(phrase -> phrase.contains("online-reencrypt-v2"));
    assertThat(luks.weaknesses()).anyMatch(phrase -> phrase.contains("3 segments"));
  }

  @Test
  void isWeakWhereTheDataLiesOverTheHeader() throws IOException {
    assertThat(only(LuksSample.DETACHED).weaknesses()).contains("the data lies over the header");
  }

  /** As cryptsetup made it: its header ends where its file does. */
  @Test
  void isAHeaderWithoutItsDataWhereTheFileEndsWithIt() throws IOException {
    var header = alone(LuksSample.DETACHED);
    assertThat(header.title()).isEqualTo("a LUKS2 header without its data");
    assertThat(header.volume().weaknesses()).isEmpty();
    assertThat(header.volume().ciphers()).containsExactly(new HostText("aes-xts-plain64"));
    var open =
        edited(
            LuksSample.DETACHED,
            "\"iv_tweak\":\"0\",\"encryption\":\"aes-xts-plain64\"",
            "\"iv_tweak\":\"0\",\"encryption\":\"cipher_null-ecb\"");
    assertThat(alone(open).volume().weaknesses())
        .containsExactly("the data is not encrypted: the header names the null cipher or none");
  }

  /** A header that claims the whole file for its keys, with data in the midst of them. */
  @Test
  void isNoHeaderAloneWithDataBetweenItsKeys() throws IOException {
    var json = LuksSample.json(WHOLE);
    var size = Pattern.compile("\"keyslots_size\":\"\\d+\"").matcher(json);
    var all =
        LuksSample.withJson(
            WHOLE,
            size.replaceFirst(
                "\"keyslots_size\":\"" + (4 * MIB - 2 * LuksSample.COPY_SIZE) + "\""));
    assertThat(only(all).weaknesses()).contains("the data lies over the header");
  }

  /** A header whose keys take up the whole file, and data in their place. */
  @Test
  void isNotEncryptedWhereTextTakesThePlaceOfKeys() throws IOException {
    var text = Bytes.copyOf("plain text line\n".repeat(500).getBytes(StandardCharsets.US_ASCII));
    var header = LuksSample.DETACHED.paddedTo(65_536);
    assertThat(alone(Sample.overwritten(header, 40_960, text)).volume().weaknesses())
        .containsExactly("its keyslots are not encrypted: at byte 40960 lies something else");
    var one = Sample.overwritten(LUKS1.paddedTo(MIB), MIB - text.size(), text);
    assertThat(only(one).weaknesses())
        .singleElement(STRING)
        .startsWith("not all of it is encrypted: see byte ");
  }

  @Test
  void isWeakWithSomethingPlainBeforeItsData() throws IOException {
    var text = Bytes.copyOf("plain text line\n".repeat(500).getBytes(StandardCharsets.US_ASCII));
    assertThat(only(Sample.overwritten(WHOLE.paddedTo(MIB), 900_000, text)).weaknesses())
        .singleElement(STRING)
        .endsWith(", before the data, lies something plain");
  }

  @Test
  void isAHeaderOfVersionOneWithoutItsData() throws IOException {
    int payload = (int) new Block(LUKS1.slice(104, 4)).u32be(0) * 512;
    assertAlone(LUKS1, payload);
    // Eight keyslots of 64 bytes by 4000 stripes, each from a page on, behind one page.
    assertAlone(LUKS1, 4096 + 8 * 63 * 4096);
    assertAlone(Sample.overwritten(LUKS1, 104, Bytes.zeros(4)), 4096 + 8 * 63 * 4096);
  }

  private static void assertAlone(Bytes head, int size) throws IOException {
    assertThat(Examination.of(file(head, size)).contents())
        .singleElement()
        .isInstanceOfSatisfying(
            Content.LuksHeaderAlone.class,
            header -> assertThat(header.title()).isEqualTo("a LUKS1 header without its data"));
  }

  private static Content.LuksHeaderAlone alone(Bytes header) throws IOException {
    long size = 2L * LuksSample.COPY_SIZE + keyslotsSize(header);
    var contents = Examination.of(file(header, size)).contents();
    assertThat(contents).singleElement().isInstanceOf(Content.LuksHeaderAlone.class);
    return (Content.LuksHeaderAlone) contents.getFirst();
  }

  private static long keyslotsSize(Bytes header) {
    var size = Pattern.compile("\"keyslots_size\":\"(\\d+)\"").matcher(LuksSample.json(header));
    assertThat(size.find()).isTrue();
    return Long.parseLong(size.group(1));
  }

  @Test
  void isWeakWhereAFileSystemLiesInItsData() throws IOException {
    var disk = Bytes.concat(WHOLE.paddedTo(MIB), Sample.of("image/content/ext4.head.gz"));
    assertThat(only(disk).weaknesses())
        .containsExactly("the data is not encrypted: it is an ext2, ext3 or ext4 file system");
  }

  /** Both copies are covered by checksums, so that no bit of them turns without a word. */
  @Test
  void isMalformedWithAnyBitOfItsHeaderTurned() throws IOException {
    for (int bit = 64; bit < 600 * 8; bit += 7) {
      assertMalformed(Sample.flipped(WHOLE, bit));
      assertMalformed(Sample.flipped(WHOLE, LuksSample.COPY_SIZE * 8 + bit - 64));
    }
    for (int octet = LuksSample.JSON_OFFSET; octet < 2 * LuksSample.COPY_SIZE; octet += 97) {
      assertMalformed(Sample.flipped(WHOLE, octet * 8));
    }
  }

  @Test
  void isMalformedWithItsFirstCopyGone() throws IOException {
    var gone = Sample.overwritten(WHOLE, 0, Bytes.zeros(512));
    assertThat(contents(gone))
        .containsExactly(
            new Malformed("a LUKS volume", 0, "its first header is gone, and the second is there"));
  }

  @Test
  void isMalformedWhereItsCopiesDisagree() throws IOException {
    var newer = Sample.overwritten(WHOLE, LuksSample.COPY_SIZE + 23, Bytes.of(9));
    assertThat(contents(LuksSample.sealed(newer)))
        .containsExactly(
            new Malformed(
                "a LUKS volume", LuksSample.COPY_SIZE, "the two copies of the header disagree"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 256, 512})
  void isMalformedWithAnotherVersion(int version) throws IOException {
    var head = Sample.overwritten(WHOLE, 6, Bytes.of(version >> 8, version & 0xff));
    assertThat(contents(head))
        .containsExactly(new Malformed("a LUKS volume", 6, "its version is neither 1 nor 2"));
  }

  @Test
  void readsAVolumeOfVersionOne() throws IOException {
    var luks = only(LUKS1);
    assertThat(luks.version()).isEqualTo(1);
    assertThat(luks.ciphers()).containsExactly(new HostText("aes-xts-plain64"));
    assertThat(luks.weaknesses()).isEmpty();
  }

  @Test
  void isWeakOfVersionOneToo() throws IOException {
    var open = Sample.overwritten(LUKS1, 8, Block.ascii("cipher_null").paddedTo(32));
    assertThat(only(open).weaknesses())
        .containsExactly("the data is not encrypted: the header names the null cipher or none");
    var free = Sample.overwritten(LUKS1, 208, Bytes.of(0, 0, 0xde, 0xad));
    assertThat(only(free).weaknesses()).containsExactly("no keyslot holds its key");
    var over = Sample.overwritten(LUKS1, 104, Bytes.zeros(4));
    assertThat(only(over).weaknesses())
        .containsExactly("the data lies over the header, or in another file");
    var far = Sample.overwritten(LUKS1, 208 + 40, Bytes.of(0xff, 0xff, 0xff, 0xff));
    assertThat(only(far).weaknesses())
        .containsExactly("a keyslot lies outside the header or its file");
    var late = Sample.overwritten(LUKS1, 104, Bytes.of(0xff, 0xff, 0xff, 0xff));
    assertThat(only(late).weaknesses())
        .containsExactly("the file ends before the encrypted data does");
  }

  @Test
  void comesThroughEveryBitFlipOfVersionOne() throws IOException {
    for (int bit = 8 * 8; bit < LUKS1.size() * 8; bit++) {
      assertThat(Examination.marksOf(file(Sample.flipped(LUKS1, bit), 4 * MIB)))
          .singleElement()
          .isInstanceOfAny(Luks.class, Malformed.class);
    }
  }

  @Test
  void isMalformedWhereItEndsEarly() throws IOException {
    for (int size = 8; size < 2 * LuksSample.COPY_SIZE; size += 61) {
      assertThat(Examination.marksOf(file(WHOLE.slice(0, size), size)))
          .singleElement()
          .isInstanceOf(Malformed.class);
    }
  }

  private static void assertMalformed(Bytes head) throws IOException {
    assertThat(Examination.marksOf(file(head, 4 * MIB)))
        .singleElement()
        .isInstanceOf(Malformed.class);
  }

  private static Luks only(Bytes head) throws IOException {
    var contents = contents(head);
    assertThat(contents).singleElement().isInstanceOf(Luks.class);
    return (Luks) contents.getFirst();
  }

  private static List<Content> contents(Bytes head) throws IOException {
    return Examination.of(file(head, 4 * MIB)).contents();
  }
}
