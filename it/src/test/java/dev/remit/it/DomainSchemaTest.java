package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Templates and golden documents against the schema of the libvirt that is installed. */
@Simulated
final class DomainSchemaTest {
  private static final Path SCHEMA = Path.of("/usr/share/libvirt/schemas/domain.rng");
  private static final Path TEMPLATES = Path.of("..", "domain-templates");

  @ParameterizedTest
  @MethodSource("documents")
  void isAcceptedByLibvirtsSchema(Path document) throws Exception {
    assertThat(complaints(document)).isEmpty();
  }

  @Test
  void coversEachTemplateAndItsGoldenDocuments() throws Exception {
    assertThat(documents())
        .map(path -> TEMPLATES.relativize(path).toString())
        .containsExactly(
            "golden/sev-es-hardware.xml",
            "golden/sev-es-simulated.xml",
            "golden/sev-hardware.xml",
            "golden/sev-simulated.xml",
            "sev-es.xml",
            "sev.xml");
  }

  @Test
  void tellsADocumentThatTheSchemaDoesNotKnow(@TempDir Path folder) throws Exception {
    String template = Files.readString(TEMPLATES.resolve("sev.xml"));
    var wrong = folder.resolve("wrong.xml");
    Files.writeString(wrong, template.replace("<acpi/>", "<acpy/>"));

    assertThat(complaints(wrong)).contains("fails to validate");
  }

  static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.walk(TEMPLATES)) {
      return files.filter(file -> file.toString().endsWith(".xml")).sorted().toList();
    }
  }

  /** Nothing, or what xmllint says. */
  private static String complaints(Path document) throws Exception {
    var xmllint =
        new ProcessBuilder(
                "xmllint",
                "--noout",
                "--nonet",
                "--relaxng",
                SCHEMA.toString(),
                document.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(xmllint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return xmllint.waitFor() == 0 ? "" : said;
  }
}
