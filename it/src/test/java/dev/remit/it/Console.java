package dev.remit.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a guest says on its serial console, as the host wrote it down. */
final class Console {
  /** A guest boots in about ten seconds under emulation; a loaded machine takes longer. */
  private static final Duration LIMIT = Duration.ofMinutes(4);

  private Console() {}

  /** The first line, or rest of a line, that starts with a prefix. */
  static String waitFor(Path log, String prefix) throws IOException {
    return waitFor(log, prefix, LIMIT);
  }

  static String waitFor(Path log, String prefix, Duration limit) throws IOException {
    var end = Instant.now().plus(limit);
    try (var watch = FileSystems.getDefault().newWatchService()) {
      Objects.requireNonNull(log.getParent())
          .register(
              watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      while (Instant.now().isBefore(end)) {
        var line = find(log, prefix);
        if (line.isPresent()) {
          return line.get();
        }
        var key = watch.poll(1, TimeUnit.SECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    throw new AssertionError("the guest never said '" + prefix + "'; it said: " + text(log));
  }

  private static Optional<String> find(Path log, String prefix) throws IOException {
    // Only whole lines count.
    String text = text(log);
    int start = text.indexOf(prefix);
    int end = start < 0 ? -1 : text.indexOf('\n', start);
    return end < 0 ? Optional.empty() : Optional.of(text.substring(start, end).strip());
  }

  private static String text(Path log) throws IOException {
    return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
  }
}
