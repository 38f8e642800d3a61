package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;

/**
 * What the parser of arguments cannot see: each is well formed, and together they make no sense.
 */
final class WrongUsage {
  private WrongUsage() {}

  static BadInput of(String what, String why, String fix) {
    return new BadInput(Diagnostic.of(Code.WRONG_USAGE, what, why, fix));
  }
}
