package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Commands that start often load only what they need: a library costs more than their work. */
@Simulated
final class LeanStartTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static final List<String> FOR_LAUNCHES =
      List.of(
          "org.libvirt.",
          "com.sun.jna.",
          "org.bouncycastle.",
          "jakarta.xml.",
          "javax.crypto.JceSecurity");

  private final Programs programs = Programs.find();

  @Test
  void helpLoadsNoLibrary() throws IOException {
    assertLoadsNone(
        List.of("tools.jackson.", "picocli.", "org.snakeyaml.", "com.networknt.", "org.slf4j."),
        loadedBy("--help"));
  }

  @Test
  void measureLoadsNeitherParserNorMapper() throws IOException {
    var loaded =
        loadedBy(
            "measure",
            "--tee",
            "sev",
            "--firmware",
            programs.guest().resolve("OVMF.amdsev.fd").toString());
    assertThat(loaded).contains("dev.remit.measurement.SevLaunchDigest");
    assertLoadsNone(
        List.of("tools.jackson.databind.json.", "picocli.", "org.snakeyaml.", "com.networknt."),
        loaded);
  }

  @Test
  void validateLoadsNoParserOfArguments() throws IOException {
    var loaded =
        loadedBy("validate", programs.checkout().resolve("examples/hello-sev.yaml").toString());
    assertThat(loaded).contains("dev.remit.spec.SpecReader");
    assertLoadsNone(List.of("picocli."), loaded);
  }

  private static void assertLoadsNone(List<String> packages, List<String> loaded) {
    assertThat(loaded)
        .contains("dev.remit.cli.Main")
        .noneMatch(name -> packages.stream().anyMatch(name::startsWith))
        .noneMatch(name -> FOR_LAUNCHES.stream().anyMatch(name::startsWith));
  }

  /** The classes that the JVM loads for one right command. */
  private List<String> loadedBy(String... arguments) throws IOException {
    var line =
        new ArrayList<>(List.of("-Xlog:class+load", "-Xshare:auto", "-jar", jar().toString()));
    line.addAll(List.of(arguments));
    var run = Programs.run(LIMIT, Path.of(System.getProperty("java.home"), "bin", "java"), line);
    assertThat(run.status()).as(run.toString()).isZero();
    return run.stdout()
        .lines()
        .filter(said -> said.contains(" source: "))
        .map(said -> said.replaceFirst("^(\\[[^]]*])+ ", "").split(" ", -1)[0])
        .toList();
  }

  private Path jar() throws IOException {
    try (Stream<Path> files = Files.list(programs.checkout().resolve("orchestrator/target"))) {
      return files
          .filter(file ->
              file.getFileName().toString().matches("remit-orchestrator-[0-9.]+(-SNAPSHOT)?\\.jar"))
          .findFirst()
          .orElseThrow();
    }
  }
}
