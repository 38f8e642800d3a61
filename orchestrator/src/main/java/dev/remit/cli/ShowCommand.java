package dev.remit.cli;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.report.Answer;
import dev.remit.report.Bundle;
import dev.remit.report.LaunchListReport;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show one launch: its state and the verdict on it.")
final class ShowCommand extends RemitCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The VM's name.")
  String name = "";

  @Mixin HostOptions hostOptions = new HostOptions();

  @Override
  Answer answer() throws Failure, BadInput {
    return AtHost.run(
        this,
        hostOptions,
        false,
        (remit, launches) -> {
          var known = launches.named(name);
          var stored = remit.bundles().read(known.entry().intent().launchId());
          try {
            return LaunchListReport.one(
                known,
                stored.isPresent() ? Optional.of(Bundle.parse(stored.get())) : Optional.empty());
          } catch (MalformedException malformed) {
            throw new BadInput(
                Diagnostic.of(
                    Code.UNKNOWN_FILE,
                    "the evidence bundle of " + name + " cannot be read",
                    String.valueOf(malformed.getMessage()),
                    "see who changed it; the launch itself is not affected"));
          }
        });
  }
}
