package dev.remit.trust;

import dev.remit.evidence.Evidence;
import dev.remit.identity.LaunchId;
import java.util.List;

/** The permission to hand over the secrets of one launch. Only an {@code Appraiser} makes one. */
public final class Trusted implements Verdict {
  private final LaunchId launchId;
  private final Evidence evidence;
  private final List<Check> checks;

  Trusted(LaunchId launchId, Evidence evidence, List<Check> checks) {
    if (checks.isEmpty()
        || checks.stream()
            .anyMatch(
                check -> check.outcome() == Outcome.FAIL || check.outcome() == Outcome.UNKNOWN)) {
      throw new IllegalArgumentException("trust needs checks, and that all of them hold");
    }
    this.launchId = launchId;
    this.evidence = evidence;
    this.checks = List.copyOf(checks);
  }

  @Override
  public LaunchId launchId() {
    return launchId;
  }

  /** The evidence that was believed. */
  public Evidence evidence() {
    return evidence;
  }

  @Override
  public List<Check> checks() {
    return checks;
  }
}
