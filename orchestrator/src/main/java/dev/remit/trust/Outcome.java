package dev.remit.trust;

/** How one check came out. */
public enum Outcome {
  PASS,
  FAIL,
  /** Something that the check needs was missing: never trust. */
  UNKNOWN,
  /** The owner gave the check up by an acknowledgment with a reason. */
  WAIVED
}
