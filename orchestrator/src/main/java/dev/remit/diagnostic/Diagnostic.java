package dev.remit.diagnostic;

import java.io.IOException;
import java.util.Optional;

/**
 * One piece of bad news. Its texts are one line each and harmless to show, whatever went into them.
 *
 * @param what the fact, a phrase in lower case without a full stop
 * @param why the cause or the rule behind it
 * @param fix what the reader can do now
 */
public record Diagnostic(Code code, String what, Optional<Location> at, String why, String fix) {
  public Diagnostic {
    what = HostText.line(what);
    why = HostText.line(why);
    fix = HostText.line(fix);
    if (what.isBlank() || why.isBlank() || fix.isBlank()) {
      throw new IllegalArgumentException("a diagnostic says what, why and what to do");
    }
  }

  public static Diagnostic of(Code code, String what, String why, String fix) {
    return new Diagnostic(code, what, Optional.empty(), why, fix);
  }

  /** A file that could be opened and not be read: its disk fails, or it became shorter. */
  public static Diagnostic brokenFile(Location place, String file, IOException cause) {
    return at(
        place,
        Code.FILE_MISSING,
        "cannot read " + file + " to its end",
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage(),
        "see that the file is whole and does not change while Remit reads it");
  }

  /** As the other, at the file itself. */
  public static Diagnostic brokenFile(String file, IOException cause) {
    return brokenFile(new Location.InFile(file), file, cause);
  }

  public static Diagnostic at(Location place, Code code, String what, String why, String fix) {
    return new Diagnostic(code, what, Optional.of(place), why, fix);
  }
}
