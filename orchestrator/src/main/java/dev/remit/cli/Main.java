package dev.remit.cli;

/** Where the process starts and ends. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    var terminal = new Terminal(System.out, System.err);
    Thread.setDefaultUncaughtExceptionHandler(Program.lastResort(terminal));
    System.exit(Program.run(terminal, arguments));
  }
}
