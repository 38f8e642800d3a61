package dev.remit.endorsement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.endorsement.Link.State;
import dev.remit.endorsement.SevChainProof.Broken;
import dev.remit.endorsement.SevChainProof.Incomplete;
import dev.remit.endorsement.SevChainProof.NotPinned;
import dev.remit.endorsement.SevChainProof.Proven;
import dev.remit.platform.Generation;
import dev.remit.root.Anchor;
import dev.remit.root.Anchors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SevChainProverTest {
  private static final FakeAmd AMD = FakeAmd.believed();
  private static final FakePlatform HOST = AMD.platform();

  private static final Link CEK_BY_ASK = valid("CEK", "ASK", "RSA-PSS with SHA-384");
  private static final Link OCA_BY_OCA = valid("OCA", "OCA", "ECDSA with SHA-256");
  private static final Link PEK_BY_OCA = valid("PEK", "OCA", "ECDSA with SHA-256");
  private static final Link PEK_BY_CEK = valid("PEK", "CEK", "ECDSA with SHA-256");
  private static final Link PDH_BY_PEK = valid("PDH", "PEK", "ECDSA with SHA-256");

  @Nested
  class ARealHost {
    private final SevChain chain = parsed(RomeChain.EXPORTED);
    private final SevChain inFull = parsed(RomeChain.IN_FULL);

    @Test
    void isProvenFromItsRootToItsPdh() {
      var proof = (Proven) SevChainProver.prove(chain, Anchors.builtIn());

      assertThat(proof.links())
          .containsExactly(
              valid("ARK", "ARK", "RSA-PSS with SHA-384"),
              valid("ASK", "ARK", "RSA-PSS with SHA-384"),
              CEK_BY_ASK,
              OCA_BY_OCA,
              PEK_BY_OCA,
              PEK_BY_CEK,
              PDH_BY_PEK);
      assertThat(proof.platform().anchor()).isEqualTo(RomeChain.ANCHOR);
      assertThat(proof.platform().anchor().generation()).isEqualTo(Generation.ROME);
      assertThat(proof.platform().chain()).isEqualTo(chain);
      assertThat(proof.platform().pdh()).isEqualTo(chain.pdh().publicKey());
    }

    @Test
    void isProvenWithItsAskAndArkSupplied() {
      assertThat(SevChainProver.prove(inFull, Anchors.builtIn())).isInstanceOf(Proven.class);
    }

    @Test
    void isNotSimulatedWhereAnInsecureRootIsBelievedToo() {
      var proof = (Proven) SevChainProver.prove(chain, AMD.anchors());

      assertThat(proof.platform().anchor().simulated()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
      "PDH, PEK",
      "PDH, OCA",
      "PDH, CEK",
      "PEK, OCA",
      "PEK, CEK",
      "OCA, CEK",
    })
    void isBrokenWithTwoCertificatesInEachOthersPlace(KeyUsage one, KeyUsage other) {
      var certificates =
          List.of(KeyUsage.PDH, KeyUsage.PEK, KeyUsage.OCA, KeyUsage.CEK).stream()
              .map(place -> place == one ? other : place == other ? one : place)
              .map(SevChainProverTest::romes)
              .toArray(Bytes[]::new);

      var proof = SevChainProver.prove(parsed(Bytes.concat(certificates)), Anchors.builtIn());

      assertThat(faults((Broken) proof))
          .isNotEmpty()
          .allMatch(link -> link.reason().startsWith("wrong usage"));
    }

    @ParameterizedTest
    @CsvSource({
      "OCA, PEK",
      "CEK, PEK",
      "PEK, PDH", // each pair reversed
      "PDH, PDH",
      "PEK, PEK",
      "CEK, CEK", // none but the OCA signs itself
      "PDH, OCA",
      "PDH, CEK",
      "OCA, CEK",
      "CEK, OCA",
      "OCA, PDH",
      "CEK, PDH",
    })
    void hasNoOtherSignaturesThanThoseOfItsChain(KeyUsage subject, KeyUsage signer) {
      var link = SevChainProver.link(subject, certificate(subject), signer, certificate(signer));

      assertThat(link.state()).isEqualTo(State.BROKEN);
      assertThat(link.reason()).startsWith("wrong signer");
    }

    /** A second platform of the same vendor: each certificate by itself is as good. */
    @Test
    void isBrokenWithACertificateOfAnotherGenuinePlatform() {
      var amd = FakeAmd.believed();
      var one = amd.platform().exported();
      var other = amd.platform(1).exported();
      for (int place = 0; place < 4; place++) {
        int from = place * SevCertificate.SIZE;
        var mixed = Sample.overwritten(one, from, other.slice(from, SevCertificate.SIZE));
        assertThat(SevChainProver.prove(parsed(mixed), amd.anchors()))
            .as("certificate %d", place)
            .isInstanceOf(Broken.class);
      }
    }

    @Test
    void isBrokenUnderTheAskOfAnotherGeneration() {
      var genoa = Anchors.builtIn().all().get(3);
      var chain = parsed(Bytes.concat(RomeChain.EXPORTED, genoa.ask(), genoa.ark()));

      assertOnlyFault(
          SevChainProver.prove(chain, Anchors.builtIn()),
          "CEK",
          "ASK",
          "bad signature: it does not fit the certificate and the signer's key");
    }

    private SevCertificate certificate(KeyUsage place) {
      return switch (place) {
        case PDH -> chain.pdh();
        case PEK -> chain.pek();
        case OCA -> chain.oca();
        case CEK -> chain.cek();
        case ARK, ASK -> throw new IllegalArgumentException();
      };
    }
  }

  @Nested
  class EveryFlippedBitOfARealChain {
    private static final int SLOT_2 = 0x61c;

    /** Whether another bit pattern is as good, by the format and by every signature it touches. */
    private boolean accepted(Bytes exported, int certificate, Anchor anchor) {
      SevChain chain;
      try {
        chain = SevChain.parse(exported);
      } catch (MalformedException e) {
        return false;
      }
      var ask = parsedCa(anchor.ask());
      List<Supplier<Link>> touched =
          switch (certificate) {
            case 0 ->
                List.of(() ->
                    SevChainProver.link(KeyUsage.PDH, chain.pdh(), KeyUsage.PEK, chain.pek()));
            case 1 ->
                List.of(
                    () -> SevChainProver.link(KeyUsage.PEK, chain.pek(), KeyUsage.OCA, chain.oca()),
                    () ->
                        SevChainProver.link(KeyUsage.PEK, chain.pek(), KeyUsage.CEK, chain.cek()));
            case 2 ->
                List.of(() ->
                    SevChainProver.link(KeyUsage.OCA, chain.oca(), KeyUsage.OCA, chain.oca()));
            default -> List.of(() -> SevChainProver.link(chain.cek(), ask));
          };
      return touched.stream().allMatch(link -> link.get().state() == State.VALID);
    }

    @Test
    void isRefusedButForTheTwoFormsOfAnEmptySlot() {
      byte[] chain = RomeChain.EXPORTED.toArray();
      var accepted = new ArrayList<Integer>();

      for (int bit = 0; bit < 8 * chain.length; bit++) {
        chain[bit / 8] ^= (byte) (1 << bit % 8);
        if (accepted(Bytes.copyOf(chain), bit / 8 / SevCertificate.SIZE, RomeChain.ANCHOR)) {
          accepted.add(bit);
        }
        chain[bit / 8] ^= (byte) (1 << bit % 8);
      }

      // An empty slot names 0x1000 as its signer, or 0 with older firmware. Nothing signs a slot.
      assertThat(accepted).containsExactly(emptySlotBit(0), emptySlotBit(2), emptySlotBit(3));
    }

    @Test
    void leavesTheChainProvenInBothFormsOfAnEmptySlot() {
      byte[] chain = RomeChain.EXPORTED.toArray();
      for (int certificate : new int[] {0, 2, 3}) {
        chain[emptySlotBit(certificate) / 8] = 0;
      }

      assertThat(SevChainProver.prove(parsed(Bytes.copyOf(chain)), Anchors.builtIn()))
          .isInstanceOf(Proven.class);
    }

    @Test
    void ofASuppliedAskOrArkIsRefused() {
      byte[] chain = RomeChain.IN_FULL.toArray();
      var accepted = new ArrayList<Integer>();

      for (int bit = 8 * SevChain.SIZE; bit < 8 * chain.length; bit++) {
        chain[bit / 8] ^= (byte) (1 << bit % 8);
        if (pinned(Bytes.copyOf(chain))) {
          accepted.add(bit);
        }
        chain[bit / 8] ^= (byte) (1 << bit % 8);
      }

      assertThat(accepted).isEmpty();
    }

    private boolean pinned(Bytes exported) {
      try {
        var chain = SevChain.parse(exported);
        var root = SevChainProver.rootOf(chain, Anchors.builtIn());
        return SevChainProver.notPinned(chain, root).isEmpty();
      } catch (MalformedException e) {
        return false;
      }
    }

    private static int emptySlotBit(int certificate) {
      return 8 * (certificate * SevCertificate.SIZE + SLOT_2) + 12;
    }
  }

  @Nested
  class AmdsRoots {
    static Iterable<Anchor> builtIn() {
      return Anchors.builtIn().all();
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void signThemselvesAndTheirAsk(Anchor anchor) {
      var ark = parsedCa(anchor.ark());
      var ask = parsedCa(anchor.ask());

      assertThat(SevChainProver.link(KeyUsage.ARK, ark, ark).state()).isEqualTo(State.VALID);
      assertThat(SevChainProver.link(KeyUsage.ASK, ask, ark).state()).isEqualTo(State.VALID);
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void areNotSignedByTheirAsk(Anchor anchor) {
      var ark = parsedCa(anchor.ark());
      var ask = parsedCa(anchor.ask());

      assertBroken(SevChainProver.link(KeyUsage.ARK, ark, ask), "wrong usage");
      assertBroken(SevChainProver.link(KeyUsage.ASK, ask, ask), "wrong usage");
      assertBroken(SevChainProver.link(KeyUsage.ASK, ark, ark), "wrong usage");
    }

    @Test
    void doNotSignTheAskOfAnotherGeneration() {
      for (var one : Anchors.builtIn().all()) {
        for (var other : Anchors.builtIn().all()) {
          if (!one.equals(other)) {
            assertBroken(
                SevChainProver.link(KeyUsage.ASK, parsedCa(one.ask()), parsedCa(other.ark())),
                "wrong signer");
          }
        }
      }
    }

    @Test
    void areRefusedWithABadSignature() {
      byte[] flipped = RomeChain.ANCHOR.ark().toArray();
      flipped[1088] ^= 1;
      var ark = parsedCa(Bytes.copyOf(flipped));

      assertBroken(SevChainProver.link(KeyUsage.ARK, ark, ark), "bad signature");
    }
  }

  @Nested
  class AChain {
    @Test
    void isSimulatedWhereItsRootIsAnInsecureOne() {
      var proof = (Proven) SevChainProver.prove(HOST.chain(), AMD.anchors());

      assertThat(proof.platform().anchor().simulated()).isTrue();
    }

    @Test
    void isProvenWithTheSignaturesOfItsPekInTheOtherOrder() {
      var pek =
          HOST.draft(KeyUsage.PEK)
              .signed(KeyUsage.CEK, HOST.key(KeyUsage.CEK))
              .signed(KeyUsage.OCA, HOST.key(KeyUsage.OCA));

      assertThat(proof(KeyUsage.PEK, pek)).isInstanceOf(Proven.class);
    }

    @Test
    void isProvenWithItsSignatureInTheSecondSlot() {
      var pdh =
          HOST.draft(KeyUsage.PDH)
              .slot(0x1000, 0, Bytes.EMPTY)
              .signed(KeyUsage.PEK, HOST.key(KeyUsage.PEK));

      assertThat(proof(KeyUsage.PDH, pdh)).isInstanceOf(Proven.class);
    }

    @Test
    void isProvenWithGarbageInTheBodyOfItsOca() {
      var garbage = Bytes.concat(FakeAmd.hash("garbage"), Bytes.zeros(880 - 48));
      var oca =
          HOST.draft(KeyUsage.OCA).withFiller(garbage).signed(KeyUsage.OCA, HOST.key(KeyUsage.OCA));

      assertThat(proof(KeyUsage.OCA, oca)).isInstanceOf(Proven.class);
    }

    @Test
    void isProvenWithAnOcaOnP256() {
      var owner = FakeEcKey.named(EcCurve.P256, "owner");
      var oca = SevCertificateDraft.of(KeyUsage.OCA, owner.publicKey()).signed(KeyUsage.OCA, owner);
      var pek =
          HOST.draft(KeyUsage.PEK)
              .signed(KeyUsage.OCA, owner)
              .signed(KeyUsage.CEK, HOST.key(KeyUsage.CEK));
      var chain = parsed(Bytes.concat(HOST.pdh(), pek.toBytes(), oca.toBytes(), HOST.cek()));

      assertThat(SevChainProver.prove(chain, AMD.anchors())).isInstanceOf(Proven.class);
    }

    @Test
    void isIncompleteWhereOnlyAmdsSignatureIsMissing() throws Exception {
      var chain = SevChain.of(HOST.pdh(), HOST.unsignedCertChain());

      var proof = (Incomplete) SevChainProver.prove(chain, AMD.anchors());

      assertThat(proof.links())
          .containsExactly(
              new Link("CEK", "ASK", State.MISSING, "the certificate carries no signature"),
              OCA_BY_OCA,
              PEK_BY_OCA,
              PEK_BY_CEK,
              PDH_BY_PEK);
    }

    @Test
    void isIncompleteWithItsRootSuppliedToo() {
      var chain = parsed(Bytes.concat(HOST.pdh(), HOST.unsignedCertChain(), AMD.ask(), AMD.ark()));

      assertThat(SevChainProver.prove(chain, AMD.anchors())).isInstanceOf(Incomplete.class);
    }

    @Test
    void isBrokenWhereAmdsSignatureIsMissingAndAnotherOneIsBad() {
      var pdh = HOST.draft(KeyUsage.PDH).signed(KeyUsage.PEK, HOST.key(KeyUsage.OCA)).toBytes();
      var chain = parsed(Bytes.concat(pdh, HOST.unsignedCertChain()));

      assertThat(faults((Broken) SevChainProver.prove(chain, AMD.anchors())))
          .extracting(Link::state)
          .containsExactly(State.MISSING, State.BROKEN);
    }
  }

  @Nested
  class NamesAsTheOneFault {
    @Test
    void wrongUsage() {
      var pek = HOST.draft(KeyUsage.PEK).signed(KeyUsage.PEK, HOST.key(KeyUsage.PEK));

      assertOnlyFault(
          proof(KeyUsage.PDH, pek),
          "PDH",
          "PEK",
          "wrong usage: the certificate in the place of the PDH is of a key PEK");
    }

    @Test
    void wrongSigner() {
      var pdh = HOST.draft(KeyUsage.PDH).signed(KeyUsage.CEK, HOST.key(KeyUsage.CEK));

      assertOnlyFault(
          proof(KeyUsage.PDH, pdh), "PDH", "PEK", "wrong signer: signed by [CEK] and not by PEK");
    }

    @Test
    void badSignature() {
      var pdh = HOST.draft(KeyUsage.PDH).signed(KeyUsage.PEK, HOST.key(KeyUsage.OCA));

      assertOnlyFault(
          proof(KeyUsage.PDH, pdh),
          "PDH",
          "PEK",
          "bad signature: it does not fit the certificate and the signer's key");
    }

    @Test
    void badSignatureOfEveryLink() {
      var other = FakeEcKey.named(EcCurve.P384, "other");
      var oca = HOST.draft(KeyUsage.OCA).signed(KeyUsage.OCA, other);
      var pekByOca =
          HOST.draft(KeyUsage.PEK)
              .signed(KeyUsage.OCA, other)
              .signed(KeyUsage.CEK, HOST.key(KeyUsage.CEK));
      var pekByCek =
          HOST.draft(KeyUsage.PEK)
              .signed(KeyUsage.OCA, HOST.key(KeyUsage.OCA))
              .signed(KeyUsage.CEK, other);

      assertOnlyFault(proof(KeyUsage.OCA, oca), "OCA", "OCA", "bad signature");
      assertOnlyFault(proof(KeyUsage.PEK, pekByOca), "PEK", "OCA", "bad signature");
      assertOnlyFault(proof(KeyUsage.PEK, pekByCek), "PEK", "CEK", "bad signature");
    }

    @Test
    void unknownRoot() {
      var chain = FakeAmd.stranger().platform().chain();

      assertOnlyFault(
          SevChainProver.prove(chain, AMD.anchors()),
          "CEK",
          "ASK",
          "unknown root: the signature is broken, or of none of the roots that are believed"
              + " (AMD Naples root, built in; AMD Rome root, built in; AMD Milan root, built in;"
              + " AMD Genoa root, built in; AMD Turin root, built in; made by a test)");
    }

    @Test
    void theRootOfASimulatorThatIsNotNamed() {
      assertOnlyFault(
          SevChainProver.prove(HOST.chain(), Anchors.builtIn()), "CEK", "ASK", "unknown root");
    }

    @Test
    void aRootThatIsMalformed() {
      var anchors =
          Anchors.builtIn().withInsecureRoot(Bytes.zeros(832), Bytes.zeros(832), "x.cert");

      assertOnlyFault(
          SevChainProver.prove(HOST.chain(), anchors), "CEK", "ASK", "x.cert, which is malformed");
    }

    @Test
    void aSignatureOfAmdsThatIsOfAnotherKind() {
      var chain =
          parsed(Bytes.concat(HOST.exported(), RomeChain.ANCHOR.ask(), RomeChain.ANCHOR.ark()));

      assertOnlyFault(
          SevChainProver.prove(chain, AMD.anchors()),
          "CEK",
          "ASK",
          "wrong algorithm: signed by RSA-PSS with SHA-256, and the signer's key is for RSA-PSS"
              + " with SHA-384");
    }

    @Test
    void anotherHashThanThatOfTheSignersKey() {
      var pdh =
          HOST.draft(KeyUsage.PDH)
              .signed(KeyUsage.PEK, KeyAlgorithm.ECDSA_SHA384, HOST.key(KeyUsage.PEK));

      assertOnlyFault(proof(KeyUsage.PDH, pdh), "PDH", "PEK", "wrong algorithm: signed by ECDSA");
    }

    @Test
    void aMissingSignature() {
      var proof = (Broken) proof(KeyUsage.PDH, HOST.draft(KeyUsage.PDH));

      assertThat(faults(proof))
          .containsExactly(
              new Link("PDH", "PEK", State.MISSING, "the certificate carries no signature"));
    }

    @Test
    void aMissingSignatureOfTheOwner() {
      var pek = HOST.draft(KeyUsage.PEK).signed(KeyUsage.CEK, HOST.key(KeyUsage.CEK));

      assertOnlyFault(
          proof(KeyUsage.PEK, pek), "PEK", "OCA", "wrong signer: signed by [CEK] and not by OCA");
    }

    @Test
    void aSignatureTooMany() {
      var pdh =
          HOST.draft(KeyUsage.PDH)
              .signed(KeyUsage.PEK, HOST.key(KeyUsage.PEK))
              .signed(KeyUsage.CEK, HOST.key(KeyUsage.CEK));

      assertOnlyFault(
          proof(KeyUsage.PDH, pdh), "PDH", "PEK", "a signature too many: signed by [PEK, CEK]");
    }

    @Test
    void twoSignaturesOfOneSigner() {
      var pek =
          HOST.draft(KeyUsage.PEK)
              .signed(KeyUsage.CEK, HOST.key(KeyUsage.CEK))
              .signed(KeyUsage.CEK, HOST.key(KeyUsage.CEK));

      assertThat(faults((Broken) proof(KeyUsage.PEK, pek)))
          .extracting(Link::signer, Link::reason)
          .containsExactly(
              tuple("OCA", "wrong signer: signed by [CEK, CEK] and not by OCA"),
              tuple("CEK", "a signature too many: signed by [CEK, CEK]"));
    }
  }

  @Nested
  class RefusesASuppliedRoot {
    @Test
    void thatNobodyBelieves() {
      var chain = parsed(FakeAmd.stranger().platform().exportedInFull());

      var proof = (NotPinned) SevChainProver.prove(chain, AMD.anchors());

      assertThat(proof.which()).isEqualTo("ARK");
      assertThat(proof.links()).hasSize(7);
      assertThat(faults(proof))
          .singleElement()
          .satisfies(link -> {
            assertThat(link.subject()).isEqualTo("ARK");
            assertThat(link.reason())
                .startsWith("not pinned: the supplied certificate is not that of a root");
          });
    }

    @Test
    void ofASimulatorThatIsNotNamed() {
      var proof = SevChainProver.prove(parsed(HOST.exportedInFull()), Anchors.builtIn());

      assertThat(((NotPinned) proof).which()).isEqualTo("ARK");
    }

    @Test
    void withAnotherSignatureThanThePinnedOne() {
      byte[] chain = RomeChain.IN_FULL.toArray();
      chain[chain.length - 512] ^= 1;

      var proof = SevChainProver.prove(parsed(Bytes.copyOf(chain)), Anchors.builtIn());

      assertThat(((NotPinned) proof).which()).isEqualTo("ARK");
    }

    @Test
    void withAnotherAskThanThePinnedOne() {
      byte[] chain = RomeChain.IN_FULL.toArray();
      chain[chain.length - 1600 - 512] ^= 1;

      var proof = (NotPinned) SevChainProver.prove(parsed(Bytes.copyOf(chain)), Anchors.builtIn());

      assertThat(proof.which()).isEqualTo("ASK");
      assertThat(faults(proof))
          .singleElement()
          .satisfies(link -> assertThat(link.reason()).startsWith("not pinned"));
    }

    @Test
    void withTheAskOfAnotherRoot() {
      var milan = Anchors.builtIn().all().get(2);
      var chain = parsed(Bytes.concat(RomeChain.EXPORTED, milan.ask(), RomeChain.ANCHOR.ark()));

      var proof = (NotPinned) SevChainProver.prove(chain, Anchors.builtIn());

      assertThat(proof.which()).isEqualTo("ASK");
    }
  }

  @Nested
  class AProofCannotBeMadeUp {
    private final Link broken = new Link("PDH", "PEK", State.BROKEN, "bad signature");
    private final Link missing = new Link("CEK", "ASK", State.MISSING, "no signature");

    @Test
    void withABrokenLink() {
      var platform = HOST.proven();

      assertThatThrownBy(() -> new Proven(platform, List.of(PDH_BY_PEK, broken), ChipBinding.NONE))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Proven(platform, List.of(), ChipBinding.NONE))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Incomplete(List.of(missing, broken), ChipBinding.NONE))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withoutTheReasonOfItsRefusal() {
      assertThatThrownBy(() -> new Broken(List.of(PDH_BY_PEK), ChipBinding.NONE))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Incomplete(List.of(PDH_BY_PEK), ChipBinding.NONE))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new NotPinned(List.of(PDH_BY_PEK), "ARK", ChipBinding.NONE))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static SevChainProof proof(KeyUsage place, SevCertificateDraft certificate) {
    return SevChainProver.prove(HOST.chainWith(place, certificate.toBytes()), AMD.anchors());
  }

  private static void assertOnlyFault(
      SevChainProof proof, String subject, String signer, String reason) {
    assertThat(proof).isInstanceOf(Broken.class);
    assertThat(faults(proof))
        .singleElement()
        .satisfies(link -> {
          assertThat(link.subject()).isEqualTo(subject);
          assertThat(link.signer()).isEqualTo(signer);
          assertBroken(link, reason);
        });
  }

  private static void assertBroken(Link link, String reason) {
    assertThat(link.state()).isEqualTo(State.BROKEN);
    assertThat(link.reason()).contains(reason);
  }

  private static List<Link> faults(SevChainProof proof) {
    return proof.links().stream().filter(link -> link.state() != State.VALID).toList();
  }

  private static Link valid(String subject, String signer, String reason) {
    return new Link(subject, signer, State.VALID, reason);
  }

  private static Bytes romes(KeyUsage usage) {
    return switch (usage) {
      case PDH -> RomeChain.PDH;
      case PEK -> RomeChain.PEK;
      case OCA -> RomeChain.OCA;
      case CEK -> RomeChain.CEK;
      case ARK, ASK -> throw new IllegalArgumentException();
    };
  }

  private static SevChain parsed(Bytes exported) {
    try {
      return SevChain.parse(exported);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static CaCertificate parsedCa(Bytes certificate) {
    try {
      return CaCertificate.parse(certificate);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
