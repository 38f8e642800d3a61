package dev.remit.simulator;

import dev.remit.simulator.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * What happened inside the simulated processor, one JSON object a line. Holds no secret and nothing
 * that is computed from one alone.
 */
public final class EventLog {
  private final Path file;

  public EventLog(Path file) {
    this.file = file;
  }

  /** Adds a line in one write, so that emulators that run at once do not mix theirs. */
  public void append(String event, String domain, Consumer<JsonGenerator> details) {
    String line =
        Json.object(json -> {
          json.writeBooleanProperty("SIMULATED", true);
          json.writeStringProperty("time", Instant.now().toString());
          json.writeStringProperty("event", event);
          json.writeStringProperty("domain", domain);
          details.accept(json);
        });
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
