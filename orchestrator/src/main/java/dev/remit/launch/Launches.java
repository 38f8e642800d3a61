package dev.remit.launch;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  }

  /** Oldest first. */
  public List<Known> all() throws Failure {
    return where(entry -> true);
  }

  /** Those whose domain the host knows, oldest first; it is not asked for what was destroyed. */
  public List<Known> there() throws Failure {
    return where(entry -> entry.last() != LaunchEvent.DESTROYED).stream()
        .filter(Known::isThere)
        .toList();
  }

  private List<Known> where(Predicate<Journals.Entry> wanted) throws Failure {
    var known = new ArrayList<Known>();
    for (var entry : journals.entries()) {
      if (entry.intent().uri().equals(uri) && wanted.test(entry)) {
        known.add(new Known(entry, hypervisor.lookUp(entry.intent().launchId())));
      }
    }
    return List.copyOf(known);
  }

  /** The newest launch of a name, one that is still there before one that is not. */
  public Known named(String name) throws Failure {
    var candidates =
        all().stream().filter(known -> known.entry().intent().name().equals(name)).toList();
    return candidates.reversed().stream()
        .filter(Known::isThere)
        .findFirst()
        .or(() -> candidates.reversed().stream().findFirst())
        .orElseThrow(() ->
            new Failure(
                Diagnostic.of(
                    Code.NO_SUCH_LAUNCH,
                    "no launch of the name " + new HostText(name) + " is known at " + uri,
                    "the journals on this machine have none",
                    "see \"remit list --all\", and name the same host as at the launch")));
  }

  /** Ends a launch that was released; says whether its domain was still there. */
  public boolean destroy(Known launch) throws Failure {
    var launchId = launch.entry().intent().launchId();
    var claimed = journals.claim(launchId);
    if (claimed.isEmpty()) {
      throw new Failure(
          Diagnostic.of(
              Code.NAME_TAKEN,
              "the launch of " + launch.entry().intent().name() + " is still under way",
              "another process holds its journal",
              "wait for that process, or interrupt it: it destroys what it started"));
    }
    try (var journal = claimed.get()) {
      hypervisor.destroy(launchId);
      journal.append(LaunchEvent.DESTROYED);
    }
    return launch.isThere();
  }
}
