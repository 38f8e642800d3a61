package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.app.Remit;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.launch.LaunchReport;
import dev.remit.report.Answer;
import dev.remit.report.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LaunchCommandTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @Test
  void keepsTheEvidenceOfALaunch() {
    var answer = answer(Samples.trusted(), folder);
    assertThat(answer.status()).isEqualTo(ExitStatus.DONE);
    assertThat(folder.resolve("bundles/" + Samples.trusted().launchId() + ".json")).exists();
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("evidence written to ");
  }

  @Test
  void answersWithTheVerdictWhereTheEvidenceCannotBeKept() throws IOException {
    var full = Files.createFile(folder.resolve("full"));
    assertThat(answer(Samples.trusted(), full).status()).isEqualTo(ExitStatus.DONE);
    assertThat(answer(Samples.refused(), full).status()).isEqualTo(ExitStatus.REFUSED);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("remit: error[FILE-005]: ");
  }

  private Answer answer(LaunchReport launched, Path state) {
    var command = new LaunchCommand();
    command.program =
        new Program(
            new Terminal(
                new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)));
    return command.answer(launched, new Remit(state, InstantSource.system()).bundles());
  }
}
