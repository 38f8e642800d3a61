package dev.remit.it;

import dev.remit.bytes.MaskedSecret;
import dev.remit.bytes.MemoryScan;
import dev.remit.bytes.SecretBytes;
import dev.remit.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program as {@code bin/remit} starts it, which before its end looks for secrets in its own
 * memory. They are told late, and masked: see {@link MaskedSecret}.
 */
final class ScannedProgram {
  static final String CONTROL = "control";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private ScannedProgram() {}

  /** Takes the file to read secrets from, the file to write findings to, and Remit's arguments. */
  public static void main(String[] arguments) {
    Path secrets = Path.of(arguments[0]);
    Path findings = Path.of(arguments[1]);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              try {
                write(findings, scan(awaited(secrets)));
              } catch (IOException | InterruptedException | RuntimeException failed) {
                write(findings, List.of("the scan ended with " + failed));
              }
            }));
    Main.main(Arrays.copyOfRange(arguments, 2, arguments.length));
  }

  private static List<String> scan(List<MaskedSecret> secrets) throws IOException {
    try (SecretBytes planted =
        secrets.stream()
            .filter(secret -> secret.name().equals(CONTROL))
            .findFirst()
            .orElseThrow()
            .reveal()) {
      var found =
          MemoryScan.ofThisProcess(secrets).stream()
              .map(each -> each.secret() + " " + each.form() + " " + each.where())
              .toList();
      return planted.size() > 0 ? found : List.of();
    }
  }

  private static List<MaskedSecret> awaited(Path secrets) throws IOException, InterruptedException {
    var end = Instant.now().plus(LIMIT);
    while (!Files.exists(secrets)) {
      if (Instant.now().isAfter(end)) {
        throw new IOException("nobody said what to look for");
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return Files.readAllLines(secrets).stream().map(MaskedSecret::ofText).toList();
  }

  /** All of it or nothing: somebody waits for the file. */
  static void write(Path file, List<String> lines) {
    try {
      Path unfinished = file.resolveSibling(file.getFileName() + ".new");
      Files.write(unfinished, lines);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException cause) {
      throw new IllegalStateException(cause);
    }
  }
}
