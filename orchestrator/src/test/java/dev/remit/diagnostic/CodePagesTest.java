package dev.remit.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodePagesTest {
  /** Relative to the module, where Maven runs its tests. */
  private static final Path PAGES = Path.of("..", "docs", "codes");

  @ParameterizedTest
  @EnumSource
  void pageBeginsWithIdAndTitle(Code code) {
    assertThat(CodePages.page(code).lines().findFirst())
        .hasValue("# %s: %s".formatted(code.id(), code.title()));
  }

  @ParameterizedTest
  @EnumSource
  void pageSaysWhatItMeansWhyItStopsAndWhatToDo(Code code) {
    assertThat(CodePages.page(code))
        .matches("(?s)# [^\n]+\n\n\\S.+\n\n## Why it stops\n\n\\S.+\n\n## What to do\n\n\\S.+\n");
    assertThat(CodePages.page(code).lines().filter(line -> line.startsWith("## ")))
        .containsExactly("## Why it stops", "## What to do", "## Exit status");
  }

  @ParameterizedTest
  @EnumSource
  void pageEndsWithTheExitStatus(Code code) {
    assertThat(CodePages.page(code))
        .endsWith(
            "\n## Exit status\n\n%d: %s\n"
                .formatted(code.status().number(), code.status().meaning()));
  }

  @ParameterizedTest
  @EnumSource
  void pageFitsATerminal(Code code) {
    assertThat(CodePages.page(code).lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80).matches("[ -~]*"));
  }

  @Test
  void everyPageHasACode() throws IOException {
    try (var pages = Files.list(PAGES)) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(Code.values()).map(code -> code.id() + ".md").toList());
    }
  }
}
