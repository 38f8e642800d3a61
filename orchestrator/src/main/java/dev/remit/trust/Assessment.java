package dev.remit.trust;

import java.util.List;

/** What can be said of stored evidence, later and elsewhere. It is never a permission. */
public sealed interface Assessment {
  List<Check> checks();

  /** Everything that can be judged later holds. */
  record Satisfied(List<Check> checks) implements Assessment {
    public Satisfied {
      checks = List.copyOf(checks);
    }
  }

  /** At least one check failed. */
  record Refused(List<Check> checks) implements Assessment {
    public Refused {
      checks = List.copyOf(checks);
    }
  }

  /** Nothing failed, and something needed was missing. */
  record Undecided(List<Check> checks) implements Assessment {
    public Undecided {
      checks = List.copyOf(checks);
    }
  }

  /** The assessment that a list of checks amounts to; no checks at all are undecided. */
  static Assessment of(List<Check> checks) {
    if (checks.stream().anyMatch(check -> check.outcome() == Outcome.FAIL)) {
      return new Refused(checks);
    }
    if (checks.isEmpty() || checks.stream().anyMatch(c -> c.outcome() == Outcome.UNKNOWN)) {
      return new Undecided(checks);
    }
    return new Satisfied(checks);
  }
}
