package dev.remit.bytes;

/** Octets that are not what their format says. The message is ours and quotes nothing of them. */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1;

  private final long offset;
  private final String what;

  /**
   * @param offset where, in bytes from the start of what was parsed
   * @param what the rule that does not hold, as a phrase
   */
  public MalformedException(long offset, String what) {
    super(what + " (at byte " + offset + ")");
    this.offset = offset;
    this.what = what;
  }

  /**
   * The same, told of a larger whole.
   *
   * @param part what these octets are in it, a phrase
   * @param start where they start in it, in bytes
   */
  public MalformedException in(String part, long start) {
    return new MalformedException(start + offset, part + ": " + what);
  }

  public long offset() {
    return offset;
  }

  /** The rule that does not hold, without its place. */
  public String what() {
    return what;
  }
}
