package dev.remit.endorsement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.platform.Generation;
import dev.remit.root.Anchor;
import dev.remit.root.Anchors;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CaCertificateTest {
  private static final Map<Generation, String> ARK_IDS =
      Map.of(
          Generation.NAPLES, "1bb987c359494606b174945601c9ea5b",
          Generation.ROME, "e6002122fb58419399d15fee7b131351",
          Generation.MILAN, "94c38e4177d0479292a7ae671d083fb6",
          Generation.GENOA, "9f9d4a8fe761456599f6946c4c010f3a",
          Generation.TURIN, "d05c3a8bde484904b49552422ceb3942");

  private static final Map<Generation, String> ASK_IDS =
      Map.of(
          Generation.NAPLES, "e139970cfc464377ae61b289e2f9e96e",
          Generation.ROME, "c6cbcf145b3146f498e40ecb4ad4fded",
          Generation.MILAN, "73478c05cc174bfeb06e718fa75dc3c8",
          Generation.GENOA, "acbb4ad21acc436fb3e932f812cd01b0",
          Generation.TURIN, "15051693f7304d65a527b4a7f3f7cb77");

  static Iterable<Anchor> builtIn() {
    return Anchors.builtIn().all();
  }

  @ParameterizedTest
  @MethodSource("builtIn")
  void readsAmdsOwn(Anchor anchor) throws Exception {
    var ark = CaCertificate.parse(anchor.ark());
    var ask = CaCertificate.parse(anchor.ask());

    assertThat(ark.usage()).isEqualTo(KeyUsage.ARK);
    assertThat(ark.keyId().hex()).isEqualTo(ARK_IDS.get(anchor.generation()));
    assertThat(ark.certifyingId()).isEqualTo(ark.keyId());
    assertThat(ask.usage()).isEqualTo(KeyUsage.ASK);
    assertThat(ask.keyId().hex()).isEqualTo(ASK_IDS.get(anchor.generation()));
    assertThat(ask.certifyingId()).isEqualTo(ark.keyId());
    boolean naples = anchor.generation() == Generation.NAPLES;
    assertThat(ask.keyBits()).isEqualTo(naples ? 2048 : 4096);
    assertThat(ask.algorithm())
        .isEqualTo(naples ? KeyAlgorithm.RSA_SHA256 : KeyAlgorithm.RSA_SHA384);
    assertThat(Bytes.concat(ask.body(), ask.signature())).isEqualTo(ask.raw());
  }

  @Test
  void hasTheHashOfItsBodyAsFingerprint() throws Exception {
    var naples = CaCertificate.parse(Anchors.builtIn().all().getFirst().ark());

    assertThat(naples.fingerprint().hex())
        .isEqualTo("8efddcaaf84990cf6354d93637be270220cf15797332b3d918c3b8cc77349f31");
  }

  @Test
  void isEqualToACertificateOfTheSameBytesOnly() throws Exception {
    var ark = CaCertificate.parse(RomeChain.ANCHOR.ark());

    assertThat(ark)
        .isEqualTo(CaCertificate.parse(RomeChain.ANCHOR.ark()))
        .hasSameHashCodeAs(CaCertificate.parse(RomeChain.ANCHOR.ark()))
        .isNotEqualTo(CaCertificate.parse(RomeChain.ANCHOR.ask()));
  }

  @Nested
  class Refuses {
    private final Bytes naples = Anchors.builtIn().all().getFirst().ark();
    private final Bytes rome = RomeChain.ANCHOR.ark();

    @Test
    void everyOtherSize() {
      for (var good : new Bytes[] {naples, rome}) {
        for (int size = 0; size < good.size(); size++) {
          assertMalformed(good.slice(0, size), "are needed");
        }
        for (int more = 1; more <= 64; more++) {
          assertMalformed(good.paddedTo(good.size() + more), more + " bytes too many");
        }
      }
    }

    @Test
    void theNaplesArkAsItIsPublishedWithoutItsSignature() {
      assertMalformed(naples.slice(0, 576), "256 bytes are needed");
    }

    @ParameterizedTest
    @CsvSource({
      "0x00, 02000000, version 1",
      "0x24, 01000000, no ARK or ASK",
      "0x24, 04100000, no ARK or ASK",
      "0x28, 01, reserved",
      "0x37, 01, reserved",
      "0x38, 00080000, 'exponent and modulus'",
      "0x38, 000c0000000c0000, 'exponent and modulus'",
      "0x38, 0000000000000000, 'exponent and modulus'",
      "0x38, f80f0000f80f0000, 'exponent and modulus'",
      "0x38, 00100080001000ff, 'exponent and modulus'",
      "0x40, 03, 65537",
      "0x23f, 01, 65537",
    })
    void aFieldThatIsNotAsItMustBe(String offset, String hex, String rule) {
      assertMalformed(with(rome, Integer.decode(offset), Bytes.ofHex(hex)), rule);
    }

    @Test
    void aModulusWithoutItsHighestBit() {
      assertMalformed(with(rome, 0x43f, Bytes.of(0x7f)), "odd number of 4096 bits");
      assertMalformed(with(naples, 0x23f, Bytes.of(0x7f)), "odd number of 2048 bits");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0xfe})
    void anEvenModulus(int lowest) {
      assertMalformed(with(rome, 0x240, Bytes.of(lowest)), "odd number of 4096 bits");
    }

    private Bytes with(Bytes good, int at, Bytes octets) {
      int rest = at + octets.size();
      return Bytes.concat(good.slice(0, at), octets, good.slice(rest, good.size() - rest));
    }

    private void assertMalformed(Bytes certificate, String rule) {
      assertThatThrownBy(() -> CaCertificate.parse(certificate))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining(rule);
    }
  }
}
