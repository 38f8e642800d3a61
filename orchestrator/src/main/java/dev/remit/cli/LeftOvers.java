package dev.remit.cli;

import dev.remit.app.Remit;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.CleanUp;
import dev.remit.launch.Hypervisor;
import dev.remit.launch.Journals;
import dev.remit.launch.Launches;
import dev.remit.spec.HostSpec;
import java.util.function.Consumer;

/** Commands that work on a host first end what killed launches have left there. */
final class LeftOvers {
  private LeftOvers() {}

  static void end(Remit remit, Hypervisor hypervisor, HostSpec host, Consumer<String> say)
      throws Failure {
    CleanUp.run(
        remit.journals(),
        hypervisor,
        host.uri(),
        ended -> say.accept("destroyed what an interrupted launch left: " + shown(ended)));
  }

  /** For those who only look: says what {@link #end} would end. */
  static void name(Remit remit, HostSpec host, Consumer<String> say) throws Failure {
    for (var entry : CleanUp.leftOvers(remit.journals(), host.uri())) {
      say.accept("would destroy what an interrupted launch left: " + shown(entry));
    }
  }

  /** Journals that tell nothing certain are named by each command, and stop none. */
  static void tellUnreadable(Remit remit, HostSpec host, Consumer<Failure> tell) throws Failure {
    for (var unreadable : remit.journals().unreadable()) {
      if (unreadable.mayBeAt(host.uri())) {
        tell.accept(new Failure(unreadable.diagnostic()));
      }
    }
  }

  /** Writes down which guests have ended since somebody looked. */
  static void recordEnds(Remit remit, Hypervisor hypervisor, HostSpec host, Consumer<String> say)
      throws Failure {
    new Launches(remit.journals(), hypervisor, host.uri())
        .recordEnds((entry, ending) ->
            say.accept("%s has ended; host's claim: %s".formatted(shown(entry), ending.phrase())));
  }

  private static String shown(Journals.Entry entry) {
    return "%s (%s)".formatted(entry.intent().name(), entry.intent().launchId());
  }
}
