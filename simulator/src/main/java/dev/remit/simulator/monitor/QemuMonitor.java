package dev.remit.simulator.monitor;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.simulator.json.FlatObject;
import dev.remit.simulator.json.Json;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** QEMU's own monitor, for the commands that come before any client. */
public final class QemuMonitor {
  private final MonitorChannel channel;
  private final byte[] greeting;

  /** Takes QEMU's greeting, which comes once the machine stands, and negotiates. */
  public QemuMonitor(MonitorChannel channel) throws IOException {
    this.channel = channel;
    this.greeting = withoutOutOfBand(next());
    execute("qmp_capabilities", json -> {});
  }

  /** Commands out of band would overtake the ones that the proxy replaces: they are not offered. */
  private static byte[] withoutOutOfBand(Bytes line) throws IOException {
    try {
      var greeting = FlatObject.parse(text(line));
      var qmp =
          greeting.object("QMP").orElseThrow(() -> new IOException("QEMU's monitor did not greet"));
      String offered = greeting.withJson("QMP", qmp.withJson("capabilities", "[]").json()).json();
      return (offered + "\r\n").getBytes(StandardCharsets.UTF_8);
    } catch (MalformedException e) {
      throw new IOException("QEMU's monitor did not greet", e);
    }
  }

  /** What QEMU said first. */
  byte[] greeting() {
    return greeting.clone();
  }

  MonitorChannel channel() {
    return channel;
  }

  /**
   * Waits for the answer; events that come meanwhile are dropped, since nobody listens yet.
   *
   * @return what the command returned, as JSON
   */
  public String execute(String command, Consumer<JsonGenerator> arguments) throws IOException {
    String request =
        Json.object(json -> {
          json.writeStringProperty("execute", command);
          json.writeObjectPropertyStart("arguments");
          arguments.accept(json);
          json.writeEndObject();
        });
    channel.send((request + "\n").getBytes(StandardCharsets.UTF_8));
    while (true) {
      Bytes line = next();
      var message =
          MonitorMessage.parse(line)
              .orElseThrow(() -> new IOException("QEMU's monitor sent something else than JSON"));
      if (message.event().isEmpty()) {
        return message
            .result()
            .orElseThrow(() -> new IOException("QEMU refused " + command + ": " + text(line)));
      }
    }
  }

  private Bytes next() throws IOException {
    try {
      var line = channel.receive();
      if (line.isPresent()) {
        line.get().close();
        return line.get().octets();
      }
    } catch (SocketException e) {
      // A QEMU that ends with an unread command resets the connection instead of closing it.
    }
    throw new IOException("QEMU ended before its machine stood");
  }

  private static String text(Bytes line) {
    return new String(line.toArray(), StandardCharsets.UTF_8);
  }
}
