package dev.remit.trust;

import java.util.List;

/** What the appraisal of a measurement alone says, under a key that the owner kept. */
public sealed interface MeasurementVerdict permits MatchedMeasurement, MeasurementVerdict.Refused {
  /** All of them, in REMIT order, passed ones too. */
  List<Check> checks();

  /** At least one check failed. */
  record Refused(List<Check> checks) implements MeasurementVerdict {
    public Refused {
      checks = List.copyOf(checks);
      if (checks.stream().noneMatch(check -> check.outcome() == Outcome.FAIL)) {
        throw new IllegalArgumentException("a refusal names the check that failed");
      }
    }
  }
}
