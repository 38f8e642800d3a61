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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all commands share, in whatever forms they answer. */
abstract class AnyCommand implements Callable<Integer> {
  Program program = Program.NONE;

  @Spec private @Nullable CommandSpec spec; // absent where there was no need of the parser

  /** The work. What it throws names what it could not clean up, too. */
  abstract Answer answer() throws Failure, BadInput;

  abstract void show(Answer answer);

  abstract boolean quiet();

  abstract boolean verbose();

  /** Of bad news that comes in place of an answer. */
  abstract Terminal.Form newsForm();

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
    program.quiet = quiet();
    Logging.configure(verbose());
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

  final void say(String line) {
    if (!quiet()) {
      program.terminal().say(line);
    }
  }

  /** An error that does not change the answer. */
  final void tell(Failure failure) {
    program.terminal().badNews(DiagnosticReport.of(failure.diagnostics()), Terminal.Form.text);
  }

  private int badNews(List<Diagnostic> problems) {
    var news = DiagnosticReport.of(problems);
    program.terminal().badNews(news, newsForm());
    return news.status().number();
  }
}
