package dev.remit.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.evidence.SevLaunchMeasurement;
import dev.remit.identity.LaunchId;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.SevFirmwareVersion;
import dev.remit.platform.SevPolicy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a list of checks amounts to, and what can never be made of one. */
final class AssessmentTest {
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0, 1));
  private static final SevPolicy GUEST_POLICY =
      new SevPolicy(true, true, false, true, false, false, 1, 51);
  private static final SevLaunchMeasurement EVIDENCE =
      new SevLaunchMeasurement(Bytes.zeros(48), new SevFirmwareVersion(1, 55, 0), GUEST_POLICY);

  @Test
  void isSatisfiedWhereAllPass() {
    assertThat(Assessment.of(checks(Outcome.PASS, Outcome.PASS)))
        .isInstanceOf(Assessment.Satisfied.class);
  }

  @Test
  void isSatisfiedWhereTheRestIsWaived() {
    assertThat(Assessment.of(checks(Outcome.PASS, Outcome.WAIVED)))
        .isInstanceOf(Assessment.Satisfied.class);
  }

  @Test
  void isUndecidedWhereNothingWasAsked() {
    assertThat(Assessment.of(List.of())).isInstanceOf(Assessment.Undecided.class);
  }

  @Test
  void isUndecidedWhereAnythingIsUnknown() {
    assertThat(Assessment.of(checks(Outcome.PASS, Outcome.UNKNOWN, Outcome.WAIVED)))
        .isInstanceOf(Assessment.Undecided.class);
  }

  @Test
  void isRefusedWhereAnythingFailsWhateverElseIsUnknown() {
    assertThat(Assessment.of(checks(Outcome.UNKNOWN, Outcome.FAIL, Outcome.PASS)))
        .isInstanceOf(Assessment.Refused.class);
  }

  @Test
  void cannotMakeTrustOfAFailedAnUnknownOrNoCheck() {
    for (var checks :
        List.of(
            List.<Check>of(),
            checks(Outcome.PASS, Outcome.UNKNOWN),
            checks(Outcome.PASS, Outcome.FAIL))) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Trusted(LAUNCH, EVIDENCE, checks));
    }
  }

  @Test
  void cannotRefuseOrStayUndecidedWithoutAReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Verdict.Refused(LAUNCH, checks(Outcome.PASS, Outcome.UNKNOWN)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Verdict.Undecided(LAUNCH, checks(Outcome.PASS, Outcome.WAIVED)));
  }

  @Test
  void doesNotDemandALaunchDigestThatCannotBeOne() {
    for (var digests : List.of(Map.<String, Bytes>of(), Map.of("x", Bytes.zeros(31)))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              new Policy(
                  new Demand.Exactly<>(GUEST_POLICY),
                  digests,
                  new Policy.Machine.OfGeneration(new Demand.OneOf<>(Set.of())),
                  new Demand.AtLeast<>(new ApiVersion(0, 0)),
                  List.of()));
    }
  }

  @Test
  void comparesVersionsByNumberAndNotByText() {
    var demanded = new Demand.AtLeast<>(new ApiVersion(1, 9));
    assertThat(demanded.holdsFor(new ApiVersion(1, 51))).isTrue();
    assertThat(demanded.holdsFor(new ApiVersion(0, 255))).isFalse();
    assertThat(demanded.holdsFor(new ApiVersion(2, 0))).isTrue();
  }

  @Test
  void holdsForNothingWhereNothingIsNamed() {
    var nobody = new Demand.OneOf<ApiVersion>(Set.of());
    assertThat(nobody.holdsFor(new ApiVersion(1, 51))).isFalse();
    assertThat(nobody).hasToString("none");
  }

  private static List<Check> checks(Outcome... outcomes) {
    return List.of(outcomes).stream()
        .map(outcome -> new Check(Code.CHAIN, Stage.ENDORSEMENT, "chain", outcome, "a", "b"))
        .toList();
  }
}
