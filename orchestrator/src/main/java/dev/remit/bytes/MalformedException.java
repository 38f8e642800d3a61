package dev.remit.bytes;

/** Octets that are not what their format says. The message is ours and quotes nothing of them. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1;

  private final long offset;

  /**
   * @param offset where, in bytes from the start of what was parsed
   * @param what the rule that does not hold, as a phrase
   */
  public MalformedException(long offset, String what) {
    super(what + " (at byte " + offset + ")");
    this.offset = offset;
  }

  public long offset() {
    return offset;
  }
}
