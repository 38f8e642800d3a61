package dev.remit.cli;

import dev.remit.report.Answer;
import picocli.CommandLine.Mixin;

/** A command that answers as text or as JSON. */
abstract class RemitCommand extends AnyCommand {
  @Mixin OutputOptions output = new OutputOptions();

  @Override
  void show(Answer answer) {
    program.terminal().answer(answer, output.form);
  }

  @Override
  final boolean quiet() {
    return output.quiet;
  }

  @Override
  final boolean verbose() {
    return output.verbose;
  }

  @Override
  final Terminal.Form newsForm() {
    return output.form;
  }
}
