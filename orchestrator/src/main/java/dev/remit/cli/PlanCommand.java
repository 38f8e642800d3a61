package dev.remit.cli;

import dev.remit.adapter.host.AtomicFile;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.plan.Plan;
import dev.remit.plan.PlanDocument;
import dev.remit.report.Answer;
import dev.remit.report.Json;
import dev.remit.report.PlanReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "plan",
    description = "Show everything that launch would do, in REMIT order, and change nothing.")
final class PlanCommand extends RemitCommand {
  @Parameters(index = "0", paramLabel = "SPEC", description = "The VM's document.")
  Path specFile = Path.of("");

  @Mixin HostOptions hostOptions = new HostOptions();

  @Option(
      names = "--out",
      paramLabel = "PLAN",
      description = "Write the plan here, for \"remit launch --plan\".")
  @Nullable Path out;

  @Override
  Answer answer() throws Failure, BadInput {
    var remit = program.remit();
    var documents = new SpecFiles(remit.files(), remit.clock()).documents(specFile, hostOptions);
    Plan plan;
    try (var ahead = Planning.ahead(remit, documents, hostOptions)) {
      var inputs = Planning.inputs(remit, documents);
      var _ = ahead.host();
      plan = Planning.plan(remit, documents, inputs, ahead::facts);
    }
    if (out != null) {
      String text = Json.print(PlanDocument.withDigest(plan)) + "\n";
      AtomicFile.write(out, Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
      say("plan written to " + out);
    }
    return PlanReport.of(plan);
  }
}
