package dev.remit.launch;

import dev.remit.diagnostic.Failure;
import java.util.ArrayList;
import java.util.List;

/** Ends what launches that were killed have left at a host, and nothing else. */
public final class CleanUp {
  private CleanUp() {}

  /**
   * Destroys, by UUID, the domain of every launch at this host whose process is gone and that
   * neither released nor destroyed it.
   *
   * @return what was still there
   */
  public static List<Journals.Entry> run(Journals journals, Hypervisor hypervisor, String uri)
      throws Failure {
    var ended = new ArrayList<Journals.Entry>();
    for (var entry : journals.entries()) {
      if (!entry.isLeftOver() || !entry.intent().uri().equals(uri)) {
        continue;
      }
      var claimed = journals.claim(entry.intent().launchId());
      if (claimed.isEmpty()) {
        continue;
      }
      try (var journal = claimed.get()) {
        boolean wasThere = hypervisor.lookUp(entry.intent().launchId()).isPresent();
        hypervisor.destroy(entry.intent().launchId());
        journal.append(LaunchEvent.DESTROYED);
        if (wasThere) {
          ended.add(entry);
        }
      }
    }
    return List.copyOf(ended);
  }
}
