package dev.remit.report;

import java.util.List;
import java.util.function.Function;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON objects whose first member names their schema. */
public final class Json {
  /** Made when it is needed: it loads some hundred classes, and most answers are text. */
  private static final class Mapper {
    // ASCII only: what a terminal could take for more than text is never printed as it is.
    static final JsonMapper JSON =
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();
  }

  private Json() {}

  static ObjectNode of(String schema) {
    var object = object();
    object.put("schema", schema);
    return object;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static <T> ArrayNode array(List<T> items, Function<T, ObjectNode> view) {
    var array = JsonNodeFactory.instance.arrayNode();
    items.forEach(item -> array.add(view.apply(item)));
    return array;
  }

  public static String print(ObjectNode object) {
    // The one control character that JSON lets stand in a string, and what would end a script of
    // HTML that the object is pasted into: outside of strings neither occurs.
    return Mapper.JSON
        .writeValueAsString(object)
        .replace("\u007f", "\\u007f")
        .replace("<", "\\u003c");
  }
}
