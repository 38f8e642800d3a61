package dev.remit.cli;

import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What "remit --help" says where there is no terminal to lay it out for, without the parser. */
final class HelpText {
  private HelpText() {}

  static boolean isAskedForBy(String... arguments) {
    return arguments.length == 1
        && (arguments[0].equals("--help") || arguments[0].equals("-h"))
        && !isTerminal();
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** As the parser would print it; a test compares the two. */
  static String prepared() {
    try (var in = HelpText.class.getResourceAsStream("help.txt")) {
      if (in == null) {
        throw new IllegalStateException("this build lacks the text of its help");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
