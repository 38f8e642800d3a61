package dev.remit.cli;

/** What is done when the program is told to end while something lies open; closed, it is not. */
final class OnInterrupt implements AutoCloseable {
  private final Thread hook;

  private OnInterrupt(Thread hook) {
    this.hook = hook;
  }

  /**
   * @param work is run in a thread of its own, beside the one that is interrupted
   */
  static OnInterrupt run(Runnable work) {
    var hook = new Thread(work, "interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
    return new OnInterrupt(hook);
  }

  @Override
  public void close() {
    if (hook.isAlive()) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // Then the hook runs, finds nothing open, and that is all.
      return;
    }
  }
}
