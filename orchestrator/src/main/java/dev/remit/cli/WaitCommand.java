package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.report.Answer;
import dev.remit.report.LifecycleReport;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "wait", description = "Wait until a VM has ended, and tell how by the host's word.")
final class WaitCommand extends RemitCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The VM's name.")
  String name = "";

  @Mixin WaitOptions hostOptions = new WaitOptions();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "24h",
      showDefaultValue = Visibility.ALWAYS,
      converter = DurationConverter.class,
      description = "Longest wait, for example 30s or 2m; then the status is 5.")
  Duration timeout = Duration.ofHours(24);

  @Override
  Answer answer() throws Failure, BadInput {
    // From now on, so that a host that is slow to connect gives nobody more time.
    var waiting = program.remit().waiting(timeout);
    return Bounded.within(
        timeout,
        () ->
            AtHost.run(
                this,
                hostOptions.within(timeout),
                false,
                (remit, launches) -> {
                  var known = launches.named(name);
                  var ending = launches.waitForEnd(known, waiting);
                  if (ending.isEmpty()) {
                    throw LifecycleReport.hasNotEnded(
                        known, timeout, "wait longer, or end it by \"remit stop " + name + "\"");
                  }
                  return LifecycleReport.ended(known, ending.get());
                }));
  }
}
