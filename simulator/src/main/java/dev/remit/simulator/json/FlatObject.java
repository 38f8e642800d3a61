package dev.remit.simulator.json;

import dev.remit.bytes.MalformedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/**
 * A JSON object; members that are not a text, whole number or truth value are kept as they came.
 */
public final class FlatObject {
  private final Map<String, Object> members;

  private FlatObject(Map<String, Object> members) {
    this.members = members;
  }

  /** A value that only passes through. */
  private record Raw(String json) {}

  public static FlatObject parse(String text) throws MalformedException {
    var members = new LinkedHashMap<String, Object>();
    try (var parser = Json.parser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedException(0, "a JSON object is expected");
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        members.put(
            name,
            switch (value) {
              case VALUE_STRING -> parser.getString();
              case VALUE_NUMBER_INT -> parser.getLongValue();
              case VALUE_TRUE -> true;
              case VALUE_FALSE -> false;
              default -> new Raw(Json.copyValue(parser));
            });
      }
      if (parser.nextToken() != null) {
        throw new MalformedException(0, "nothing may follow the JSON object");
      }
    } catch (JacksonException e) {
      throw new MalformedException(0, "JSON is expected");
    }
    return new FlatObject(members);
  }

  public Optional<String> text(String name) {
    return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  public Optional<Long> number(String name) {
    return members.get(name) instanceof Long number ? Optional.of(number) : Optional.empty();
  }

  /** False where there is no such member. */
  public boolean isTrue(String name) {
    return Boolean.TRUE.equals(members.get(name));
  }

  /** A member that is an object itself. */
  public Optional<FlatObject> object(String name) throws MalformedException {
    return members.get(name) instanceof Raw raw ? Optional.of(parse(raw.json())) : Optional.empty();
  }

  public FlatObject with(String name, String text) {
    return changed(name, text);
  }

  public FlatObject with(String name, long number) {
    return changed(name, number);
  }

  public FlatObject with(String name, boolean truth) {
    return changed(name, truth);
  }

  /** Sets a member to any JSON value. */
  public FlatObject withJson(String name, String json) {
    return changed(name, new Raw(json));
  }

  private FlatObject changed(String name, Object value) {
    var changed = new LinkedHashMap<>(members);
    changed.put(name, value);
    return new FlatObject(changed);
  }

  public FlatObject without(Set<String> names) {
    var changed = new LinkedHashMap<>(members);
    changed.keySet().removeAll(names);
    return new FlatObject(changed);
  }

  /** The object on one line, members in their order. */
  public String json() {
    return Json.object(json ->
        members.forEach((name, value) -> {
          json.writeName(name);
          switch (value) {
            case String text -> json.writeString(text);
            case Long number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            case Raw raw -> json.writeRawValue(raw.json());
            default -> throw new IllegalStateException("no member is made of " + name);
          }
        }));
  }
}
