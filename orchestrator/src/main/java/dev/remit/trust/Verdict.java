package dev.remit.trust;

import dev.remit.identity.LaunchId;
import java.util.List;

/** What the appraisal of one launch says. All checks are in it, in REMIT order, passed ones too. */
public sealed interface Verdict permits Trusted, Verdict.Refused, Verdict.Undecided {
  LaunchId launchId();

  List<Check> checks();

  /** At least one check failed. */
  record Refused(LaunchId launchId, List<Check> checks) implements Verdict {
    public Refused {
      checks = List.copyOf(checks);
      if (checks.stream().noneMatch(check -> check.outcome() == Outcome.FAIL)) {
        throw new IllegalArgumentException("a refusal names the check that failed");
      }
    }
  }

  /** Nothing failed, and something needed was missing. Never treated as trust. */
  record Undecided(LaunchId launchId, List<Check> checks) implements Verdict {
    public Undecided {
      checks = List.copyOf(checks);
      if (checks.stream().noneMatch(check -> check.outcome() == Outcome.UNKNOWN)) {
        throw new IllegalArgumentException("an undecided verdict names what was missing");
      }
    }
  }
}
