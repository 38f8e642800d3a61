package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** A JSON object from a file that is not believed: small, flat, each name once. */
final class JsonObject {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxTokenCount(5_000)
                  .maxNameLength(256)
                  .maxStringLength(1 << 16)
                  .maxNumberLength(20)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * Each value is a JsonObject, a List, a String or a Long, or a token for what nobody here asks
   * for.
   */
  private final Map<String, Object> members;

  private final long offset;

  private JsonObject(Map<String, Object> members, long offset) {
    this.members = members;
    this.offset = offset;
  }

  Set<String> names() {
    return members.keySet();
  }

  JsonObject object(String name) throws MalformedException {
    return need(JsonObject.class, name, "an object");
  }

  String text(String name) throws MalformedException {
    return need(String.class, name, "a text");
  }

  /** Empty where the member is missing, not where it is something else. */
  Optional<String> optionalText(String name) throws MalformedException {
    return members.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
  }

  /** Empty where the member is missing. */
  List<String> texts(String name) throws MalformedException {
    var texts = new ArrayList<String>();
    if (members.containsKey(name)) {
      for (var item : need(List.class, name, "a list")) {
        if (!(item instanceof String text)) {
          throw wrong(name, "a list of texts");
        }
        texts.add(text);
      }
    }
    return texts;
  }

  /** A number in decimal digits inside a text, as LUKS2 writes sizes: below 10¹⁸. */
  long number(String name) throws MalformedException {
    String digits = text(name);
    if (!DIGITS.matcher(digits).matches()) {
      throw wrong(name, "a number of at most 18 digits");
    }
    return Long.parseLong(digits);
  }

  /** A whole number of at most 64 bits; empty where the member is missing. */
  Optional<Long> optionalInteger(String name) throws MalformedException {
    return members.containsKey(name)
        ? Optional.of(need(Long.class, name, "a whole number"))
        : Optional.empty();
  }

  private <T> T need(Class<T> type, String name, String kind) throws MalformedException {
    var value = members.get(name);
    if (!type.isInstance(value)) {
      throw wrong(name, kind);
    }
    return type.cast(value);
  }

  private MalformedException wrong(String name, String kind) {
    return new MalformedException(offset, "'" + name + "' is not " + kind);
  }

  /**
   * @param offset of the text in the file, for messages
   */
  static JsonObject parse(Bytes text, long offset) throws MalformedException {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text.toArray())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedException(offset, "the JSON text is not an object");
      }
      var whole = object(parser, offset);
      if (parser.nextToken() != null) {
        throw new MalformedException(offset, "something follows the JSON object");
      }
      return whole;
    } catch (JacksonException e) {
      throw new MalformedException(offset, "the JSON text is malformed, too deep or too large");
    }
  }

  private static JsonObject object(JsonParser parser, long offset) {
    var members = new LinkedHashMap<String, Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      members.put(name, value(parser, offset));
    }
    return new JsonObject(members, offset);
  }

  // Nesting is bounded by the parser, so the calls are too.
  private static Object value(JsonParser parser, long offset) {
    var token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return object(parser, offset);
    }
    if (token == JsonToken.START_ARRAY) {
      var items = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        items.add(value(parser, offset));
      }
      return items;
    }
    if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    return token == JsonToken.VALUE_STRING ? parser.getString() : token;
  }
}
