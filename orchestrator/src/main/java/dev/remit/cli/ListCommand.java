package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.Journals;
import dev.remit.report.Answer;
import dev.remit.report.LaunchListReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List what Remit launched at a host.")
final class ListCommand extends RemitCommand {
  @Mixin HostOptions hostOptions = new HostOptions();

  @Option(names = "--all", description = "Also what has ended.")
  boolean all;

  @Override
  Answer answer() throws Failure, BadInput {
    return AtHost.run(
        this,
        hostOptions,
        false,
        (remit, launches) ->
            LaunchListReport.of(
                all ? launches.all() : launches.there(),
                remit.journals().unreadable().stream()
                    .filter(unreadable -> unreadable.mayBeAt(launches.uri()))
                    .map(Journals.Unreadable::diagnostic)
                    .toList()));
  }
}
