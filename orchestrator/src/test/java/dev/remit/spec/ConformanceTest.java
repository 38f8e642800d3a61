package dev.remit.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

final class ConformanceTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Values that are wrong in some places and right in others. */
  private static final List<JsonNode> VALUES =
      List.of(
          JSON.stringNode(""),
          JSON.stringNode("a"),
          JSON.stringNode("a\n"),
          JSON.stringNode("A_b"),
          JSON.stringNode("\u0007"),
          JSON.stringNode("512Mi"),
          JSON.stringNode("1.51\n"),
          JSON.stringNode("simulated"),
          JSON.stringNode("736869e5-84f0-4973-92ec-06879ce3da0b"),
          JSON.stringNode("x".repeat(5000)),
          JSON.numberNode(0L),
          JSON.numberNode(1L),
          JSON.numberNode(Long.MAX_VALUE),
          JSON.numberNode(0.5),
          JSON.booleanNode(true),
          JSON.booleanNode(false),
          JSON.nullNode(),
          JSON.arrayNode(),
          JSON.arrayNode().add("milan").add("milan"),
          JSON.objectNode(),
          JSON.objectNode().put("file", "a"),
          JSON.objectNode().put("file", "a").put("digest", "sha256:0"));

  @ParameterizedTest
  @CsvSource({"hello-sev, VM", "hello-sev-es, VM", "sealed-sev, VM", "simulated-host, HOST"})
  void saysYesToTheExamples(String example, Schema schema) throws IOException {
    assertThat(conformance(schema).isPlain(document(example))).isTrue();
  }

  /** The examples with everything in them taken away, replaced and added to, one at a time. */
  @ParameterizedTest
  @CsvSource({"hello-sev, VM", "hello-sev-es, VM", "sealed-sev, VM", "simulated-host, HOST"})
  void saysYesOnlyWhereTheValidatorDoes(String example, Schema schema) throws IOException {
    var conformance = conformance(schema);
    var validator = SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(schema.text());
    var mistaken = new ArrayList<JsonNode>();
    int refused = 0;
    for (var changed : changes(document(example))) {
      boolean right = validator.validate(changed).isEmpty();
      refused += right ? 0 : 1;
      if (conformance.isPlain(changed) && !right) {
        mistaken.add(changed);
      }
    }
    assertThat(mistaken).isEmpty();
    assertThat(refused).isGreaterThan(100);
  }

  @ParameterizedTest
  @CsvSource({"VM", "HOST"})
  void readsTheSchemaAsAnyJsonParserDoes(Schema schema) {
    assertThat(schema.tree())
        .hasToString(JsonMapper.builder().build().readTree(schema.text()).toString());
  }

  private static Conformance conformance(Schema schema) {
    return new Conformance(schema.tree());
  }

  private static JsonNode document(String example) throws IOException {
    String text = Files.readString(Path.of("..", "examples", example + ".yaml"));
    var source = SourceText.of(example, Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
    return YamlTree.parse(source).orElseThrow().root();
  }

  private static List<JsonNode> changes(JsonNode document) {
    var changes = new ArrayList<>(VALUES);
    switch (document) {
      case ObjectNode mapping -> {
        for (String key : List.copyOf(mapping.propertyNames())) {
          var without = mapping.deepCopy();
          without.remove(key);
          changes.add(without);
          changes(mapping.path(key))
              .forEach(value -> changes.add(mapping.deepCopy().set(key, value)));
        }
        for (String key : List.of("more", "value", "digest", "network", "chips")) {
          if (!mapping.has(key)) {
            VALUES.forEach(value -> changes.add(mapping.deepCopy().set(key, value)));
          }
        }
      }
      case ArrayNode list -> {
        VALUES.forEach(value -> changes.add(list.deepCopy().add(value)));
        for (int at = 0; at < list.size(); at++) {
          int index = at;
          changes.add(list.deepCopy().add(list.get(at)));
          changes(list.get(at))
              .forEach(value -> {
                var changed = list.deepCopy();
                changed.set(index, value);
                changes.add(changed);
              });
        }
      }
      default -> {}
    }
    return changes;
  }
}
