package dev.remit.cli;

import dev.remit.report.Answer;
import dev.remit.report.ReferenceReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = "Print a completion script for a shell.")
final class CompletionCommand extends RemitCommand {
  enum Shell {
    bash,
    zsh
  }

  @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  Shell shell = Shell.bash;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  Answer answer() {
    CommandLine root = spec.root().commandLine();
    // One script serves both: it turns on zsh's own emulation where it finds itself in zsh.
    return ReferenceReport.text("remit.completion/1", "script", Program.completion(root));
  }
}
