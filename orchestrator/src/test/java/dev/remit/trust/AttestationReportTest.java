package dev.remit.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.Sample;
import dev.remit.endorsement.FakeAmd;
import dev.remit.endorsement.FakePlatform;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProver;
import dev.remit.evidence.SevAttestationReport;
import dev.remit.platform.Generation;
import dev.remit.platform.SevPolicy;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * SEV API, ATTESTATION. No report of a real platform was at hand: these are signed by a fake one.
 */
class AttestationReportTest {
  private static final Policy.Machine ANY_SIMULATED =
      new Policy.Machine.OfGeneration(new Demand.OneOf<>(Set.of(Generation.SIMULATED)));

  private static final FakeAmd AMD = FakeAmd.believed();
  private static final FakePlatform HOST = AMD.platform();
  private static final Bytes NONCE = Bytes.of(1, 2, 3).paddedTo(16);
  private static final Bytes DIGEST = Bytes.of(4, 5, 6).paddedTo(32);
  private static final SevPolicy POLICY =
      new SevPolicy(true, true, true, false, false, false, 0, 0);
  private static final Bytes REPORT = HOST.report(NONCE, DIGEST, POLICY.bits());

  @Nested
  class Format {
    @Test
    void hasFieldsAtTheirPlaces() throws MalformedException {
      var report = SevAttestationReport.parse(REPORT);
      assertThat(report.nonce()).isEqualTo(NONCE);
      assertThat(report.launchDigest()).isEqualTo(DIGEST);
      assertThat(report.policy()).isEqualTo(POLICY);
      assertThat(report.signature()).isEqualTo(REPORT.slice(0x40, 144));
      assertThat(report.signed()).isEqualTo(REPORT.slice(0, 0x34));
    }

    @Test
    void hasOneSizeAlone() {
      var accepted = new ArrayList<Integer>();
      for (int size = 0; size <= REPORT.size() + 64; size++) {
        var resized =
            size < REPORT.size()
                ? REPORT.slice(0, size)
                : Bytes.concat(REPORT, Bytes.zeros(size - REPORT.size()));
        try {
          SevAttestationReport.parse(resized);
          accepted.add(size);
        } catch (MalformedException expected) {
          assertThat(expected).hasMessageContaining("208 bytes");
        }
      }
      assertThat(accepted).containsExactly(REPORT.size());
    }

    @Test
    void leavesTheReservedFieldZero() {
      var set = Sample.overwritten(REPORT, 0x3c, Bytes.of(1));
      assertThatThrownBy(() -> SevAttestationReport.parse(set))
          .hasMessage("the reserved field must be zero (at byte 60)");
    }

    @Test
    void setsNoReservedBitOfThePolicy() {
      var set = Sample.overwritten(REPORT, 0x30, Bytes.of(0x45));
      assertThatThrownBy(() -> SevAttestationReport.parse(set))
          .hasMessageContaining("reserved bits")
          .hasMessageEndingWith("(at byte 48)");
    }
  }

  @Test
  void isSatisfiedByTheReportOfTheRightGuest() throws MalformedException {
    assertThat(assess(REPORT, ALL)).isInstanceOf(Assessment.Satisfied.class);
  }

  @Test
  void acceptsNoBitFlipped() {
    var accepted = new ArrayList<Integer>();
    for (int bit = 0; bit < 8 * REPORT.size(); bit++) {
      try {
        if (!(assess(Sample.flipped(REPORT, bit), ALL) instanceof Assessment.Refused)) {
          accepted.add(bit);
        }
      } catch (MalformedException refused) {
        assertThat(refused).hasMessageContaining("at byte");
      }
    }
    assertThat(accepted).isEmpty();
  }

  @Test
  void refusesTheReportOfAnotherPlatform() throws MalformedException {
    var foreign = AMD.platform(1).report(NONCE, DIGEST, POLICY.bits());
    assertOnly(assess(foreign, ALL), "KEY-004");
  }

  @Test
  void refusesAGenuineReportUnderAStrangersRoot() throws MalformedException {
    var stranger = FakeAmd.stranger().platform();
    var report = SevAttestationReport.parse(stranger.report(NONCE, DIGEST, POLICY.bits()));
    var chain = SevChain.parse(stranger.exportedInFull());
    var assessment =
        Appraiser.assess(report, ALL, chain, SevChainProver.prove(chain, AMD.anchors()));
    assertThat(assessment).isInstanceOf(Assessment.Refused.class);
  }

  @Test
  void refusesAnotherLaunchDigest() throws MalformedException {
    assertOnly(assess(HOST.report(NONCE, NONCE.paddedTo(32), POLICY.bits()), ALL), "M-001");
  }

  @Test
  void refusesAnOldReport() throws MalformedException {
    assertOnly(assess(HOST.report(Bytes.zeros(16), DIGEST, POLICY.bits()), ALL), "I-002");
  }

  @Test
  void refusesAnotherPolicy() throws MalformedException {
    assertOnly(assess(HOST.report(NONCE, DIGEST, 0x7 | 0x8), ALL), "I-001");
  }

  @Test
  void refusesAGuestThatTheHostMayDebugEvenWhereThatWasAskedFor() throws MalformedException {
    var debug = new SevPolicy(false, true, true, false, false, false, 0, 0);
    var demands =
        new ReportDemands(
            ANY_SIMULATED, Optional.of(debug), Optional.of(DIGEST), Optional.of(NONCE));
    assertOnly(assess(HOST.report(NONCE, DIGEST, debug.bits()), demands), "T-001");
  }

  @Test
  void isUndecidedWhereNothingIsNamedToCompareWith() throws MalformedException {
    var none =
        new ReportDemands(ANY_SIMULATED, Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(assess(REPORT, none))
        .isInstanceOfSatisfying(
            Assessment.Undecided.class,
            undecided ->
                assertThat(undecided.checks())
                    .filteredOn(check -> check.outcome() == Outcome.UNKNOWN)
                    .extracting(check -> check.code().id())
                    .containsExactly("KEY-005", "I-003", "KEY-005"));
  }

  private static final ReportDemands ALL =
      new ReportDemands(
          ANY_SIMULATED, Optional.of(POLICY), Optional.of(DIGEST), Optional.of(NONCE));

  private static Assessment assess(Bytes raw, ReportDemands demands) throws MalformedException {
    var chain = HOST.chain();
    return Appraiser.assess(
        SevAttestationReport.parse(raw),
        demands,
        chain,
        SevChainProver.prove(chain, AMD.anchors()));
  }

  private static void assertOnly(Assessment assessment, String code) {
    assertThat(assessment)
        .isInstanceOfSatisfying(
            Assessment.Refused.class,
            refused ->
                assertThat(refused.checks())
                    .filteredOn(check -> check.outcome() != Outcome.PASS)
                    .extracting(check -> check.code().id())
                    .containsExactly(code));
  }
}
