package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.report.Answer;
import dev.remit.report.ReferenceReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "help", description = "Tell about a command or a topic.")
final class HelpCommand extends RemitCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TOPIC",
      defaultValue = "",
      description = "A command, or \"status\" for the table of exit status.")
  String topic = "";

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  void show(Answer answer) {
    program.terminal().page(answer, output.form);
  }

  @Override
  Answer answer() throws BadInput {
    var root = spec.root().commandLine();
    if (topic.isEmpty()) {
      return ReferenceReport.text("remit.help/1", "text", root.getUsageMessage());
    }
    if (topic.equals("status")) {
      return ReferenceReport.exitStatus();
    }
    var command = root.getSubcommands().get(topic);
    if (command == null) {
      throw WrongUsage.of(
          "there is no help on this topic",
          "topics are the commands, and status",
          "see \"remit help\"");
    }
    return ReferenceReport.text("remit.help/1", "text", command.getUsageMessage());
  }
}
