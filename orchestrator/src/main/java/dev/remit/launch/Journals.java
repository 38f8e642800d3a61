package dev.remit.launch;

import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.platform.Protection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where launches are written down, on the tenant's side. */
public interface Journals {
  /** Begins a journal with {@link LaunchEvent#INTENDED}. */
  Journal begin(Intent intent) throws Failure;

  /** Every launch that is written down, oldest first. */
  List<Entry> entries() throws Failure;

  /** Opens a journal to write on; empty where a living process holds it. */
  Optional<Journal> claim(LaunchId launchId) throws Failure;

  /**
   * What is about to be launched.
   *
   * @param name of the domain
   * @param uri of the host, as in the host document
   */
  record Intent(
      LaunchId launchId,
      String name,
      String uri,
      Protection protection,
      boolean simulated,
      Instant at) {}

  /**
   * One launch as its journal tells it.
   *
   * @param last the newest event
   * @param lastAt when that was
   * @param held whether a living process holds the journal
   */
  record Entry(Intent intent, LaunchEvent last, Instant lastAt, boolean held) {
    /** Whether a domain of this launch may exist that nobody will release or destroy any more. */
    public boolean isLeftOver() {
      return !held && !last.isFinal();
    }
  }
}
