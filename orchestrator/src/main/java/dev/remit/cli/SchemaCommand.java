package dev.remit.cli;

import dev.remit.report.Answer;
import dev.remit.report.ReferenceReport;
import dev.remit.spec.Schema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "schema",
    description = "Print the JSON schema of a document, for editors and other tools.")
final class SchemaCommand extends RemitCommand {
  enum Document {
    vm,
    host
  }

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "DOCUMENT",
      defaultValue = "vm",
      description = "${COMPLETION-CANDIDATES}; vm if not given.")
  Document document = Document.vm;

  @Override
  Answer answer() {
    return ReferenceReport.schema(
        switch (document) {
          case vm -> Schema.VM.text();
          case host -> Schema.HOST.text();
        });
  }
}
