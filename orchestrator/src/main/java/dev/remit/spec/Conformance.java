package dev.remit.spec;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Whether a document plainly keeps to its schema, so that the validator, which takes longer to load
 * than a document to judge, need not be asked. Knows the part of JSON Schema 2020-12 that the
 * published schemas use. Whatever it does not know is in doubt, and what is in doubt is judged by
 * the validator: this class can only say yes, and a test holds that the two then agree.
 */
final class Conformance {
  /** What says nothing about a value. */
  private static final Set<String> WORDS =
      Set.of("$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default");

  private final JsonNode schema;

  Conformance(JsonNode schema) {
    this.schema = schema;
  }

  /** True only where nothing is wrong; false also where nobody knows. */
  boolean isPlain(JsonNode document) {
    return keeps(document, schema);
  }

  private boolean keeps(JsonNode value, JsonNode rule) {
    return rule.isObject()
        && rule.propertyStream()
            .allMatch(entry -> keeps(value, rule, entry.getKey(), entry.getValue()));
  }

  private boolean keeps(JsonNode value, JsonNode rule, String keyword, JsonNode said) {
    return switch (keyword) {
      case "$ref" -> referred(said).filter(target -> keeps(value, target)).isPresent();
      case "type" ->
          said.isArray()
              ? said.valueStream().anyMatch(type -> isOf(value, type.asString("")))
              : isOf(value, said.asString(""));
      case "const" -> value.equals(said);
      case "enum" -> said.valueStream().anyMatch(value::equals);
      case "pattern" -> !value.isString() || matches(value.stringValue(), said.asString(""));
      case "minLength" -> !value.isString() || isAtLeast(count(length(value)), said);
      case "minimum" -> !value.isNumber() || isAtLeast(value, said);
      case "maximum" -> !value.isNumber() || isAtLeast(said, value);
      case "minItems" -> !value.isArray() || isAtLeast(count(value.size()), said);
      case "maxItems" -> !value.isArray() || isAtLeast(said, count(value.size()));
      case "uniqueItems" -> !value.isArray() || isUnique(value);
      case "items" -> !value.isArray() || value.valueStream().allMatch(item -> keeps(item, said));
      case "required" ->
          !value.isObject() || said.valueStream().allMatch(key -> value.has(key.asString("")));
      case "propertyNames" ->
          !value.isObject()
              || value.propertyNames().stream()
                  .allMatch(name -> keeps(JsonNodeFactory.instance.stringNode(name), said));
      case "properties" -> !value.isObject() || keepsProperties(value, said);
      case "additionalProperties" ->
          !value.isObject()
              || value
                  .propertyStream()
                  .filter(entry -> !rule.path("properties").has(entry.getKey()))
                  .allMatch(entry -> keeps(entry.getValue(), said));
      default -> WORDS.contains(keyword);
    };
  }

  private boolean keepsProperties(JsonNode value, JsonNode rules) {
    return value
        .propertyStream()
        .filter(entry -> rules.has(entry.getKey()))
        .allMatch(entry -> keeps(entry.getValue(), rules.path(entry.getKey())));
  }

  private Optional<JsonNode> referred(JsonNode reference) {
    String text = reference.asString("");
    return text.startsWith("#/$defs/")
        ? Optional.of(schema.at(text.substring(1)))
        : Optional.empty();
  }

  private static boolean isOf(JsonNode value, String type) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      default -> false;
    };
  }

  private static boolean isAtLeast(JsonNode value, JsonNode bound) {
    return value.isIntegralNumber()
        && bound.isIntegralNumber()
        && value.longValue() >= bound.longValue();
  }

  private static JsonNode count(int size) {
    return JsonNodeFactory.instance.numberNode(size);
  }

  private static int length(JsonNode text) {
    return text.stringValue().codePointCount(0, text.stringValue().length());
  }

  private static boolean isUnique(JsonNode list) {
    return new HashSet<>(list.valueStream().toList()).size() == list.size();
  }

  /** A line end is in doubt: in Java, and nowhere else, $ matches in front of one. */
  private static boolean matches(String text, String pattern) {
    return text.chars().noneMatch(c -> "\n\r\u0085\u2028\u2029".indexOf(c) >= 0)
        && Pattern.compile(pattern).matcher(text).find();
  }
}
