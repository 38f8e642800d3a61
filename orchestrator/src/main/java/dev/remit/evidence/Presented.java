package dev.remit.evidence;

/** What came back when a host was asked for evidence. */
public sealed interface Presented {
  /** Evidence in its format, not judged yet. */
  record Given(Evidence evidence) implements Presented {}

  /** Success, and no values: what libvirt answers for a domain without launch security. */
  record Nothing() implements Presented {}

  /** Values that are not in their format. The rule is ours and quotes nothing of the host. */
  record Malformed(String rule) implements Presented {}
}
