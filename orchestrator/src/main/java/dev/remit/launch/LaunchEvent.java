package dev.remit.launch;

/** What a journal says of a launch, in the order in which it happens. */
public enum LaunchEvent {
  /** Written before anything is asked of the host: from here on a domain may exist. */
  INTENDED,
  STARTED,
  MEASURED,
  TRUSTED,
  REFUSED,
  UNDECIDED,
  /** Written before the secret is handed over: from here on it may have arrived. */
  INJECTING,
  INJECTED,
  /** The guest runs with its secret; Remit no longer ends it by itself. */
  RELEASED,
  DESTROYED;

  /** Whether nothing is left to clean up after this. */
  public boolean isFinal() {
    return switch (this) {
      case RELEASED, DESTROYED -> true;
      case INTENDED, STARTED, MEASURED, TRUSTED, REFUSED, UNDECIDED, INJECTING, INJECTED -> false;
    };
  }
}
