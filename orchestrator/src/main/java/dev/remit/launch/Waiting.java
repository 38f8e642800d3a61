package dev.remit.launch;

import dev.remit.diagnostic.Failure;

/** How often somebody who waits looks again, and until when. */
@FunctionalInterface
public interface Waiting {
  /** Returns when it is time to look again; false when it is time to give up. */
  boolean again() throws Failure;
}
