package dev.remit.diagnostic;

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

  public static Diagnostic at(Location place, Code code, String what, String why, String fix) {
    return new Diagnostic(code, what, Optional.of(place), why, fix);
  }
}
