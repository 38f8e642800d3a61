package dev.remit.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.endorsement.CekAnswer;
import dev.remit.endorsement.CekEndorsement;
import dev.remit.endorsement.ChipBinding;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakePlatform;
import dev.remit.endorsement.FakeSource;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.endorsement.SevChainProver;
import dev.remit.endorsement.Voucher;
import dev.remit.evidence.Evidence;
import dev.remit.evidence.Presented;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.identity.Challenge;
import dev.remit.identity.FakeEntropy;
import dev.remit.identity.LaunchId;
import dev.remit.identity.SevSession;
import dev.remit.measurement.SevLaunchMac;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.ChipId;
import dev.remit.platform.Generation;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import dev.remit.root.Anchors;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class AppraiserTest {
  private static final FakeAmd AMD = FakeAmd.believed();
  private static final FakePlatform PLATFORM = AMD.platform();
  private static final SevChainProof.Proven PROVEN = proven(PLATFORM.exported());

  private static final SevPolicy DEMANDED = policy(true, false);
  private static final Bytes DIGEST = Bytes.ofHex("5a".repeat(32));
  private static final Bytes OTHER_DIGEST = Bytes.ofHex("a5".repeat(32));
  private static final Bytes NONCE = Bytes.ofHex("0f".repeat(16));
  private static final SevFirmwareVersion FIRMWARE = new SevFirmwareVersion(1, 55, 21);

  private static final ChipId CHIP = FakeSource.chip(1);
  private static final ChipId OTHER_CHIP = FakeSource.chip(2);

  private final Challenge challenge = challenge(1, DEMANDED);

  @AfterEach
  void wipe() {
    challenge.close();
  }

  @Test
  void trustsAGuestThatIsWhatItsOwnerComputed() {
    var presented = measured();

    var verdict = Appraiser.appraise(challenge, policy(), presented, PROVEN);

    assertThat(verdict).isInstanceOf(Trusted.class);
    assertThat(verdict.launchId()).isEqualTo(challenge.launchId());
    assertThat(((Trusted) verdict).evidence()).isEqualTo(evidence(presented));
    assertThat(verdict.checks()).extracting(Check::outcome).containsOnly(Outcome.PASS).hasSize(8);
  }

  @Test
  void listsItsChecksInRemitOrder() {
    assertInOrder(Appraiser.appraise(challenge, policy(), measured(), PROVEN).checks());
    assertInOrder(
        Appraiser.appraise(challenge, policy(), new Presented.Nothing(), PROVEN).checks());
    assertInOrder(Appraiser.assessAgain(policy(), evidence(measured()), PROVEN).checks());
    assertInOrder(Appraiser.assessWithoutEvidence(policy(), PROVEN).checks());
    assertInOrder(Appraiser.assessNotStarted(policy(), PROVEN).checks());
  }

  @Nested
  class TheSession {
    @Test
    void isNeverJudgedWithTheProofOfAnotherPlatform() {
      var other = proven(AMD.platform(1).exported());
      assertThatIllegalStateException()
          .isThrownBy(() -> Appraiser.appraise(challenge, policy(), measured(), other));
    }

    @Test
    void isNeverJudgedByAnotherGuestPolicy() {
      var owner = withGuestPolicy(policy(true, true));
      assertThatIllegalStateException()
          .isThrownBy(() -> Appraiser.appraise(challenge, owner, measured(), PROVEN));
    }
  }

  @Nested
  class LaunchMeasure {
    @Test
    void refusesTheMacOfAnotherLaunchDigest() {
      assertRefused(appraise(measured(OTHER_DIGEST)), Code.MEASUREMENT);
    }

    @Test
    void refusesAMacUnderAnotherNonce() {
      var other = Bytes.ofHex("f0".repeat(16));
      var blob = Bytes.concat(mac(FIRMWARE, DEMANDED, DIGEST, other), NONCE);
      assertRefused(appraise(given(blob, FIRMWARE, DEMANDED)), Code.MEASUREMENT);
    }

    @Test
    void refusesAMacOfAnotherBuildThanTheReportedOne() {
      var blob = blob(new SevFirmwareVersion(1, 55, 20), DEMANDED);
      assertRefused(appraise(given(blob, FIRMWARE, DEMANDED)), Code.MEASUREMENT);
    }

    @Test
    void refusesAMacOfAnotherApiThanTheReportedOne() {
      var blob = blob(new SevFirmwareVersion(1, 51, 21), DEMANDED);
      assertRefused(appraise(given(blob, FIRMWARE, DEMANDED)), Code.MEASUREMENT);
    }

    @Test
    void refusesAMacOfAnotherPolicyThanTheReportedOne() {
      var blob = blob(FIRMWARE, policy(false, false));
      assertRefused(appraise(given(blob, FIRMWARE, DEMANDED)), Code.MEASUREMENT);
    }

    @Test
    void refusesTheMeasurementOfAnEarlierLaunch() {
      try (var earlier = challenge(2, DEMANDED)) {
        var replayed =
            given(
                Bytes.concat(mac(earlier, FIRMWARE, DEMANDED, DIGEST, NONCE), NONCE),
                FIRMWARE,
                DEMANDED);
        assertRefused(appraise(replayed), Code.MEASUREMENT);
      }
    }

    @Test
    void refusesAHostThatPresentsNothing() {
      assertRefused(appraise(new Presented.Nothing()), Code.NOT_MEASURED);
    }

    @Test
    void refusesEvidenceThatIsNotInItsFormat() {
      assertRefused(appraise(new Presented.Malformed("47 bytes")), Code.EVIDENCE_MALFORMED);
    }

    @Test
    void refusesEveryBitFlipOfMeasureAndNonce() {
      var blob = evidence(measured()).blob();
      for (int bit = 0; bit < 8 * blob.size(); bit++) {
        var verdict = appraise(given(flipped(blob, bit), FIRMWARE, DEMANDED));
        assertThat(verdict).as("bit %d", bit).isInstanceOf(Verdict.Refused.class);
        assertThat(failed(verdict)).as("bit %d", bit).containsExactly(Code.MEASUREMENT);
      }
    }

    @Test
    void refusesPartsOfAnotherGenuineMeasurementAndPartsInAnotherPlace() {
      var blob = evidence(measured()).blob();
      var other = Bytes.ofHex("f0".repeat(16));
      var second = Bytes.concat(mac(FIRMWARE, DEMANDED, DIGEST, other), other);
      for (var mixed :
          List.of(
              Bytes.concat(second.slice(0, 32), blob.slice(32, 16)),
              Bytes.concat(blob.slice(0, 32), second.slice(32, 16)),
              Bytes.concat(blob.slice(32, 16), blob.slice(0, 32)),
              Bytes.concat(blob.slice(16, 16), blob.slice(0, 16), blob.slice(32, 16)),
              blob.reversed())) {
        assertRefused(appraise(given(mixed, FIRMWARE, DEMANDED)), Code.MEASUREMENT);
      }
      assertThat(appraise(given(second, FIRMWARE, DEMANDED))).isInstanceOf(Trusted.class);
    }

    @Test
    void refusesEveryBitFlipOfTheReportedVersion() {
      var blob = evidence(measured()).blob();
      for (int bit = 0; bit < 8; bit++) {
        for (var version :
            List.of(
                new SevFirmwareVersion(1 ^ 1 << bit, 55, 21),
                new SevFirmwareVersion(1, 55 ^ 1 << bit, 21),
                new SevFirmwareVersion(1, 55, 21 ^ 1 << bit))) {
          assertThat(failed(appraise(given(blob, version, DEMANDED))))
              .as("%s", version)
              .contains(Code.MEASUREMENT);
        }
      }
    }

    @Test
    void refusesEveryBitFlipOfTheReportedPolicy() {
      var blob = evidence(measured()).blob();
      int malformed = 0;
      for (int bit = 0; bit < 32; bit++) {
        try {
          var reported = SevLaunchMeasurement.parse(blob, 1, 55, 21, DEMANDED.bits() ^ 1 << bit);
          assertThat(failed(appraise(new Presented.Given(reported))))
              .as("bit %d", bit)
              .contains(Code.MEASUREMENT, Code.POLICY_DIFFERS);
        } catch (MalformedException reservedBit) {
          malformed++;
        }
      }
      assertThat(malformed).as("reserved bits, 6 to 15").isEqualTo(10);
    }

    @Test
    void trustsEitherLayoutOfTheVcpuState() {
      var encryptedState = policy(true, true);
      try (var es = challenge(3, encryptedState)) {
        var owner =
            new Policy(
                new Demand.Exactly<>(encryptedState),
                Map.of("current vCPU state", DIGEST, "legacy vCPU state", OTHER_DIGEST),
                policy().machine(),
                policy().api(),
                List.of());
        for (var digest : List.of(DIGEST, OTHER_DIGEST)) {
          var blob = Bytes.concat(mac(es, FIRMWARE, encryptedState, digest, NONCE), NONCE);
          var verdict =
              Appraiser.appraise(es, owner, given(blob, FIRMWARE, encryptedState), PROVEN);
          assertThat(verdict).isInstanceOf(Trusted.class);
          assertThat(verdict.checks())
              .extracting(Check::actual)
              .contains(
                  (digest.equals(DIGEST) ? "current vCPU state " : "legacy vCPU state ")
                      + digest.hex());
        }
        var third = Bytes.ofHex("33".repeat(32));
        var blob = Bytes.concat(mac(es, FIRMWARE, encryptedState, third, NONCE), NONCE);
        assertRefused(
            Appraiser.appraise(es, owner, given(blob, FIRMWARE, encryptedState), PROVEN),
            Code.MEASUREMENT);
      }
    }
  }

  @Nested
  class GuestPolicy {
    @Test
    void refusesAReportedPolicyThatIsNotTheRequestedOne() {
      var other = new SevPolicy(true, false, false, true, false, false, 1, 51);
      var presented = given(blob(FIRMWARE, other), FIRMWARE, other);
      assertRefused(appraise(presented), Code.POLICY_DIFFERS);
    }

    @Test
    void refusesDebugEvenWhereItWasRequested() {
      var debug = policy(false, false);
      try (var open = challenge(4, debug)) {
        var blob = Bytes.concat(mac(open, FIRMWARE, debug, DIGEST, NONCE), NONCE);
        assertRefused(
            Appraiser.appraise(open, withGuestPolicy(debug), given(blob, FIRMWARE, debug), PROVEN),
            Code.DEBUG_ALLOWED);
      }
    }
  }

  @Nested
  class Trust {
    @Test
    void refusesFirmwareThatIsOlderThanDemanded() {
      var old = new SevFirmwareVersion(1, 50, 255);
      assertRefused(appraise(given(blob(old, DEMANDED), old, DEMANDED)), Code.FIRMWARE_OLD);
    }

    @Test
    void takesFirmwareOfExactlyTheDemandedApi() {
      var least = new SevFirmwareVersion(1, 51, 0);
      assertThat(appraise(given(blob(least, DEMANDED), least, DEMANDED)))
          .isInstanceOf(Trusted.class);
    }

    @Test
    void refusesAGenerationThatTheOwnerDidNotName() {
      var real = EnumSet.complementOf(EnumSet.of(Generation.SIMULATED));
      var verdict = Appraiser.appraise(challenge, withGenerations(real), measured(), PROVEN);
      assertRefused(verdict, Code.GENERATION);
    }

    @Test
    void refusesEveryGenerationWhereTheOwnerNamedNone() {
      var verdict = Appraiser.appraise(challenge, withGenerations(Set.of()), measured(), PROVEN);
      assertRefused(verdict, Code.GENERATION);
    }

    @Test
    void isUndecidedWhereChipsAreNamedAndNobodyVouches() {
      assertUndecided(Appraiser.appraise(challenge, ofChips(CHIP), measured(), PROVEN), Code.CHIP);
      assertUndecided(chips(said(Optional.of(CHIP), Optional.empty()), CHIP), Code.CHIP);
    }

    @Test
    void trustsANamedChipByTheWordOfWhoeverAnsweredForIt() {
      for (var kind : EnumSet.complementOf(EnumSet.of(Voucher.Kind.EVIDENCE))) {
        var verdict = chips(said(Optional.of(CHIP), vouched(CHIP, kind)), CHIP, OTHER_CHIP);
        assertThat(verdict).isInstanceOf(Trusted.class);
        assertThat(verdict.checks())
            .extracting(Check::actual)
            .contains(CHIP + ", by the word of " + new Voucher(kind, "x"));
      }
    }

    @Test
    void doesNotTakeTheEvidencesOwnWordForItsChip() {
      var bound = said(Optional.of(CHIP), vouched(CHIP, Voucher.Kind.EVIDENCE));
      assertUndecided(chips(bound, CHIP), Code.CHIP);
    }

    @Test
    void refusesAChipThatTheOwnerDidNotName() {
      var bound = said(Optional.empty(), vouched(CHIP, Voucher.Kind.KEY_SERVER));
      assertRefused(chips(bound, OTHER_CHIP), Code.CHIP);
    }

    @Test
    void refusesAHostThatItselfSaysAnotherChip() {
      assertRefused(chips(said(Optional.of(CHIP), Optional.empty()), OTHER_CHIP), Code.CHIP);
    }

    @Test
    void refusesAPlatformWhoseCekIsThatOfNoneOfTheNamedChips() {
      var bound =
          new ChipBinding(
              Optional.empty(), Optional.empty(), Set.of(CHIP, OTHER_CHIP), Optional.empty());
      assertRefused(chips(bound, CHIP), Code.CHIP);
      assertUndecided(
          chips(
              new ChipBinding(
                  Optional.empty(), Optional.empty(), Set.of(OTHER_CHIP), Optional.empty()),
              CHIP,
              OTHER_CHIP),
          Code.CHIP);
    }

    private Verdict chips(ChipBinding said, ChipId... named) {
      // The session was made for the platform of PROVEN, and stays that of this proof.
      return Appraiser.appraise(challenge, ofChips(named), measured(), PROVEN.with(said));
    }

    private static ChipBinding said(
        Optional<ChipId> claimed, Optional<CekEndorsement> endorsement) {
      return new ChipBinding(claimed, endorsement, Set.of(), Optional.empty());
    }

    private static Optional<CekEndorsement> vouched(ChipId chip, Voucher.Kind kind) {
      return Optional.of(
          new CekEndorsement(chip, PROVEN.platform().chain().cek(), new Voucher(kind, "x")));
    }

    @Test
    void printsWaiversAndLetsThemChangeNothing() {
      var waiver = new Waiver("no-disk-integrity", "a test", LocalDate.of(2030, 12, 31));
      var owner =
          new Policy(
              policy().guestPolicy(),
              policy().launchDigests(),
              policy().machine(),
              policy().api(),
              List.of(waiver));

      var trusted = Appraiser.appraise(challenge, owner, measured(), PROVEN);
      assertThat(trusted).isInstanceOf(Trusted.class);
      assertThat(trusted.checks().getLast())
          .isEqualTo(
              new Check(
                  Code.NOT_ACKNOWLEDGED,
                  Stage.TRUST,
                  "no-disk-integrity",
                  Outcome.WAIVED,
                  "until 2030-12-31",
                  "a test"));

      assertRefused(
          Appraiser.appraise(challenge, owner, measured(OTHER_DIGEST), PROVEN), Code.MEASUREMENT);
    }
  }

  @Nested
  class BeforeStart {
    private final LaunchId launchId = new LaunchId(new UUID(0, 9));

    @Test
    void letsAProvenPlatformOfANamedGenerationStart() {
      assertThat(Appraiser.beforeStart(launchId, policy(), PROVEN)).isEmpty();
    }

    @Test
    void refusesABrokenChain() {
      var broken = prove(Bytes.concat(AMD.platform(1).pdh(), PLATFORM.certChain()));
      assertRefused(Appraiser.beforeStart(launchId, policy(), broken).orElseThrow(), Code.CHAIN);
    }

    @Test
    void refusesAPlatformOfAnotherVendor() {
      var foreign = prove(FakeAmd.stranger().platform().exportedInFull());
      assertThat(Appraiser.beforeStart(launchId, policy(), foreign).orElseThrow())
          .isInstanceOf(Verdict.Refused.class);
    }

    @Test
    void refusesASuppliedRootThatIsNotThePinnedOne() {
      var stranger = FakeAmd.stranger();
      var notPinned = prove(Bytes.concat(PLATFORM.exported(), stranger.ask(), stranger.ark()));
      assertThat(notPinned).isInstanceOf(SevChainProof.NotPinned.class);
      assertRefused(
          Appraiser.beforeStart(launchId, policy(), notPinned).orElseThrow(),
          Code.PINNED_DIFFERS,
          Code.CHAIN);
    }

    @Test
    void doesNotTakeTheWordOfARootThatNobodyNamed() {
      var unknown = SevChainProver.prove(chain(PLATFORM.exported()), Anchors.builtIn());
      assertThat(Appraiser.beforeStart(launchId, policy(), unknown)).isPresent();
    }

    @Test
    void isUndecidedWithoutTheVendorsSignature() {
      assertUndecided(
          Appraiser.beforeStart(launchId, policy(), incomplete()).orElseThrow(),
          Code.ANCHOR,
          Code.CEK_UNSIGNED,
          Code.GENERATION);
    }

    @Test
    void refusesAGenerationThatTheOwnerDidNotName() {
      assertRefused(
          Appraiser.beforeStart(launchId, withGenerations(Set.of(Generation.MILAN)), PROVEN)
              .orElseThrow(),
          Code.GENERATION);
    }

    @Test
    void refusesAPolicyThatAllowsDebug() {
      assertRefused(
          Appraiser.beforeStart(launchId, withGuestPolicy(policy(false, false)), PROVEN)
              .orElseThrow(),
          Code.DEBUG_ALLOWED);
    }

    @Test
    void isUndecidedWhereChipsAreNamedAndNobodyVouches() {
      assertUndecided(
          Appraiser.beforeStart(launchId, ofChips(CHIP), PROVEN).orElseThrow(), Code.CHIP);
    }

    @Test
    void refusesEveryChipWhereNoneIsNamed() {
      assertRefused(Appraiser.beforeStart(launchId, ofChips(), PROVEN).orElseThrow(), Code.CHIP);
    }

    @Test
    void refusesAHostWithTheKeysOfAnotherChipThanItSays() {
      var other =
          new SevChainProof.OtherChip(PROVEN.links(), "chip 1, by the word of x", ChipBinding.NONE);
      assertRefused(
          Appraiser.beforeStart(launchId, policy(), other).orElseThrow(), Code.OTHER_CHIP);
    }

    @Test
    void saysWhyTheSignedCekIsNotThereAndWhatToDo() {
      var why = new CekAnswer.NotHad("the key server is out of order", "try later");
      var proof =
          incomplete()
              .with(
                  new ChipBinding(Optional.empty(), Optional.empty(), Set.of(), Optional.of(why)));
      var verdict = Appraiser.beforeStart(launchId, policy(), proof).orElseThrow();
      assertUndecided(verdict, Code.ANCHOR, Code.CEK_UNSIGNED, Code.GENERATION);
      assertThat(verdict.checks())
          .filteredOn(check -> check.code() == Code.CEK_UNSIGNED)
          .extracting(Check::actual)
          .containsExactly(
              "ASK over CEK: the certificate carries no signature; the key server is out of"
                  + " order; fix: try later");
    }
  }

  @Nested
  class Again {
    @Test
    void isSatisfiedByAChainToAPinnedRoot() {
      assertThat(Appraiser.assess(PROVEN)).isInstanceOf(Assessment.Satisfied.class);
    }

    @Test
    void isUndecidedOnAChainWithoutTheVendorsSignature() {
      assertThat(Appraiser.assess(incomplete())).isInstanceOf(Assessment.Undecided.class);
    }

    @Test
    void refusesABrokenChain() {
      assertThat(Appraiser.assess(prove(Bytes.concat(AMD.platform(1).pdh(), PLATFORM.certChain()))))
          .isInstanceOf(Assessment.Refused.class);
    }

    @Test
    void isUndecidedOnAMeasurementWhoseKeyIsGone() {
      var assessment = Appraiser.assessAgain(policy(), evidence(measured()), PROVEN);
      assertThat(assessment).isInstanceOf(Assessment.Undecided.class);
      assertThat(assessment.checks())
          .filteredOn(check -> check.outcome() == Outcome.UNKNOWN)
          .extracting(Check::code)
          .containsExactly(Code.FRESHNESS_NOT_JUDGED);
    }

    @Test
    void refusesAReportedPolicyThatIsNotTheRequestedOne() {
      var other = policy(true, true);
      var reported = new SevLaunchMeasurement(blob(FIRMWARE, other), FIRMWARE, other);
      assertFailed(Appraiser.assessAgain(policy(), reported, PROVEN), Code.POLICY_DIFFERS);
    }

    @Test
    void refusesOldFirmware() {
      var old = new SevFirmwareVersion(0, 24, 1);
      var reported = new SevLaunchMeasurement(blob(old, DEMANDED), old, DEMANDED);
      assertFailed(Appraiser.assessAgain(policy(), reported, PROVEN), Code.FIRMWARE_OLD);
    }

    @Test
    void refusesAGenerationThatTheOwnerDidNotName() {
      assertFailed(
          Appraiser.assessAgain(withGenerations(Set.of()), evidence(measured()), PROVEN),
          Code.GENERATION);
    }

    @Test
    void refusesALaunchThatEndedWithoutEvidence() {
      assertFailed(Appraiser.assessWithoutEvidence(policy(), PROVEN), Code.NOT_MEASURED);
    }

    @Test
    void isUndecidedOnALaunchThatWasNotStarted() {
      assertThat(Appraiser.assessNotStarted(policy(), PROVEN))
          .isInstanceOf(Assessment.Undecided.class);
    }

    private void assertFailed(Assessment assessment, Code code) {
      assertThat(assessment).isInstanceOf(Assessment.Refused.class);
      assertThat(assessment.checks())
          .filteredOn(check -> check.outcome() == Outcome.FAIL)
          .extracting(Check::code)
          .containsExactly(code);
    }
  }

  private Verdict appraise(Presented presented) {
    return Appraiser.appraise(challenge, policy(), presented, PROVEN);
  }

  /** What honest firmware reports of the guest that its owner computed. */
  private Presented measured() {
    return measured(DIGEST);
  }

  private Presented measured(Bytes digest) {
    var firmware =
        PLATFORM.launchStart(
            challenge.session().godh(), challenge.session().blob(), DEMANDED.bits());
    return given(firmware.launchMeasure(1, 55, 21, digest, NONCE), FIRMWARE, DEMANDED);
  }

  /** As {@link #measured}, of firmware or under a policy that the session would not start with. */
  private Bytes blob(SevFirmwareVersion firmware, SevPolicy policy) {
    return Bytes.concat(mac(firmware, policy, DIGEST, NONCE), NONCE);
  }

  private Bytes mac(SevFirmwareVersion firmware, SevPolicy policy, Bytes digest, Bytes nonce) {
    return mac(challenge, firmware, policy, digest, nonce);
  }

  private static Bytes mac(
      Challenge of, SevFirmwareVersion firmware, SevPolicy policy, Bytes digest, Bytes nonce) {
    return SevLaunchMac.compute(of.session().tik(), firmware, policy, digest, nonce);
  }

  private static Presented given(Bytes blob, SevFirmwareVersion firmware, SevPolicy policy) {
    return new Presented.Given(new SevLaunchMeasurement(blob, firmware, policy));
  }

  private static SevLaunchMeasurement evidence(Presented presented) {
    return switch (presented) {
      case Presented.Given(Evidence evidence) ->
          switch (evidence) {
            case SevLaunchMeasurement sev -> sev;
          };
      case Presented.Nothing nothing -> throw new AssertionError();
      case Presented.Malformed malformed -> throw new AssertionError();
    };
  }

  private static Bytes flipped(Bytes bytes, int bit) {
    byte[] octets = bytes.toArray();
    octets[bit / 8] ^= (byte) (1 << bit % 8);
    return Bytes.copyOf(octets);
  }

  private static Challenge challenge(int number, SevPolicy policy) {
    return new Challenge(
        new LaunchId(new UUID(0, number)),
        SevSession.create(PROVEN.platform(), policy, FakeEntropy.seeded(number)));
  }

  private static SevPolicy policy(boolean noDebug, boolean encryptedState) {
    return new SevPolicy(noDebug, true, encryptedState, true, false, false, 1, 51);
  }

  private static Policy policy() {
    return new Policy(
        new Demand.Exactly<>(DEMANDED),
        Map.of("launch digest", DIGEST),
        new Policy.Machine.OfGeneration(new Demand.OneOf<>(Set.of(Generation.SIMULATED))),
        new Demand.AtLeast<>(new ApiVersion(1, 51)),
        List.of());
  }

  private static Policy withGuestPolicy(SevPolicy guestPolicy) {
    return new Policy(
        new Demand.Exactly<>(guestPolicy),
        policy().launchDigests(),
        policy().machine(),
        policy().api(),
        List.of());
  }

  private static Policy withGenerations(Set<Generation> generations) {
    return withMachine(new Policy.Machine.OfGeneration(new Demand.OneOf<>(generations)));
  }

  private static Policy ofChips(ChipId... chips) {
    return withMachine(new Policy.Machine.OfChip(new Demand.OneOf<>(Set.of(chips))));
  }

  private static Policy withMachine(Policy.Machine machine) {
    return new Policy(
        policy().guestPolicy(), policy().launchDigests(), machine, policy().api(), List.of());
  }

  private static SevChainProof incomplete() {
    return prove(Bytes.concat(PLATFORM.pdh(), PLATFORM.unsignedCertChain()));
  }

  private static SevChainProof.Proven proven(Bytes exported) {
    return (SevChainProof.Proven) prove(exported);
  }

  private static SevChainProof prove(Bytes exported) {
    return SevChainProver.prove(chain(exported), AMD.anchors());
  }

  private static SevChain chain(Bytes exported) {
    try {
      return SevChain.parse(exported);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(Verdict verdict, Code... codes) {
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(failed(verdict)).containsExactly(codes);
  }

  private static void assertUndecided(Verdict verdict, Code... codes) {
    assertThat(verdict).isInstanceOf(Verdict.Undecided.class);
    assertThat(verdict.checks())
        .filteredOn(check -> check.outcome() == Outcome.UNKNOWN)
        .extracting(Check::code)
        .containsExactly(codes);
  }

  private static List<Code> failed(Verdict verdict) {
    return verdict.checks().stream()
        .filter(check -> check.outcome() == Outcome.FAIL)
        .map(Check::code)
        .toList();
  }

  private static void assertInOrder(List<Check> checks) {
    var stages = new ArrayList<>(checks.stream().map(Check::stage).toList());
    assertThat(stages).isSorted();
  }
}
