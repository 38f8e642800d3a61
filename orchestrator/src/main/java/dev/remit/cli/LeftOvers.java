package dev.remit.cli;

import dev.remit.app.Remit;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.CleanUp;
import dev.remit.launch.Hypervisor;
import dev.remit.spec.HostSpec;
import java.util.function.Consumer;

/** Every command that works on a host first ends what killed launches have left there. */
final class LeftOvers {
  private LeftOvers() {}

  static void end(Remit remit, Hypervisor hypervisor, HostSpec host, Consumer<String> say)
      throws Failure {
    for (var ended : CleanUp.run(remit.journals(), hypervisor, host.uri())) {
      say.accept(
          "destroyed what an interrupted launch left: %s (%s)"
              .formatted(ended.intent().name(), ended.intent().launchId()));
    }
  }
}
