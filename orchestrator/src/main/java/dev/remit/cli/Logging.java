package dev.remit.cli;

import dev.remit.diagnostic.HostText;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Logs are for us: silent unless asked for. */
final class Logging {
  // The logging system holds loggers weakly and would forget their level.
  private static final Logger REMIT = Logger.getLogger("dev.remit");

  private Logging() {}

  static void configure(boolean verbose) {
    LogManager.getLogManager().reset();
    if (verbose) {
      var handler = new ConsoleHandler();
      handler.setFormatter(new OneLineEach());
      handler.setLevel(Level.ALL);
      REMIT.addHandler(handler);
      REMIT.setLevel(Level.FINE);
    } else {
      REMIT.setLevel(Level.OFF);
    }
  }

  /**
   * A line for the message, one for each exception and one for each of its places. Messages may
   * quote a host, so they cannot begin a line of their own.
   */
  static final class OneLineEach extends Formatter {
    /** Of exceptions that one another caused. */
    private static final int DEEPEST = 8;

    @Override
    public String format(LogRecord record) {
      var lines = new StringBuilder();
      add(
          lines,
          "%s %s %s: %s"
              .formatted(
                  record.getInstant(),
                  record.getLevel().getName(),
                  record.getLoggerName(),
                  formatMessage(record)));
      @Nullable Throwable thrown = record.getThrown();
      for (int depth = 0; thrown != null && depth < DEEPEST; depth++) {
        add(lines, "  " + thrown);
        for (var frame : thrown.getStackTrace()) {
          add(lines, "    at " + frame);
        }
        thrown = thrown.getCause();
      }
      return lines.toString();
    }

    private static void add(StringBuilder lines, String line) {
      lines.append(HostText.line(line)).append(System.lineSeparator());
    }
  }
}
