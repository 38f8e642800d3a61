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

@Command(
    name = "stop",
    description =
        "Ask a VM to shut down, and wait until it has. One that does not is left running: see"
            + " destroy.")
final class StopCommand extends RemitCommand {
  @Mixin WaitOptions waited = new WaitOptions();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "2m",
      showDefaultValue = Visibility.ALWAYS,
      description = "Longest wait, for example 30s or 2m; then the status is 5.")
  Duration timeout = Duration.ofMinutes(2);

  @Option(names = "--dry-run", description = "Say what would be asked to stop, and ask nothing.")
  boolean dryRun;

  @Override
  Answer answer() throws Failure, BadInput {
    return waited.run(
        this,
        timeout,
        dryRun,
        (launches, known, waiting) -> {
          if (dryRun) {
            return LifecycleReport.wouldStop(known);
          }
          launches.stop(known);
          var ending = launches.waitForEnd(known, waiting);
          if (ending.isEmpty()) {
            throw LifecycleReport.hasNotEnded(
                known,
                timeout,
                "give it more time, or end it at once by \"remit destroy " + known.name() + "\"");
          }
          return LifecycleReport.stopped(known, ending.get());
        });
  }
}
