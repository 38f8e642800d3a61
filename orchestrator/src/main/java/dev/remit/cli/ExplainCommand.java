package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.CodePages;
import dev.remit.diagnostic.NearWords;
import dev.remit.exposure.Catalogue;
import dev.remit.exposure.Chapter;
import dev.remit.exposure.Entry;
import dev.remit.report.Answer;
import dev.remit.report.CatalogueReport;
import dev.remit.report.ReferenceReport;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "explain",
    description = "Print the page of a diagnostic code, or an entry of the leak catalogue.")
final class ExplainCommand extends RemitCommand {
  /** How many near words an error names. */
  private static final int NEAR = 3;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = {
        "A code such as M-001, an entry such as PROV-01 or one of its chapters such as PROV;",
        "\"all\" lists every code."
      })
  String id = "";

  @Override
  Answer answer() throws BadInput {
    if (id.equals("all")) {
      return ReferenceReport.codes();
    }
    var code = Code.ofId(id);
    if (code.isPresent()) {
      return ReferenceReport.page(code.get(), CodePages.page(code.get()));
    }
    var chapter = Chapter.ofId(id);
    if (chapter.isPresent()) {
      return CatalogueReport.of(chapter.get(), Catalogue.builtIn().entries(chapter.get()));
    }
    return CatalogueReport.of(Catalogue.builtIn().entry(id).orElseThrow(() -> unknown(id)));
  }

  private static BadInput unknown(String id) {
    return WrongUsage.of(
        "no diagnostic and no entry of the catalogue has this id",
        "codes look like M-001 or SPEC-005, entries like PROV-01, chapters are " + chapters(),
        near(id) + "see \"remit explain all\" or \"remit explain PROV\"");
  }

  private static String near(String id) {
    List<String> known =
        Stream.of(
                Arrays.stream(Code.values()).map(Code::id),
                Arrays.stream(Chapter.values()).map(Chapter::id),
                Catalogue.builtIn().entries().stream().map(Entry::id))
            .flatMap(ids -> ids)
            .toList();
    List<String> near = NearWords.of(id, known).stream().limit(NEAR).toList();
    return near.isEmpty() ? "" : "try " + String.join(" or ", near) + "; ";
  }

  private static String chapters() {
    return Arrays.stream(Chapter.values()).map(Chapter::id).collect(Collectors.joining(", "));
  }
}
