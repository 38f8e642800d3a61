package dev.remit.simulator;

/** Text as one word of a POSIX shell. */
public final class ShellWord {
  private ShellWord() {}

  public static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
