package dev.remit.cli;

/** Where the process starts and ends. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Program.run(new Terminal(System.out, System.err), arguments));
  }
}
