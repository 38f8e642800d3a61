package dev.remit.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "endorsements",
    description = {
      "Bring signed CEKs to this machine, or to another one.",
      "AMD signs the CEK of each chip, and hosts hand it out without that signature. It is fetched"
          + " once for each chip and kept; these commands do without a network."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {ExportEndorsementsCommand.class, ImportEndorsementsCommand.class})
final class EndorsementsCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  boolean help;
}
