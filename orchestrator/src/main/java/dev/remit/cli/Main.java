package dev.remit.cli;

import dev.remit.diagnostic.ExitStatus;

/** Where the process starts and ends. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    var terminal = new Terminal(System.out, System.err);
    Thread.setDefaultUncaughtExceptionHandler(Program.lastResort(terminal));
    int status = Program.run(terminal, arguments);
    // To exit takes the JDK longer than to print help: it looks for a logger in every jar. The JVM
    // ends by itself, with status 0, where nothing else runs.
    if (status != ExitStatus.DONE.number() || Thread.activeCount() > 1) {
      System.exit(status);
    }
  }
}
