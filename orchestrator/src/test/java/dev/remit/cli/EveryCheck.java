package dev.remit.cli;

import dev.remit.exposure.Checks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/** The rules as the program joins them. */
public final class EveryCheck {
  public static final Checks CHECKS =
      CheckRules.all(Set.of("file"), InstantSource.fixed(Instant.parse("2026-11-24T00:00:00Z")));

  private EveryCheck() {}
}
