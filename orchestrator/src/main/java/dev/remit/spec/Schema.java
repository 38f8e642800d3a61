package dev.remit.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The published schemas (JSON Schema 2020-12), by which editors help and the readers judge. */
public enum Schema {
  VM("confidential-vm.schema.json"),
  HOST("host.schema.json"),
  FIRMWARE_MANIFEST("firmware-manifest.schema.json");

  private static final JsonFactory JSON = new JsonFactory();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final String resource;

  Schema(String resource) {
    this.resource = resource;
  }

  public String text() {
    try (var in = Schema.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks the schema " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** The same as a tree. It is part of the program: whatever is wrong with it is a bug. */
  JsonNode tree() {
    try (var parser = JSON.createParser(ObjectReadContext.empty(), text())) {
      parser.nextToken();
      var tree = node(parser);
      if (parser.nextToken() != null) {
        throw new IllegalStateException("something follows the schema " + resource);
      }
      return tree;
    } catch (JacksonException e) {
      throw new IllegalStateException("the schema " + resource + " is not JSON", e);
    }
  }

  private static JsonNode node(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        var object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.set(name, node(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        var array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(node(parser));
        }
        yield array;
      }
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_NUMBER_INT -> NODES.numberNode(parser.getLongValue());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case null, default ->
          throw new IllegalStateException("not a value of a schema: " + parser.currentToken());
    };
  }
}
