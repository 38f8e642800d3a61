package dev.remit.endorsement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SevChainTest {
  @Test
  void readsWhatSevctlExports() throws Exception {
    var chain = SevChain.parse(RomeChain.EXPORTED);

    assertThat(chain.pdh().raw()).isEqualTo(RomeChain.PDH);
    assertThat(chain.pek().raw()).isEqualTo(RomeChain.PEK);
    assertThat(chain.oca().raw()).isEqualTo(RomeChain.OCA);
    assertThat(chain.cek().raw()).isEqualTo(RomeChain.CEK);
    assertThat(chain.ask()).isEmpty();
    assertThat(chain.ark()).isEmpty();
    assertThat(chain.raw()).isEqualTo(RomeChain.EXPORTED);
  }

  @Test
  void readsWhatSevctlExportsInFull() throws Exception {
    var chain = SevChain.parse(RomeChain.IN_FULL);

    assertThat(chain.ask().map(CaCertificate::raw)).contains(RomeChain.ANCHOR.ask());
    assertThat(chain.ark().map(CaCertificate::raw)).contains(RomeChain.ANCHOR.ark());
    assertThat(chain.raw()).isEqualTo(RomeChain.IN_FULL);
  }

  @Test
  void readsAFullChainWithSmallCaKeys() throws Exception {
    var exported = FakeAmd.believed().platform().exportedInFull();

    assertThat(SevChain.parse(exported).raw()).isEqualTo(exported);
  }

  @Test
  void readsTheTwoValuesOfLibvirt() throws Exception {
    var host = FakeAmd.believed().platform();

    var chain = SevChain.of(host.pdh(), host.unsignedCertChain());

    assertThat(chain.raw()).isEqualTo(Bytes.concat(host.pdh(), host.unsignedCertChain()));
  }

  @Test
  void refusesValuesOfLibvirtOfOtherSizes() {
    var chainOfTwo = RomeChain.EXPORTED.slice(0, 2 * SevCertificate.SIZE);
    var rest = RomeChain.EXPORTED.slice(2 * SevCertificate.SIZE, 2 * SevCertificate.SIZE);

    assertThatThrownBy(() -> SevChain.of(chainOfTwo, rest))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("these 4168 and 4168");
  }

  @Test
  void refusesEveryOtherSize() throws Exception {
    for (int size = 0; size < RomeChain.IN_FULL.size(); size++) {
      if (size != SevChain.SIZE) {
        var cut = RomeChain.IN_FULL.slice(0, size);
        assertThatThrownBy(() -> SevChain.parse(cut)).isInstanceOf(MalformedException.class);
      }
    }
    for (int more = 1; more <= 64; more++) {
      var longer = RomeChain.IN_FULL.paddedTo(RomeChain.IN_FULL.size() + more);
      assertThatThrownBy(() -> SevChain.parse(longer)).isInstanceOf(MalformedException.class);
      var padded = RomeChain.EXPORTED.paddedTo(RomeChain.EXPORTED.size() + more);
      assertThatThrownBy(() -> SevChain.parse(padded)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void saysWhichCertificateIsMalformedAndWhere() {
    var noCek = Bytes.concat(RomeChain.EXPORTED.slice(0, 3 * 2084), Bytes.zeros(2084));

    assertThatThrownBy(() -> SevChain.parse(noCek))
        .isInstanceOf(MalformedException.class)
        .hasMessage("CEK: a SEV certificate is of version 1 (at byte 6252)");
  }

  @Test
  void hasBothCaCertificatesOrNeither() throws Exception {
    var chain = SevChain.parse(RomeChain.IN_FULL);

    assertThatThrownBy(() ->
            new SevChain(
                chain.pdh(), chain.pek(), chain.oca(), chain.cek(), chain.ask(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
