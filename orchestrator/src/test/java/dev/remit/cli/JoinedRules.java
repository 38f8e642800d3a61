package dev.remit.cli;

import dev.remit.exposure.Checks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/** The rules of {@code remit check}, for tests of other modules. */
public final class JoinedRules {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private JoinedRules() {}

  public static Checks all() {
    return CheckRules.all(Set.of(), InstantSource.fixed(NOW));
  }
}
