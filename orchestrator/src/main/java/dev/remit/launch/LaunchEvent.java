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
  /** The guest was asked to shut down; it may take its time, or not do it. */
  STOPPING,
  /** The host claims that the released guest is gone, and how it ended. */
  ENDED,
  DESTROYED;

  /** Whether nothing is left to clean up after this. */
  public boolean isFinal() {
    return switch (this) {
      case RELEASED, STOPPING, ENDED, DESTROYED -> true;
      case INTENDED, STARTED, MEASURED, TRUSTED, REFUSED, UNDECIDED, INJECTING, INJECTED -> false;
    };
  }

  /** Whether the guest was released and nothing tells of its end. */
  public boolean isReleased() {
    return this == RELEASED || this == STOPPING;
  }
}
