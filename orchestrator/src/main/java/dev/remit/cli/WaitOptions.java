package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.Launches;
import dev.remit.launch.Waiting;
import dev.remit.report.Answer;
import java.time.Duration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Parameters;

/** Which VM at which host, where the longest wait is that of the whole command. */
final class WaitOptions {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(60);

  @Parameters(index = "0", paramLabel = "NAME", description = "The VM's name.")
  String name = "";

  @ArgGroup HostOptions.Which which = new HostOptions.Which();

  /** What is done about the VM, and how long it may be waited for. */
  interface Work {
    Answer answer(Launches launches, Launches.Known known, Waiting waiting) throws Failure;
  }

  Answer run(RemitCommand command, Duration longest, boolean dryRun, Work work)
      throws Failure, BadInput {
    // From now on, so that a host that is slow to connect gives nobody more time.
    var waiting = command.program.remit().waiting(longest);
    return Bounded.within(
        longest,
        () ->
            AtHost.run(
                command,
                host(longest),
                dryRun,
                (remit, launches) -> work.answer(launches, launches.named(name), waiting)));
  }

  /** With a deadline for each call that is no longer than the whole. */
  private HostOptions host(Duration longest) {
    var options = new HostOptions();
    options.which = which;
    options.timeout = longest.compareTo(LONGEST_CALL) < 0 ? longest : LONGEST_CALL;
    return options;
  }
}
