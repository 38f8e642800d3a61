package dev.remit.launch;

/** Hears what a launch is doing. */
@FunctionalInterface
public interface Progress {
  /** A new stage begins; a phrase in lower case. */
  void stage(String what);
}
