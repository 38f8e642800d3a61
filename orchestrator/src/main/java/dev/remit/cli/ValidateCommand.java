package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.exposure.SpecRules;
import dev.remit.plan.Inputs;
import dev.remit.plan.Planned;
import dev.remit.report.Answer;
import dev.remit.report.PlanReport;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "validate",
    description = "Say everything that is wrong with a spec and the files it names.")
final class ValidateCommand extends RemitCommand {
  @Parameters(index = "0", paramLabel = "SPEC", description = "The VM's document.")
  Path specFile = Path.of("");

  @Option(names = "--document-only", description = "Do not open the files that the spec names.")
  boolean documentOnly;

  /** Of a secret it looks only at the size. */
  @Override
  boolean holdsSecrets() {
    return false;
  }

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var spec = new SpecFiles(remit.files(), remit.clock()).spec(specFile);
    if (documentOnly) {
      var problems = SpecRules.problems(spec);
      if (!problems.isEmpty()) {
        throw new BadInput(problems);
      }
      return PlanReport.valid(specFile.toString(), spec);
    }
    return switch (Inputs.examine(spec, remit.files())) {
      case Planned.Ready<Inputs>(Inputs inputs) ->
          PlanReport.valid(specFile.toString(), spec, inputs);
      case Planned.Impossible<Inputs> impossible -> throw new BadInput(impossible.problems());
    };
  }
}
