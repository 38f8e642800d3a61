package dev.remit.cli;

import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Logs are for us: silent unless asked for. */
final class Logging {
  // The logging system holds loggers weakly and would forget their level.
  private static final Logger REMIT = Logger.getLogger("dev.remit");

  private Logging() {}

  static void configure(boolean verbose) {
    LogManager.getLogManager().reset();
    if (verbose) {
      var handler = new ConsoleHandler();
      handler.setLevel(Level.ALL);
      REMIT.addHandler(handler);
      REMIT.setLevel(Level.FINE);
    } else {
      REMIT.setLevel(Level.OFF);
    }
  }
}
