package dev.remit.cli;

import dev.remit.exposure.Checks;
import dev.remit.image.Companions;
import java.time.Instant;
import java.time.InstantSource;

/** The rules of {@code remit check}, for tests of other modules. */
public final class JoinedRules {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private JoinedRules() {}

  public static Checks all() {
    return CheckRules.all(Companions.NONE, InstantSource.fixed(NOW));
  }
}
