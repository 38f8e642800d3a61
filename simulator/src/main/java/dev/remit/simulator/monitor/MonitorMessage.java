package dev.remit.simulator.monitor;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.json.Json;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/**
 * What the proxy must know of a message; the rest of it passes unseen.
 *
 * @param execute the command, in a message to QEMU
 * @param arguments the command's arguments, as JSON
 * @param event the name, in a message from QEMU
 * @param id the correlation that the client chose, as JSON
 * @param result what a command returned, as JSON
 */
record MonitorMessage(
    Optional<String> execute,
    Optional<String> arguments,
    Optional<String> event,
    Optional<String> id,
    Optional<String> result) {

  /** Empty unless the line is exactly one JSON object. */
  static Optional<MonitorMessage> parse(Bytes line) {
    Optional<String> execute = Optional.empty();
    Optional<String> arguments = Optional.empty();
    Optional<String> event = Optional.empty();
    Optional<String> id = Optional.empty();
    Optional<String> result = Optional.empty();
    try (var parser = Json.parser(line.toArray())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        boolean text = parser.nextToken() == JsonToken.VALUE_STRING;
        if (name.equals("execute") && text) {
          execute = Optional.of(parser.getString());
        } else if (name.equals("event") && text) {
          event = Optional.of(parser.getString());
        } else if (name.equals("arguments")) {
          arguments = Optional.of(Json.copyValue(parser));
        } else if (name.equals("id")) {
          id = Optional.of(Json.copyValue(parser));
        } else if (name.equals("return")) {
          result = Optional.of(Json.copyValue(parser));
        } else {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        return Optional.empty();
      }
    } catch (JacksonException e) {
      return Optional.empty();
    }
    return Optional.of(new MonitorMessage(execute, arguments, event, id, result));
  }
}
