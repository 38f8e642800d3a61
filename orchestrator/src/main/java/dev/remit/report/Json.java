package dev.remit.report;

import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON objects whose first member names their schema. */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

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
    return MAPPER.writeValueAsString(object);
  }
}
