package dev.remit.trust;

import dev.remit.diagnostic.Code;
import dev.remit.evidence.Evidence;
import dev.remit.identity.LaunchId;
import java.util.List;

/** Verdicts for tests of what comes after an appraisal. */
public final class TrustFixtures {
  private TrustFixtures() {}

  /** Trust in a launch on the word of this evidence, which nothing appraised. */
  public static Trusted trusted(LaunchId launchId, Evidence evidence) {
    var check =
        new Check(
            Code.MEASUREMENT,
            Stage.MEASUREMENT,
            "launch measurement",
            Outcome.PASS,
            "assumed by a test",
            "assumed by a test");
    return new Trusted(launchId, evidence, List.of(check));
  }
}
