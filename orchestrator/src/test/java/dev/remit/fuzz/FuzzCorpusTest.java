package dev.remit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What once failed, and what each target begins with, goes through it in every build. */
final class FuzzCorpusTest {
  private static final Path KEPT = Path.of("src/test/resources/fuzz");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @TestFactory
  Stream<DynamicTest> takesEverySeed() {
    return Targets.all().stream()
        .map(target ->
            DynamicTest.dynamicTest(
                target,
                () -> {
                  var seeds = Targets.seeds(target);
                  assertThat(seeds).isNotEmpty();
                  for (var seed : seeds) {
                    run(target, seed.toArray());
                  }
                }));
  }

  @TestFactory
  Stream<DynamicTest> takesEveryInputThatOnceFailed() throws IOException {
    return kept().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                KEPT.relativize(file).toString(),
                () -> run(target(file), Files.readAllBytes(file))));
  }

  /** To look through all of them for each one took longer than a test may. */
  @Test
  void takesAVolumeOfManySegments() {
    int count = 11_000;
    var seed = new String(LvmFuzz.seeds().getFirst().toArray(), StandardCharsets.UTF_8);
    var devices = seed.substring(seed.indexOf("physical_volumes"), seed.indexOf("logical_volumes"));
    var text = new StringBuilder("a{extent_size=8 " + devices + "logical_volumes{b{");
    text.append("segment_count=").append(count);
    for (int i = 1; i <= count; i++) {
      text.append(" segment%d{start_extent=%d extent_count=1 ".formatted(i, i - 1));
      text.append("type=\"striped\" stripes=[\"pv0\",0]}");
    }
    run("LvmFuzz", text.append("}}}").toString().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyFolderOfInputsBelongsToATarget() throws IOException {
    assertThat(kept()).isNotEmpty();
    assertThat(Targets.all())
        .containsAll(kept().stream().map(file -> target(file)).collect(Collectors.toSet()));
  }

  @Test
  void everySourceOfATargetIsOne() throws IOException {
    try (var sources = Files.list(Path.of("src/test/java/dev/remit/fuzz"))) {
      assertThat(
              sources
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith("Fuzz.java"))
                  .map(name -> name.substring(0, name.length() - ".java".length())))
          .containsExactlyInAnyOrderElementsOf(Targets.all());
    }
  }

  private static String target(Path file) {
    return KEPT.relativize(file).getName(0).toString();
  }

  private static List<Path> kept() throws IOException {
    try (var files = Files.walk(KEPT)) {
      return files.filter(file -> Files.isRegularFile(file)).sorted().toList();
    }
  }

  private static void run(String target, byte[] input) {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          try {
            Targets.run(target, input);
          } catch (Throwable failure) {
            throw new AssertionError(target + " fails: " + failure, failure);
          }
        });
  }
}
