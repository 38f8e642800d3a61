package dev.remit.launch;

/** Hears what a launch is doing. */
@FunctionalInterface
public interface Progress {
  /** A new stage begins; a phrase in lower case. */
  void stage(String what);

  /**
   * The evidence was judged, and nothing was done about it yet.
   *
   * @param report as if the guest were never released
   */
  default void judged(LaunchReport report) {}
}
