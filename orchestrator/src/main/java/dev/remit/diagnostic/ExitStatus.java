package dev.remit.diagnostic;

/** What the program's exit status says. */
public enum ExitStatus {
  DONE(0, "done; for launch: trusted; for verify: satisfied"),
  BUG(1, "a bug in Remit"),
  USAGE(2, "wrong usage"),
  INPUT(3, "the spec, plan or policy is wrong, or an exposure rule refused it"),
  HOST(4, "this host cannot do it"),
  SYSTEM(5, "libvirt, QEMU or the system failed"),
  UNDECIDED(6, "undecided: evidence or endorsements could not be had"),
  REFUSED(7, "refused: the evidence does not satisfy the policy"),
  NOT_PROVED(8, "not proved: plaintext found, or a control failed"),
  INTERRUPTED(130, "interrupted");

  private final int number;
  private final String meaning;

  ExitStatus(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  public String meaning() {
    return meaning;
  }
}
