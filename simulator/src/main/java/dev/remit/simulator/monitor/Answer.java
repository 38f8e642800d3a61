package dev.remit.simulator.monitor;

import dev.remit.simulator.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** What a monitor says to a command. */
public sealed interface Answer {
  /** Success; the members of the object that is returned. */
  record Return(Consumer<JsonGenerator> members) implements Answer {}

  /** Refusal, with the class and the words of QEMU. */
  record Refusal(String errorClass, String description) implements Answer {
    static final String GENERIC = "GenericError";
    static final String COMMAND_NOT_FOUND = "CommandNotFound";
  }

  static Answer success() {
    return new Return(json -> {});
  }

  static Answer error(String description) {
    return new Refusal(Refusal.GENERIC, description);
  }

  /** The line that carries this answer, with the id that the command had. */
  default byte[] line(Optional<String> id) {
    String text =
        Json.object(json -> {
          switch (this) {
            case Return success -> {
              json.writeObjectPropertyStart("return");
              success.members().accept(json);
              json.writeEndObject();
            }
            case Refusal refusal -> {
              json.writeObjectPropertyStart("error");
              json.writeStringProperty("class", refusal.errorClass());
              json.writeStringProperty("desc", refusal.description());
              json.writeEndObject();
            }
          }
          id.ifPresent(value -> {
            json.writeName("id");
            json.writeRawValue(value);
          });
        });
    // QEMU ends its lines this way.
    return (text + "\r\n").getBytes(StandardCharsets.UTF_8);
  }
}
