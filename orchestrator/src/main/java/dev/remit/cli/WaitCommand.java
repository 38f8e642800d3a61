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

@Command(name = "wait", description = "Wait until a VM has ended, and tell how by the host's word.")
final class WaitCommand extends RemitCommand {
  @Mixin WaitOptions waited = new WaitOptions();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "24h",
      showDefaultValue = Visibility.ALWAYS,
      description = "Longest wait, for example 30s or 2m; then the status is 5.")
  Duration timeout = Duration.ofHours(24);

  @Override
  Answer answer() throws Failure, BadInput {
    return waited.run(
        this,
        timeout,
        false,
        (launches, known, waiting) -> {
          var ending = launches.waitForEnd(known, waiting);
          if (ending.isEmpty()) {
            throw LifecycleReport.hasNotEnded(
                known, timeout, "wait longer, or end it by \"remit stop " + known.name() + "\"");
          }
          return LifecycleReport.ended(known, ending.get());
        });
  }
}
