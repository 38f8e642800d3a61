package dev.remit.trust;

import dev.remit.bytes.Bytes;
import dev.remit.evidence.SevLaunchMeasurement;
import java.util.List;

/**
 * A measurement that is the one of the owner's own files. Only an {@code Appraiser} makes one. It
 * says nothing of the platform: that was judged when the session was made, or never.
 */
public final class MatchedMeasurement implements MeasurementVerdict, SealingPermit {
  private final SevLaunchMeasurement reported;
  private final List<Check> checks;

  MatchedMeasurement(SevLaunchMeasurement reported, List<Check> checks) {
    if (checks.isEmpty() || checks.stream().anyMatch(check -> check.outcome() != Outcome.PASS)) {
      throw new IllegalArgumentException("a match needs checks, and that all of them hold");
    }
    this.reported = reported;
    this.checks = List.copyOf(checks);
  }

  @Override
  public Bytes measure() {
    return reported.measure();
  }

  @Override
  public List<Check> checks() {
    return checks;
  }
}
