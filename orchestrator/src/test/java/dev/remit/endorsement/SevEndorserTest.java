package dev.remit.endorsement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.endorsement.SevChainProof.Broken;
import dev.remit.endorsement.SevChainProof.Incomplete;
import dev.remit.endorsement.SevChainProof.NotPinned;
import dev.remit.endorsement.SevChainProof.OtherChip;
import dev.remit.endorsement.SevChainProof.Proven;
import dev.remit.platform.ChipId;
import dev.remit.platform.Generation;
import dev.remit.root.Anchors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SevEndorserTest {
  private static final FakeAmd AMD = FakeAmd.believed();
  private static final FakePlatform HOST = AMD.platform();
  private static final FakePlatform OTHER = AMD.platform(1);
  private static final ChipId CHIP = FakeSource.chip(1);
  private static final ChipId OTHER_CHIP = FakeSource.chip(2);
  private static final SevChain UNSIGNED =
      chain(Bytes.concat(HOST.pdh(), HOST.unsignedCertChain()));
  private static final SevChain SIGNED = HOST.chain();

  private final FakeSource kept = FakeSource.imported();
  private final FakeSource server = FakeSource.keyServer();
  private final List<CekEndorsement> fetched = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final SevEndorser endorser =
      new SevEndorser(List.of(kept), anchors -> server, fetched::add, told::add);

  @Nested
  class ARealHost {
    private final SevChain unsigned =
        chain(Bytes.concat(RomeChain.PDH, RomeChain.PEK, RomeChain.OCA, unsigned(RomeChain.CEK)));

    @Test
    void isProvenWithTheCekThatAmdSigned() {
      server.with(CHIP, RomeChain.CEK);

      var proof = (Proven) endorser.prove(unsigned, Optional.of(CHIP), Set.of(), Anchors.builtIn());

      assertThat(proof.platform().anchor().generation()).isEqualTo(Generation.ROME);
      assertThat(proof.platform().chain().cek().raw()).isEqualTo(RomeChain.CEK);
      assertThat(proof.chip().endorsement().orElseThrow().chip()).isEqualTo(CHIP);
      assertThat(fetched).hasSize(1);
    }

    @Test
    void isUndecidedWithoutIt() {
      var proof =
          (Incomplete) endorser.prove(unsigned, Optional.of(CHIP), Set.of(), Anchors.builtIn());

      assertThat(proof.chip().lacking().orElseThrow().reason())
          .isEqualTo(
              "the imported file fleet.json does not know it;"
                  + " the key server https://keys.test does not know it");
      assertThat(fetched).isEmpty();
    }

    /**
     * An unused slot is told by 0x1000 or by 0 (SEV API, appendix C): that bit alone changes
     * nothing, and neither key nor signature depends on it.
     */
    private static final int TWO_WAYS_TO_SAY_UNUSED = 8 * 0x61c + 12;

    @Test
    void isProvenByNoBitFlipOfTheSignedCek() {
      byte[] signed = RomeChain.CEK.toArray();
      var trusted = new ArrayList<Integer>();
      for (int bit = 0; bit < 8 * signed.length; bit++) {
        signed[bit / 8] ^= (byte) (1 << bit % 8);
        if (trusted(Bytes.copyOf(signed), bit)) {
          trusted.add(bit);
        }
        signed[bit / 8] ^= (byte) (1 << bit % 8);
      }
      assertThat(trusted).containsExactly(TWO_WAYS_TO_SAY_UNUSED);
    }

    /** What no root signed is joined, too, for every 97th bit: each costs some verifications. */
    private boolean trusted(Bytes flipped, int bit) {
      try {
        var endorsement =
            CekEndorsement.parse(
                CHIP, flipped, new Voucher(Voucher.Kind.KEY_SERVER, "https://keys.test"));
        if (SevChainProver.anchorOf(endorsement.cek(), Anchors.builtIn()).isEmpty()
            && bit % 97 != 0) {
          return false;
        }
        return SevEndorser.join(unsigned, endorsement, Optional.of(CHIP), Anchors.builtIn())
            instanceof Proven;
      } catch (MalformedException e) {
        return false;
      }
    }

    @Test
    void isRefusedUnderTheNameOfAnotherChip() {
      server.with(CHIP, HOST.cek());

      assertThat(endorser.prove(unsigned, Optional.of(CHIP), Set.of(), AMD.anchors()))
          .isInstanceOf(OtherChip.class);
    }
  }

  @Test
  void bindsNoChipByABitFlipOfWhatIsKept() throws MalformedException {
    byte[] signed = HOST.cek().toArray();
    for (int bit = 0; bit < 8 * SevCertificate.BODY_SIZE; bit += 41) {
      signed[bit / 8] ^= (byte) (1 << bit % 8);
      var flipped = Bytes.copyOf(signed);
      signed[bit / 8] ^= (byte) (1 << bit % 8);
      var flippedEndorser =
          new SevEndorser(List.of(), anchors -> answering(flipped), fetched::add, told::add);
      assertThat(
              chip(flippedEndorser.prove(SIGNED, Optional.of(CHIP), Set.of(CHIP), AMD.anchors())))
          .as("bit %d", bit)
          .isEmpty();
    }
    assertThat(fetched).isEmpty();
  }

  /** As an adapter does: what cannot be parsed is not had. */
  private static EndorsementSource answering(Bytes cek) {
    return chip -> {
      try {
        return new CekAnswer.Had(
            CekEndorsement.parse(chip, cek, new Voucher(Voucher.Kind.KEY_SERVER, "x")));
      } catch (MalformedException malformed) {
        return new CekAnswer.NotHad("malformed", "x");
      }
    };
  }

  @Nested
  class AChainWithoutAmdsSignature {
    @Test
    void isProvenWithTheSignedCekOfTheClaimedChip() {
      server.with(CHIP, HOST.cek());

      var proof = (Proven) prove(UNSIGNED, Optional.of(CHIP), Set.of());

      assertThat(proof.platform().pdh()).isEqualTo(HOST.proven().pdh());
      assertThat(fetched).extracting(CekEndorsement::chip).containsExactly(CHIP);
    }

    @Test
    void takesWhatIsKeptAndAsksNoServer() {
      kept.with(CHIP, HOST.cek());

      var proof = (Proven) prove(UNSIGNED, Optional.of(CHIP), Set.of());

      assertThat(proof.chip().endorsement().orElseThrow().voucher().kind())
          .isEqualTo(Voucher.Kind.IMPORT);
      assertThat(server.asked()).isEmpty();
      assertThat(fetched).isEmpty();
    }

    @Test
    void isRefusedWhereTheClaimedChipHasAnotherCek() {
      server.with(CHIP, OTHER.cek());

      var proof = (OtherChip) prove(UNSIGNED, Optional.of(CHIP), Set.of());

      assertThat(proof.found())
          .contains(CHIP.toString(), "by the word of the key server https://keys.test");
    }

    @Test
    void isBrokenByACekThatAnotherVendorSigned() {
      server.with(CHIP, FakeAmd.stranger().platform().cek());

      assertThat(prove(UNSIGNED, Optional.of(CHIP), Set.of())).isInstanceOf(Broken.class);
      assertThat(fetched).as("what no believed root signed is not kept").isEmpty();
    }

    @Test
    void isUndecidedWhereTheServerHasNoSignatureEither() {
      server.with(CHIP, HOST.unsignedCek());

      var proof = (Incomplete) prove(UNSIGNED, Optional.of(CHIP), Set.of());

      assertThat(proof.chip().lacking().orElseThrow().reason()).contains("is not signed either");
    }

    @Test
    void isUndecidedWhereTheHostTellsNoChip() {
      kept.with(CHIP, HOST.cek());

      var proof = (Incomplete) prove(UNSIGNED, Optional.empty(), Set.of());

      assertThat(proof.chip().lacking().orElseThrow().reason())
          .isEqualTo("the host does not tell the id of its chip");
      assertThat(kept.asked()).isEmpty();
      assertThat(server.asked()).isEmpty();
    }

    @Test
    void isUndecidedByACekThatIsKeptAndThatNoBelievedRootSigned() {
      kept.with(CHIP, FakeAmd.stranger().platform().cek());

      var proof = (Incomplete) prove(UNSIGNED, Optional.of(CHIP), Set.of());

      assertThat(proof.chip().lacking().orElseThrow().reason())
          .contains("is signed by no root that is believed");
      assertThat(told).singleElement().asString().contains("fleet.json", "not used");
      assertThat(server.asked()).containsExactly(CHIP);
    }

    @Test
    void isNotLookedUpWhereAnotherLinkIsBroken() {
      kept.with(CHIP, HOST.cek());
      var broken = chain(Bytes.concat(OTHER.pdh(), HOST.unsignedCertChain()));

      assertThat(prove(broken, Optional.of(CHIP), Set.of(CHIP))).isInstanceOf(Broken.class);
      assertThat(kept.asked()).isEmpty();
    }

    @Test
    void isNotPinnedWhateverSignedItsCek() {
      kept.with(CHIP, HOST.cek());
      var stranger = FakeAmd.stranger();
      var supplied =
          chain(Bytes.concat(HOST.pdh(), HOST.unsignedCertChain(), stranger.ask(), stranger.ark()));

      assertThat(prove(supplied, Optional.of(CHIP), Set.of())).isInstanceOf(NotPinned.class);
    }
  }

  /** The ways in which a host can lie about its chip, to an owner who names chips. */
  @Nested
  class NamedChips {
    @Test
    void areLookedUpAlsoWhereTheChainProvesItself() {
      server.with(CHIP, HOST.cek());

      assertThat(chip(prove(SIGNED, Optional.of(CHIP), Set.of(CHIP)))).contains(CHIP);
    }

    @Test
    void areNotLookedUpWhereNoneAreNamedAndTheChainProvesItself() {
      assertThat(prove(SIGNED, Optional.of(CHIP), Set.of())).isInstanceOf(Proven.class);
      assertThat(kept.asked()).isEmpty();
      assertThat(server.asked()).isEmpty();
    }

    @Test
    void areNotAHostThatClaimsOneWithItsOwnSignedCek() {
      server.with(CHIP, OTHER.cek());

      assertThat(prove(SIGNED, Optional.of(CHIP), Set.of(CHIP))).isInstanceOf(OtherChip.class);
    }

    @Test
    void areNotAHostThatClaimsOneOfTheOthers() {
      kept.with(CHIP, HOST.cek()).with(OTHER_CHIP, OTHER.cek());

      assertThat(prove(SIGNED, Optional.of(OTHER_CHIP), Set.of(CHIP, OTHER_CHIP)))
          .isInstanceOf(OtherChip.class);
    }

    @Test
    void areNotVouchedForByTheHostItself() {
      var proof = prove(SIGNED, Optional.of(CHIP), Set.of(CHIP));

      assertThat(proof).isInstanceOf(Proven.class);
      assertThat(chip(proof)).isEmpty();
      assertThat(proof.chip().claimed()).contains(CHIP);
      assertThat(proof.chip().lacking()).isPresent();
    }

    @Test
    void areComparedOneByOneWhereTheHostTellsNone() {
      kept.with(CHIP, HOST.cek()).with(OTHER_CHIP, OTHER.cek());

      assertThat(chip(prove(UNSIGNED, Optional.empty(), Set.of(CHIP, OTHER_CHIP)))).contains(CHIP);
      assertThat(chip(prove(SIGNED, Optional.empty(), Set.of(CHIP, OTHER_CHIP)))).contains(CHIP);
      assertThat(server.asked()).isEmpty();
    }

    @Test
    void areExcludedWhereAllOfTheirCeksAreOthers() {
      kept.with(OTHER_CHIP, OTHER.cek());

      var proof = prove(SIGNED, Optional.empty(), Set.of(OTHER_CHIP));

      assertThat(chip(proof)).isEmpty();
      assertThat(proof.chip().excluded()).containsExactly(OTHER_CHIP);
    }

    @Test
    void stayOpenWhereTheCekOfOneIsNotAtHand() {
      kept.with(OTHER_CHIP, OTHER.cek());

      var proof = prove(SIGNED, Optional.empty(), Set.of(CHIP, OTHER_CHIP));

      assertThat(proof.chip().excluded()).containsExactly(OTHER_CHIP);
      assertThat(proof.chip().lacking().orElseThrow().reason())
          .contains("none of 1 of the named chips; the CEK of 1 is not at hand");
    }
  }

  @Nested
  class ACekOfAChipThatNobodyNames {
    @Test
    void provesAChainOfItsKey() throws MalformedException {
      var proof =
          SevEndorser.join(UNSIGNED, SevCertificate.parse(HOST.cek()), "cek.cert", AMD.anchors());

      assertThat(proof).isInstanceOf(Proven.class);
      assertThat(chip(proof)).as("it says nothing of a chip").isEmpty();
    }

    @Test
    void refusesAChainOfAnotherKey() throws MalformedException {
      var signed = SevCertificate.parse(OTHER.cek());

      assertThat(SevEndorser.join(UNSIGNED, signed, "cek.cert", AMD.anchors()))
          .isEqualTo(
              new OtherChip(
                  SevChainProver.prove(UNSIGNED, AMD.anchors()).links(),
                  "cek.cert",
                  ChipBinding.NONE));
    }

    @Test
    void breaksAChainWhereItIsNoCek() throws MalformedException {
      for (var other : List.of(HOST.pek(), HOST.oca(), HOST.pdh())) {
        assertThat(SevEndorser.join(UNSIGNED, SevCertificate.parse(other), "x", AMD.anchors()))
            .isInstanceOf(Broken.class);
      }
    }
  }

  private SevChainProof prove(SevChain chain, Optional<ChipId> claimed, Set<ChipId> named) {
    return endorser.prove(chain, claimed, named, AMD.anchors());
  }

  /** The chip that somebody vouches for. */
  private static Optional<ChipId> chip(SevChainProof proof) {
    return proof instanceof Proven proven
        ? proven.chip().endorsement().map(CekEndorsement::chip)
        : Optional.empty();
  }

  /** As firmware gives it: both signature slots empty. */
  private static Bytes unsigned(Bytes cek) {
    return cek.slice(0, SevCertificate.BODY_SIZE).paddedTo(SevCertificate.SIZE);
  }

  private static SevChain chain(Bytes exported) {
    try {
      return SevChain.parse(exported);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
