package dev.remit.cli;

import dev.remit.adapter.host.OwnMemory;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.report.Answer;
import dev.remit.report.DiagnosticReport;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all commands share: an answer, and bad news in one form. */
abstract class RemitCommand implements Callable<Integer> {
  Program program = Program.NONE;

  @Spec private @Nullable CommandSpec spec; // absent where there was no need of the parser

  @Mixin OutputOptions output = new OutputOptions();

  /** The work. What it throws names what it could not clean up, too. */
  abstract Answer answer() throws Failure, BadInput;

  /** Whether keys or secrets can get into this process. */
  boolean holdsSecrets() {
    return true;
  }

  @Override
  public final Integer call() {
    // The program stands at the root, whether this is a command of it or of one of its commands.
    if (spec != null && spec.root().userObject() instanceof Program root) {
      program = root;
    }
    program.quiet = output.quiet;
    Logging.configure(output.verbose);
    try {
      if (holdsSecrets()) {
        OwnMemory.shut();
      }
      var answer = answer();
      show(answer);
      return answer.status().number();
    } catch (BadInput bad) {
      return badNews(bad.problems());
    } catch (Failure failure) {
      return badNews(failure.diagnostics());
    }
  }

  void show(Answer answer) {
    program.terminal().answer(answer, output.form);
  }

  final void say(String line) {
    if (!output.quiet) {
      program.terminal().say(line);
    }
  }

  /** An error that does not change the answer. */
  final void tell(Failure failure) {
    program.terminal().badNews(DiagnosticReport.of(failure.diagnostics()), Terminal.Form.text);
  }

  private int badNews(List<Diagnostic> problems) {
    var news = DiagnosticReport.of(problems);
    program.terminal().badNews(news, output.form);
    return news.status().number();
  }
}
