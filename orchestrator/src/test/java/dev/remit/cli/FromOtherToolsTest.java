package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table in docs/from-other-tools.md names only commands and options that there are. */
final class FromOtherToolsTest {
  private static final Path PAGE = Path.of("..", "docs", "from-other-tools.md");
  private static final Pattern COMMAND = Pattern.compile("`remit ([^`]+)`");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9-]*");

  record Row(String there, String here, String needs) {}

  @ParameterizedTest
  @MethodSource("rows")
  void eachCommandAndOptionOfARowIsThere(Row row) {
    var commands = COMMAND.matcher(row.here());
    while (commands.find()) {
      String verb = commands.group(1).split(" ", 2)[0];
      var help = CommandLineRun.of("help", verb);
      assertThat(help.status()).as(row.toString()).isZero();
      var options = OPTION.matcher(commands.group(1));
      while (options.find()) {
        assertThat(help.out()).as(row.toString()).containsPattern(options.group() + "\\b");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void eachRowNamesACommandOrSaysWhyNot(Row row) {
    assertThat(row.needs()).isIn("files", "libvirt", "not yet");
    assertThat(row.here()).isNotBlank();
    if (row.needs().equals("not yet")) {
      assertThat(row.here()).containsAnyOf("device");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "export", "generate", "measurement build", "ok", "provision", "reset", "rotate",
        "secret build", "session", "show", "verify", "validate", "vmsa build", "vmsa update",
        "vmsa show", "--measurement", "--firmware", "--num-cpus", "--cpu-family", "--tik", "--tk",
        "--connect", "--insecure", "--ignore-config", "--inject-secret", "--secret-header"
      })
  void eachCommandOfTheOtherToolsHasARow(String command) throws IOException {
    assertThat(rows()).anyMatch(row -> row.there().contains("`" + command));
  }

  /** None of the other tools asks; Remit does, and refuses where nothing was named. */
  @ParameterizedTest
  @ValueSource(strings = {"session PDH", "verify --sev", "validate PEK"})
  void eachJudgementOfAPlatformSaysHowItsGenerationIsNamed(String command) throws IOException {
    assertThat(rows())
        .filteredOn(row -> row.there().contains("`" + command))
        .singleElement()
        .matches(row -> row.here().contains("--generation"));
  }

  static List<Row> rows() throws IOException {
    var rows = new ArrayList<Row>();
    for (String line : Files.readAllLines(PAGE)) {
      // A bar inside a cell is written with a backslash.
      String[] cells = line.split("(?<!\\\\)\\|", -1);
      if (cells.length == 5 && !cells[1].isBlank() && !cells[1].startsWith("-")) {
        rows.add(new Row(cells[1].strip(), cells[2].strip(), cells[3].strip()));
      }
    }
    rows.removeIf(row -> row.there().equals("there"));
    assertThat(rows).hasSizeGreaterThan(40);
    return rows;
  }
}
