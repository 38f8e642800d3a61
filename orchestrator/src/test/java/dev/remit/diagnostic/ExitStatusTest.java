package dev.remit.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ExitStatusTest {
  @ParameterizedTest
  @EnumSource
  void isExplainedInTheReadme(ExitStatus status) throws IOException {
    assertThat(Files.readString(Path.of("..", "README.md")))
        .contains("| %d | %s |".formatted(status.number(), status.meaning()));
  }
}
