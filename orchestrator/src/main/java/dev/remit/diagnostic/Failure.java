package dev.remit.diagnostic;

/** The world did not do its part: a file, a host, a process, a network. */
public final class Failure extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Diagnostic diagnostic;

  public Failure(Diagnostic diagnostic) {
    super(diagnostic.what());
    this.diagnostic = diagnostic;
  }

  public Failure(Diagnostic diagnostic, Throwable cause) {
    super(diagnostic.what(), cause);
    this.diagnostic = diagnostic;
  }

  public Diagnostic diagnostic() {
    return diagnostic;
  }
}
