package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.CodePages;
import dev.remit.report.Answer;
import dev.remit.report.ReferenceReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "explain", description = "Print the page of a diagnostic code.")
final class ExplainCommand extends RemitCommand {
  @Parameters(
      index = "0",
      paramLabel = "CODE",
      description = "For example M-001; \"all\" lists every code.")
  String code = "";

  @Override
  Answer answer() throws BadInput {
    if (code.equals("all")) {
      return ReferenceReport.codes();
    }
    var known =
        Code.ofId(code)
            .orElseThrow(() ->
                WrongUsage.of(
                    "no diagnostic has this code",
                    "codes look like M-001 or SPEC-005",
                    "see \"remit explain all\""));
    return ReferenceReport.page(known, CodePages.page(known));
  }
}
