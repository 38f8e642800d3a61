package dev.remit.launch;

import dev.remit.diagnostic.Failure;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Ends what launches that were killed have left at a host, and nothing else. */
public final class CleanUp {
  private CleanUp() {}

  /** The launches at this host whose process is gone and that were neither released nor ended. */
  public static List<Journals.Entry> leftOvers(Journals journals, String uri) throws Failure {
    return journals.entries().stream()
        .filter(Journals.Entry::isLeftOver)
        .filter(entry -> entry.intent().uri().equals(uri))
        .toList();
  }

  /**
   * Destroys, by UUID, the domain of each. One that cannot be destroyed keeps none of the others,
   * and is reported when all were tried.
   *
   * @param ended hears of each that was still there
   */
  public static void run(
      Journals journals, Hypervisor hypervisor, String uri, Consumer<Journals.Entry> ended)
      throws Failure {
    @Nullable Failure first = null;
    for (var entry : leftOvers(journals, uri)) {
      try {
        if (end(entry, journals, hypervisor)) {
          ended.accept(entry);
        }
      } catch (Failure failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static boolean end(Journals.Entry entry, Journals journals, Hypervisor hypervisor)
      throws Failure {
    var launchId = entry.intent().launchId();
    var claimed = journals.claim(launchId);
    if (claimed.isEmpty()) {
      return false;
    }
    try (var journal = claimed.get()) {
      boolean wasThere = hypervisor.lookUp(launchId).isPresent();
      hypervisor.destroy(launchId);
      journal.append(LaunchEvent.DESTROYED);
      return wasThere;
    }
  }
}
