package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.report.Answer;
import dev.remit.report.LaunchListReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "destroy", description = "End a VM that Remit launched, at once.")
final class DestroyCommand extends RemitCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The VM's name.")
  String name = "";

  @Mixin HostOptions hostOptions = new HostOptions();

  @Option(names = "--dry-run", description = "Say what would be ended, and end nothing.")
  boolean dryRun;

  @Override
  Answer answer() throws Failure, BadInput {
    return AtHost.run(
        this,
        hostOptions,
        dryRun,
        (remit, launches) -> {
          var known = launches.named(name);
          return dryRun
              ? LaunchListReport.wouldDestroy(known)
              : LaunchListReport.destroyed(known, launches.destroy(known));
        });
  }
}
