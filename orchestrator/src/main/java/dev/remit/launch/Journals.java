package dev.remit.launch;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.plan.Plan;
import dev.remit.plan.SourceDocument;
import dev.remit.platform.Protection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where launches are written down, on the tenant's side. */
public interface Journals {
  /** Begins a journal with {@link LaunchEvent#INTENDED}. */
  Journal begin(Intent intent) throws Failure;

  /** Every launch whose journal can be read, in the order in which they were begun. */
  List<Entry> entries() throws Failure;

  /** What keeps all others from being relied upon: journals that tell nothing certain. */
  List<Unreadable> unreadable() throws Failure;

  /** Opens a journal to write on; empty where a living process holds it. */
  Optional<Journal> claim(LaunchId launchId) throws Failure;

  /**
   * Keeps everybody else from launching under a name at a host, until it is closed or the process
   * ends; empty where somebody does already.
   */
  Optional<Reservation> reserve(String name, String uri) throws Failure;

  /** The right to launch under one name at one host. */
  interface Reservation extends AutoCloseable {
    String name();

    String uri();

    @Override
    void close();
  }

  /**
   * What is about to be launched.
   *
   * @param name of the domain
   * @param uri of the host, as in the host document
   * @param origin empty in a journal of the first version
   */
  record Intent(
      LaunchId launchId,
      String name,
      String uri,
      Protection protection,
      boolean simulated,
      Instant at,
      Optional<Origin> origin) {
    /** As a journal of the first version tells it. */
    public Intent(
        LaunchId launchId,
        String name,
        String uri,
        Protection protection,
        boolean simulated,
        Instant at) {
      this(launchId, name, uri, protection, simulated, at, Optional.empty());
    }
  }

  /**
   * What a launch was made from.
   *
   * @param plan its digest, 32 bytes
   * @param host empty where the host was named by its URI only
   * @param console file that receives the guest's serial console, where it has one
   */
  record Origin(
      Bytes plan, SourceDocument spec, Optional<SourceDocument> host, Optional<String> console) {
    public static Origin of(Plan plan) {
      return new Origin(
          plan.digest(),
          plan.documents().specSource(),
          plan.documents().hostSource(),
          plan.domain().console());
    }
  }

  /**
   * One launch as its journal tells it.
   *
   * @param last the newest event
   * @param lastAt when that was
   * @param ending how the guest ended, as the host claimed, after {@link LaunchEvent#ENDED}
   * @param held whether a living process holds the journal
   */
  record Entry(
      Intent intent, LaunchEvent last, Instant lastAt, Optional<Ending> ending, boolean held) {
    public Entry(Intent intent, LaunchEvent last, Instant lastAt, boolean held) {
      this(intent, last, lastAt, Optional.empty(), held);
    }

    /** Whether a domain of this launch may exist that nobody will release or destroy any more. */
    public boolean isLeftOver() {
      return !held && !last.isFinal();
    }
  }

  /**
   * A journal that cannot be relied upon: damaged, or of a newer release.
   *
   * @param launchId empty where the file is not named after a launch
   * @param name of the domain, as far as the journal still tells it
   * @param uri of the host, as far as the journal still tells it
   */
  record Unreadable(
      Optional<LaunchId> launchId,
      Optional<String> name,
      Optional<String> uri,
      Diagnostic diagnostic) {
    /** Whether it may be of a launch at this host: what it does not tell counts as a yes. */
    public boolean mayBeAt(String host) {
      return uri.isEmpty() || uri.get().equals(host);
    }

    /** Whether it may be of a launch under this name, likewise. */
    public boolean mayBeOf(String domain) {
      return name.isEmpty() || name.get().equals(domain);
    }
  }
}
