package dev.remit.endorsement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.platform.ChipId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndorsementBundleTest {
  private static final Voucher FILE = new Voucher(Voucher.Kind.FILE, "fleet.json");
  private static final ChipId ONE = FakeSource.chip(1);
  private static final ChipId TWO = FakeSource.chip(2);

  private final EndorsementBundle bundle =
      new EndorsementBundle(List.of(endorsement(TWO, 1), endorsement(ONE, 0)));

  @Test
  void isReadAsItWasWritten() throws MalformedException {
    var read = EndorsementBundle.parse(bundle.toBytes(), FILE);

    assertThat(read).isEqualTo(bundle);
    assertThat(read.endorsements()).extracting(CekEndorsement::chip).containsExactly(ONE, TWO);
  }

  @Test
  void answersForItsChips() {
    assertThat(bundle.signedCek(ONE)).isEqualTo(new CekAnswer.Had(endorsement(ONE, 0)));
    assertThat(bundle.signedCek(FakeSource.chip(3))).isInstanceOf(CekAnswer.NotHad.class);
  }

  @Test
  void holdsAtLeastOneAndOneOfAChip() {
    assertThatIllegalArgumentException().isThrownBy(() -> new EndorsementBundle(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EndorsementBundle(List.of(endorsement(ONE, 0), endorsement(ONE, 1))));
  }

  @Test
  void isMalformedWhicheverBitIsFlippedOrIsAnotherBundle() {
    var written = bundle.toBytes();
    int malformed = 0;
    for (int bit = 0; bit < 8 * written.size(); bit++) {
      byte[] flipped = written.toArray();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(EndorsementBundle.parse(Bytes.copyOf(flipped), FILE)).isNotEqualTo(bundle);
      } catch (MalformedException expected) {
        malformed++;
      }
    }
    assertThat(malformed).isGreaterThan(4 * written.size());
  }

  @Test
  void isMalformedWhereverItIsCutOrLonger() {
    var written = bundle.toBytes();
    for (int size = 0; size < written.size(); size++) {
      assertMalformed(written.slice(0, size));
    }
    assertMalformed(Bytes.concat(written, Bytes.of('\n')));
    assertMalformed(Bytes.concat(written, written));
    assertMalformed(Bytes.zeros(EndorsementBundle.LARGEST + 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "remit.endorsements/1 | remit.endorsements/2",
        "\"chip\" | \"Chip\"",
        "\"cek\" | \"cek\" : 1, \"cek\"",
        "\"endorsements\" | \"more\" : 1, \"endorsements\"",
        "\"endorsements\" : [ | \"endorsements\" : [ 1,",
        "\"endorsements\" : [ | \"endorsements\" : [ {},",
        "000\" | 00\"",
        "000\" | 00g\"",
        "\"schema\" | \"schema\":\"\",\"schema\"",
      })
  void isMalformedInAnyOtherForm(String part, String instead) {
    String text = new String(bundle.toBytes().toArray(), StandardCharsets.UTF_8);
    assertThat(text).contains(part);
    assertMalformed(bytes(text.replaceFirst(java.util.regex.Pattern.quote(part), instead)));
  }

  @Test
  void isMalformedOutOfOrder() throws MalformedException {
    String text = new String(bundle.toBytes().toArray(), StandardCharsets.UTF_8);
    String swapped = text.replace(ONE.toString(), "x").replace(TWO.toString(), ONE.toString());
    assertMalformed(bytes(swapped.replace("x", TWO.toString())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "1",
        "{\"schema\":\"remit.endorsements/1\"}",
        "{\"schema\":\"remit.endorsements/1\",\"endorsements\":{}}",
        "{\"schema\":\"remit.endorsements/1\",\"endorsements\":[]}",
        "{\"schema\":\"remit.endorsements/1\",\"endorsements\":[null]}"
      })
  void isMalformedWhereItIsNone(String text) {
    assertMalformed(bytes(text));
  }

  @Test
  void isMalformedWhereItIsNestedDeeply() {
    assertMalformed(bytes("{\"schema\":" + "[".repeat(1_000_000)));
  }

  @Test
  void takesNoOtherCertificateForACek() {
    var host = FakeAmd.believed().platform();
    for (var other : List.of(host.pdh(), host.pek(), host.oca())) {
      String text =
          new String(bundle.toBytes().toArray(), StandardCharsets.UTF_8)
              .replace(host.cek().base64(), other.base64());
      assertMalformed(bytes(text));
    }
  }

  private static CekEndorsement endorsement(ChipId chip, int platform) {
    try {
      return CekEndorsement.parse(chip, FakeAmd.believed().platform(platform).cek(), FILE);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertMalformed(Bytes content) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> EndorsementBundle.parse(content, FILE));
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
