package dev.remit.spec;

import static dev.remit.spec.Documents.good;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.remit.bytes.Bytes;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.spec.Spec.Console;
import dev.remit.spec.Spec.Provisioning;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The published schemas, the types and the examples say the same. */
class SchemaTest {
  private static final String VM = "confidential-vm.schema.json";
  private static final String HOST = "host.schema.json";
  private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

  @ParameterizedTest
  @ValueSource(strings = {VM, HOST})
  void keepsToTheMetaSchema(String resource) {
    var meta =
        SchemaRegistry.withDialect(Dialects.getDraft202012())
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    assertThat(meta.validate(text(resource), InputFormat.JSON)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {VM, HOST})
  void describesEveryPropertyAndSaysWhatItMustBe(String resource) {
    List<String> silent = new ArrayList<>();
    everyProperty(json(resource), json(resource), "", silent);
    assertThat(silent).isEmpty();
  }

  private static void everyProperty(
      JsonNode root, JsonNode rule, String path, List<String> silent) {
    JsonNode shared = root.at(rule.path("$ref").asString("#/none").substring(1));
    boolean says = Stream.of(rule, shared).anyMatch(node -> node.has("title") || node.has("enum"));
    if (!rule.path("description").asString("").endsWith(".") || !says) {
      silent.add(path);
    }
    if (rule.has("properties") && rule.path("additionalProperties").asBoolean(true)) {
      silent.add(path + " is open");
    }
    rule.path("properties")
        .propertyStream()
        .forEach(property ->
            everyProperty(root, property.getValue(), path + "/" + property.getKey(), silent));
    rule.path("$defs")
        .propertyStream()
        .forEach(def -> everyProperty(root, def.getValue(), "$" + def.getKey(), silent));
    for (String inner : List.of("items", "additionalProperties")) {
      if (rule.path(inner).isObject()) {
        everyProperty(root, rule.path(inner), path + "/" + inner, silent);
      }
    }
  }

  @Test
  void listsTheWordsThatTheTypesKnow() {
    JsonNode spec = json(VM).at("/properties/spec/properties");
    assertThat(words(spec.at("/profile")))
        .isEqualTo(Stream.of(Profile.values()).map(Profile::id).toList());
    assertThat(words(spec.at("/resources/properties/cpuModel")))
        .isEqualTo(CpuModel.known().stream().map(CpuModel::name).toList());
    assertThat(words(spec.at("/tee/properties/kind")))
        .isEqualTo(Stream.of(Protection.values()).map(Protection::id).toList());
    assertThat(words(spec.at("/trust/properties/generations/items")))
        .isEqualTo(Stream.of(Generation.values()).map(Generation::id).toList());
    assertThat(words(spec.at("/provisioning/properties/mode")))
        .isEqualTo(Stream.of(Provisioning.Mode.values()).map(Provisioning.Mode::id).toList());
    assertThat(words(spec.at("/devices/properties/console")))
        .isEqualTo(Stream.of(Console.values()).map(Console::id).toList());
    assertThat(words(spec.at("/acknowledge/items/properties/risk")))
        .isEqualTo(Stream.of(Risk.values()).map(Risk::id).toList());
  }

  private static List<String> words(JsonNode rule) {
    return rule.path("enum").valueStream().map(JsonNode::asString).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {VM, HOST})
  void givesExamplesThatKeepToIt(String resource) {
    JsonNode root = json(resource);
    List<String> wrong = new ArrayList<>();
    everyExample(root, root, "#", wrong);
    assertThat(wrong).isEmpty();
  }

  private static void everyExample(JsonNode root, JsonNode rule, String at, List<String> wrong) {
    var alone = (ObjectNode) rule.deepCopy();
    alone.set("$defs", root.path("$defs"));
    var schema = SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(alone);
    rule.path("examples")
        .valueStream()
        .filter(example -> !schema.validate(example).isEmpty())
        .forEach(example -> wrong.add(at + ": " + example));
    rule.propertyStream()
        .filter(property -> property.getValue().isObject())
        .forEach(property ->
            everyExample(root, property.getValue(), at + "/" + property.getKey(), wrong));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello-sev.yaml", "hello-sev-es.yaml", "sealed-sev.yaml"})
  void readsTheExamplesOfSpecs(String file) throws IOException {
    Spec spec = good(SpecReader.read(file, EXAMPLES, content(file), Documents.TODAY));
    assertThat(file).startsWith(spec.name());
    assertThat(file).contains(spec.tee().protection().id());
    assertThat(spec.boot().firmware().path())
        .isEqualTo(EXAMPLES.resolveSibling("build/guest/OVMF.amdsev.fd"));
  }

  @Test
  void readsTheExampleOfAHost() throws IOException {
    String file = "simulated-host.yaml";
    HostSpec host = good(HostReader.read(file, EXAMPLES, content(file)));
    assertThat(host.uri())
        .isEqualTo("qemu:///embed?root=" + EXAMPLES.resolveSibling("build/host/root"));
    assertThat(host.emulator()).contains(EXAMPLES.resolveSibling("build/host/simulator/qemu"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello-sev.yaml",
        "hello-sev-es.yaml",
        "sealed-sev.yaml",
        "debian-sev.yaml",
        "simulated-host.yaml"
      })
  void commentsEveryLineOfAnExampleBesideOrAboveIt(String file) throws IOException {
    List<String> lines = Files.readAllLines(EXAMPLES.resolve(file));
    for (int i = 1; i < lines.size(); i++) {
      String beside = lines.get(i);
      String above = lines.get(i - 1).strip();
      assertThat(beside.contains(" #") || beside.startsWith("#") || above.startsWith("#"))
          .as(beside)
          .isTrue();
    }
  }

  private static Bytes content(String example) throws IOException {
    return Bytes.copyOf(Files.readAllBytes(EXAMPLES.resolve(example)));
  }

  private static JsonNode json(String resource) {
    return JsonMapper.shared().readTree(text(resource));
  }

  private static String text(String resource) {
    try (InputStream in = SchemaTest.class.getResourceAsStream(resource)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
