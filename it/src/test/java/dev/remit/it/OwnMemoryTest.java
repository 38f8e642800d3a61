package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.MaskedSecret;
import dev.remit.junit.RemitExtension;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What is left of the keys in the memory of the program when a launch is over: the whole program
 * with libvirt in its process, started with the options of {@code bin/remit}.
 */
@Simulated
@ExtendWith(RemitExtension.class)
final class OwnMemoryTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** Beginnings and ends of it. */
  private static final int MOST_OF_THE_SHARED_SECRET = 20;

  private final SimulatedHost host;

  OwnMemoryTest(SimulatedHost host) {
    this.host = host;
  }

  @Test
  void keepsNoCopyOfDiskKeyTekOrTik() throws Exception {
    Path secrets = host.folder().resolve("secrets");
    Path findings = host.folder().resolve("findings");
    var process = start(secrets, findings);
    String document = awaited(this::liveDocument);
    var masked =
        new ArrayList<>(
            SessionKeys.of(
                host.simulatorFolder(), element(document, "dhCert"), element(document, "session")));
    masked.add(
        MaskedSecret.takeFrom(
            "disk-key", Files.readAllBytes(host.programs().guest().resolve("disk.key"))));
    masked.add(MaskedSecret.random(ScannedProgram.CONTROL, 32));
    ScannedProgram.write(secrets, masked.stream().map(MaskedSecret::toText).toList());
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(host.folder().resolve("stderr"))).isZero();
    assertThat(Files.readString(host.folder().resolve("stdout"))).startsWith("hello-sev: TRUSTED");

    var found = Files.readAllLines(findings);
    assertThat(found).as("the control").contains("control raw ");
    // Of the secret that they are derived from, nobody can wipe the number.
    assertThat(found)
        .filteredOn(each -> !each.startsWith("control ") && !each.startsWith("shared "))
        .isEmpty();
    assertThat(found)
        .filteredOn(each -> each.startsWith("shared "))
        .hasSizeLessThanOrEqualTo(MOST_OF_THE_SHARED_SECRET);
    assertThat(host.remitHere("destroy", "hello-sev").status()).isZero();
  }

  private Process start(Path secrets, Path findings) throws IOException {
    var line = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElseThrow()));
    // As the program is started, so that the same collector runs.
    line.addAll(
        Pattern.compile("-XX:[-+][A-Za-z]+|-XX:ErrorFile=\\S+")
            .matcher(Files.readString(host.programs().checkout().resolve("scripts/lib/program.sh")))
            .results()
            .map(MatchResult::group)
            .toList());
    line.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ScannedProgram.class.getName(),
            secrets.toString(),
            findings.toString(),
            "--state",
            host.state().toString()));
    // Its guest sleeps, where the example's powers off by itself.
    line.addAll(
        Example.of(host, "hello-sev")
            .replace("remit.secret=devmem", "remit.secret=devmem remit.end=wait")
            .launchArguments());
    line.addAll(List.of("--host", host.document().toString()));
    return new ProcessBuilder(line)
        .redirectOutput(host.folder().resolve("stdout").toFile())
        .redirectError(host.folder().resolve("stderr").toFile())
        .start();
  }

  /** What libvirt writes down of a domain that runs, with the session. */
  private Optional<String> liveDocument() throws IOException {
    Path root = host.folder().resolve("root");
    if (!Files.isDirectory(root)) {
      return Optional.empty();
    }
    try (var files = Files.walk(root)) {
      for (Path file : files.filter(each -> each.toString().endsWith("hello-sev.xml")).toList()) {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        if (text.contains("</domain>") && text.contains("<session>")) {
          return Optional.of(text);
        }
      }
    }
    return Optional.empty();
  }

  private static String element(String document, String name) {
    var found = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(document);
    assertThat(found.find()).as(name).isTrue();
    return found.group(1);
  }

  private interface Question<T> {
    Optional<T> ask() throws IOException;
  }

  private static <T> T awaited(Question<T> question) throws IOException, InterruptedException {
    var end = Instant.now().plus(LIMIT);
    while (Instant.now().isBefore(end)) {
      try {
        var answer = question.ask();
        if (answer.isPresent()) {
          return answer.get();
        }
      } catch (UncheckedIOException | NoSuchFileException changing) {
        // libvirt is at work in the folder.
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("it did not happen within " + LIMIT);
  }
}
