package dev.remit.launch;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.identity.LaunchId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** What was launched at one host, by the tenant's journals and by the host's word. */
public record Launches(Journals journals, Hypervisor hypervisor, String uri) {

  /**
   * One launch.
   *
   * @param state as the host says; empty where it knows no such domain
   */
  public record Known(Journals.Entry entry, Optional<Hypervisor.DomainState> state) {
    public boolean isThere() {
      return state.isPresent();
    }

    /** Whether its guest may still run, or be made to, by the host's word. */
    public boolean hasNotEnded() {
      return state.isPresent() && state.get() != Hypervisor.DomainState.ENDED;
    }

    public String name() {
      return entry.intent().name();
    }

    public LaunchId launchId() {
      return entry.intent().launchId();
    }
  }

  /** Oldest first. */
  public List<Known> all() throws Failure {
    return where(entry -> true);
  }

  /** Those whose domain the host knows, oldest first; it is not asked for what has ended. */
  public List<Known> there() throws Failure {
    return where(Launches::mayBeThere).stream().filter(Known::isThere).toList();
  }

  private static boolean mayBeThere(Journals.Entry entry) {
    return entry.last() != LaunchEvent.DESTROYED && entry.last() != LaunchEvent.ENDED;
  }

  private List<Known> where(Predicate<Journals.Entry> wanted) throws Failure {
    var known = new ArrayList<Known>();
    for (var entry : journals.entries()) {
      if (entry.intent().uri().equals(uri) && wanted.test(entry)) {
        known.add(look(entry));
      }
    }
    return List.copyOf(known);
  }

  private Known look(Journals.Entry entry) throws Failure {
    return new Known(entry, hypervisor.lookUp(entry.intent().launchId()));
  }

  /** The newest launch of a name, one that is still there before one that is not. */
  public Known named(String name) throws Failure {
    var candidates = where(entry -> entry.intent().name().equals(name)).reversed();
    return candidates.stream()
        .filter(Known::isThere)
        .findFirst()
        .or(() -> candidates.stream().findFirst())
        .orElseThrow(() -> noSuchLaunch(name, "at " + uri));
  }

  /**
   * The newest launch of a name, of which no host is asked.
   *
   * @param uri of its host; empty where any will do
   */
  public static Journals.Entry newest(Journals journals, String name, Optional<String> uri)
      throws Failure {
    var candidates =
        journals.entries().stream()
            .filter(entry -> entry.intent().name().equals(name))
            .filter(entry -> uri.isEmpty() || entry.intent().uri().equals(uri.get()))
            .toList();
    var uris = candidates.stream().map(entry -> entry.intent().uri()).distinct().toList();
    if (uris.size() > 1) {
      throw new Failure(
          Diagnostic.of(
              Code.NO_SUCH_LAUNCH,
              "launches of the name " + new HostText(name) + " are known at more than one host",
              "the journals tell of " + String.join(" and ", uris),
              "name the host by --host or --connect"));
    }
    if (candidates.isEmpty()) {
      throw noSuchLaunch(name, uri.map(host -> "at " + host).orElse("at any host"));
    }
    return candidates.getLast();
  }

  private static Failure noSuchLaunch(String name, String where) {
    return new Failure(
        Diagnostic.of(
            Code.NO_SUCH_LAUNCH,
            "no launch of the name " + new HostText(name) + " is known " + where,
            "the journals on this machine have none",
            "see \"remit list --all\", and name the same host as at the launch"));
  }

  /**
   * Writes down the end of each guest that was released and that the host does not have any more.
   *
   * @param heard hears of each, and how it ended by the host's word
   */
  public void recordEnds(BiConsumer<Journals.Entry, Ending> heard) throws Failure {
    for (var entry : journals.entries()) {
      if (entry.intent().uri().equals(uri) && entry.last().isReleased() && !entry.held()) {
        var known = look(entry);
        if (!known.hasNotEnded()) {
          recordEnd(known).ifPresent(ending -> heard.accept(entry, ending));
        }
      }
    }
  }

  /** Empty where another process writes on this journal just now. */
  private Optional<Ending> recordEnd(Known known) throws Failure {
    var ending = hypervisor.ending(known.launchId(), known.name());
    var claimed = journals.claim(known.launchId());
    if (claimed.isEmpty()) {
      return Optional.empty();
    }
    try (var journal = claimed.get()) {
      // Somebody may have written down an end before the journal was ours.
      var now = entry(known.launchId());
      if (!now.last().isReleased()) {
        return now.ending();
      }
      journal.appendEnd(ending);
      return Optional.of(ending);
    }
  }

  private Journals.Entry entry(LaunchId launchId) throws Failure {
    return journals.entries().stream()
        .filter(entry -> entry.intent().launchId().equals(launchId))
        .findFirst()
        .orElseThrow(() -> noSuchLaunch(launchId.toString(), "at " + uri));
  }

  /**
   * Refuses a second launch under a name whose first one has not ended, by journals and host.
   *
   * @param name for which the caller holds the reservation
   * @param plan the digest of what is about to be launched, 32 bytes
   */
  public void requireFree(String name, Bytes plan) throws Failure {
    for (var unreadable : journals.unreadable()) {
      if (unreadable.mayBeAt(uri) && unreadable.mayBeOf(name)) {
        throw new Failure(unreadable.diagnostic());
      }
    }
    for (var entry : journals.entries().reversed()) {
      if (entry.intent().uri().equals(uri)
          && entry.intent().name().equals(name)
          && entry.last() != LaunchEvent.DESTROYED) {
        if (entry.held()) {
          throw underWay(entry);
        }
        var known = look(entry);
        if (entry.last().isFinal() && known.hasNotEnded()) {
          throw runs(known, plan);
        }
      }
    }
  }

  private static Failure runs(Known known, Bytes plan) {
    var intent = known.entry().intent();
    String since =
        "it was launched at %s as %s, and the host says that it is %s"
            .formatted(
                intent.at(),
                intent.launchId(),
                known.state().map(state -> state.name().toLowerCase(Locale.ROOT)).orElse("gone"));
    boolean same = intent.origin().filter(origin -> origin.plan().equals(plan)).isPresent();
    return new Failure(
        same
            ? Diagnostic.of(
                Code.ALREADY_RUNS,
                intent.name() + " runs already, from this plan",
                since,
                "use it; or end it by \"remit stop\", or start anew by \"remit relaunch\"")
            : Diagnostic.of(
                Code.NAME_TAKEN,
                "another plan runs under the name " + intent.name(),
                since
                    + intent
                        .origin()
                        .map(origin ->
                            ", from " + origin.spec().path() + ", plan " + origin.plan().hex())
                        .orElse(""),
                "end that one by \"remit stop\", or give this one another metadata.name"));
  }

  /** Says who keeps a name from being reserved. */
  public static Failure underWay(Journals journals, String name, String uri) throws Failure {
    return journals.entries().reversed().stream()
        .filter(entry -> entry.held() && !entry.last().isFinal())
        .filter(entry -> entry.intent().uri().equals(uri) && entry.intent().name().equals(name))
        .findFirst()
        .map(Launches::underWay)
        .orElseGet(() -> underWay(name, "another process or thread is about to launch it"));
  }

  private static Failure underWay(Journals.Entry entry) {
    return underWay(
        entry.intent().name(),
        "it was begun at %s as %s, and its process lives"
            .formatted(entry.intent().at(), entry.intent().launchId()));
  }

  private static Failure underWay(String name, String why) {
    return new Failure(
        Diagnostic.of(
            Code.UNDER_WAY,
            "a launch of " + name + " is still under way",
            why,
            "wait for that process, or interrupt it: it destroys what it started"));
  }

  /**
   * Waits until the guest has ended by the host's word, and writes that down.
   *
   * @return empty where time was up before
   */
  public Optional<Ending> waitForEnd(Known launch, Waiting waiting) throws Failure {
    var entry = launch.entry();
    if (!entry.last().isFinal()) {
      throw underWay(entry);
    }
    var known = launch;
    while (known.hasNotEnded()) {
      if (!waiting.again()) {
        return Optional.empty();
      }
      known = look(entry);
    }
    return Optional.of(endOf(known));
  }

  /** As it is written down, where somebody did meanwhile. */
  private Ending endOf(Known known) throws Failure {
    var now = entry(known.launchId());
    if (now.last().isReleased()) {
      var recorded = recordEnd(known);
      if (recorded.isPresent()) {
        return recorded.get();
      }
      now = entry(known.launchId());
    }
    return now.last() == LaunchEvent.DESTROYED
        ? Ending.DESTROYED
        : now.ending().orElse(Ending.UNTOLD);
  }

  /** Asks a guest to shut down, and writes that down; does nothing where it has ended. */
  public void stop(Known launch) throws Failure {
    if (!launch.entry().last().isFinal()) {
      throw underWay(launch.entry());
    }
    if (!launch.hasNotEnded()) {
      return;
    }
    if (launch.entry().last() != LaunchEvent.STOPPING) {
      try (var journal = claimed(launch)) {
        journal.append(LaunchEvent.STOPPING);
      }
    }
    hypervisor.shutdown(launch.launchId());
  }

  /** Ends a launch that was released; says whether its domain was still there. */
  public boolean destroy(Known launch) throws Failure {
    try (var journal = claimed(launch)) {
      hypervisor.destroy(launch.launchId());
      if (launch.isThere() || mayBeThere(launch.entry())) {
        journal.append(LaunchEvent.DESTROYED);
      }
    }
    return launch.isThere();
  }

  private Journal claimed(Known launch) throws Failure {
    return journals.claim(launch.launchId()).orElseThrow(() -> underWay(launch.entry()));
  }
}
