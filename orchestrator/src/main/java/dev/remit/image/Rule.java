package dev.remit.image;

import dev.remit.bytes.MalformedException;

/** What a format demands of its octets. */
final class Rule {
  private Rule() {}

  /**
   * @param what the rule that does not hold, a phrase
   */
  static void require(boolean holds, long at, String what) throws MalformedException {
    if (!holds) {
      throw new MalformedException(at, what);
    }
  }
}
