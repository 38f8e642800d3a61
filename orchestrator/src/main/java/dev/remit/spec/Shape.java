package dev.remit.spec;

import static dev.remit.spec.YamlTree.quoted;
import static java.util.stream.Collectors.joining;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.NearWords;
import dev.remit.spec.SourceText.Place;
import dev.remit.spec.YamlTree.Spot;
import dev.remit.spec.YamlTree.Style;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind of document as its published schema has it, and what there is to say where a document does
 * not keep to it.
 *
 * <p>The words come from the schema too: {@code title} is what a value must be, {@code $comment}
 * why, {@code examples} what to write instead.
 */
final class Shape {
  private static final String VERSION = "remit.dev/v1alpha1";

  private static final Map<String, String> NOUNS =
      Map.of(
          "integer", "a whole number",
          "string", "text",
          "boolean", "true or false",
          "array", "a list",
          "object", "a mapping");

  /** Keys that other kinds of protection have, or will have, and why these have not. */
  private static final Map<String, String> OTHER_KINDS =
      Map.of(
          "guestFeatures",
          "guest features are a field of sev-snp",
          "idBlock",
          "only the firmware of sev-snp checks an ID block",
          "identity",
          "under sev and sev-es only the owner can make a launch secret, so that no key has"
              + " to sign it",
          "release",
          "under sev and sev-es the secret is in place before the guest runs, and nothing is"
              + " released later",
          "minimumTcb",
          "sev and sev-es report one firmware version, and tee.policy.minApi is its floor");

  private final String kind;
  private final Schema published;
  private final JsonNode schema;

  Shape(String kind, Schema published) {
    this.kind = kind;
    this.published = published;
    this.schema = published.tree();
  }

  /** Empty where the text is not a document of this kind at all. */
  Optional<Field> read(SourceText source) {
    return source.isGood()
        ? YamlTree.parse(source)
            .filter(tree -> isOfThisKind(tree, source))
            .map(tree -> {
              new Check(tree, source).run();
              return new Field(tree, source);
            })
        : Optional.empty();
  }

  private boolean isOfThisKind(YamlTree tree, SourceText source) {
    if (!tree.root().isObject()) {
      source.problem(
          Place.START,
          Code.WRONG_DOCUMENT,
          tree.root().isMissingNode() ? "the file is empty" : "the document is not a mapping",
          "a document starts with apiVersion and kind",
          "name the right file, or start it with apiVersion: " + VERSION);
      return false;
    }
    boolean otherVersion = isOther("apiVersion", VERSION, tree, source);
    boolean otherKind = isOther("kind", kind, tree, source);
    return !otherVersion && !otherKind;
  }

  /** Where the key is missing or no text, the schema says so. */
  private static boolean isOther(String key, String expected, YamlTree tree, SourceText source) {
    JsonNode said = tree.root().path(key);
    if (!said.isString() || said.stringValue().equals(expected)) {
      return false;
    }
    source.problem(
        tree.spot("/" + key).value(),
        Code.WRONG_DOCUMENT,
        "%s is %s and not %s".formatted(key, quoted(said.stringValue()), expected),
        "this release reads kinds ConfidentialVm and Host of " + VERSION + ", each where it asks",
        "name another file, or write " + expected);
    return true;
  }

  /** One document against the schema. */
  private final class Check {
    private final YamlTree tree;
    private final SourceText source;
    // Pointers of keys that are missing only because they were written in another way.
    private final Set<String> meant = new HashSet<>();

    Check(YamlTree tree, SourceText source) {
      this.tree = tree;
      this.source = source;
    }

    void run() {
      if (new Conformance(schema).isPlain(tree.root())) {
        return;
      }
      var validator =
          SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(published.text());
      List<Error> errors = new ArrayList<>(validator.validate(tree.root()));
      errors.sort(Comparator.comparingInt(Check::rank));
      for (Error error : errors) {
        String pointer = error.getInstanceLocation().toString();
        if (tree.isFaulty(pointer)) {
          continue;
        }
        switch (error.getKeyword()) {
          case "additionalProperties" -> unknownKey(pointer, error.getProperty());
          case "required" -> missingKey(pointer, error.getProperty());
          case "propertyNames" -> wrongName(pointer, error.getProperty());
          case "type" -> wrongType(pointer);
          case "uniqueItems" -> notUnique(pointer);
          default -> wrongValue(pointer);
        }
      }
    }

    /** What has the wrong type is judged no further; what is misspelt is not missing. */
    private static int rank(Error error) {
      return switch (error.getKeyword()) {
        case "type" -> 0;
        case "additionalProperties" -> 1;
        default -> 2;
      };
    }

    private void unknownKey(String pointer, String key) {
      String child = pointer + "/" + YamlTree.escape(key);
      Place place = tree.spot(child).key();
      String reason = OTHER_KINDS.get(key);
      List<String> known = keys(pointer);
      if (YamlTree.SECRET_KEYS.contains(key)) {
        meant.add(pointer + "/file");
        meant.add(pointer + "/from");
        secretLiteral(place);
      } else if (reason != null) {
        source.problem(
            place,
            Code.NOT_FOR_THIS_TEE,
            "%s has no %s under sev and sev-es".formatted(name(pointer), key),
            reason,
            "remove " + key);
      } else {
        Optional<String> close =
            NearWords.nearest(
                key, known.stream().filter(k -> !tree.root().at(pointer).has(k)).toList());
        close.ifPresent(right -> meant.add(pointer + "/" + right));
        if (close.isEmpty() && PlainUserData.isAskedForBy(key)) {
          source.problem(
              place,
              Code.UNKNOWN_KEY,
              "%s has no key %s: no user data in clear".formatted(name(pointer), quoted(key)),
              PlainUserData.WHY,
              PlainUserData.FIX);
          return;
        }
        source.problem(
            place,
            Code.UNKNOWN_KEY,
            "%s has no key %s".formatted(name(pointer), quoted(key)),
            "its keys are " + listed(known, "and"),
            close.map(right -> "write " + right).orElse("remove it"));
      }
    }

    private void secretLiteral(Place place) {
      source.problem(
          place,
          Code.SECRET_LITERAL,
          "a secret must not be written here",
          "a document is copied, shown and kept, and whoever reads it has the secret",
          "put the value in a file that only you can read, write from: {file: PATH}, and change"
              + " the secret where others may have seen it");
    }

    private void missingKey(String pointer, String key) {
      if (meant.contains(pointer + "/" + key)) {
        return;
      }
      source.problem(
          pointer.isEmpty() ? Place.START : tree.spot(pointer).key(),
          Code.MISSING_KEY,
          "%s has no %s".formatted(name(pointer), key),
          "the key is required, and nothing is assumed for it",
          "add %s: %s".formatted(key, example(rule(pointer + "/" + key))));
    }

    private void wrongName(String pointer, String key) {
      source.problem(
          tree.spot(pointer + "/" + YamlTree.escape(key)).key(),
          Code.WRONG_VALUE,
          "a key of %s must be %s"
              .formatted(name(pointer), rule(pointer).at("/propertyNames/title").asString()),
          "the key is " + quoted(key),
          "write another key");
    }

    private void wrongType(String pointer) {
      tree.setFaulty(pointer);
      Spot spot = tree.spot(pointer);
      if (YamlTree.isSecretsPlace(pointer)) {
        secretLiteral(spot.key());
        return;
      }
      JsonNode node = tree.root().at(pointer);
      JsonNode rule = rule(pointer);
      String wanted = NOUNS.getOrDefault(rule.path("type").asString(""), title(rule));
      boolean needsNoQuotes = spot.style() == Style.QUOTED && isPlainly(spot.text(), rule);
      boolean needsQuotes =
          spot.style() == Style.PLAIN && !node.isNull() && isTextFor(spot.text(), rule);
      String why =
          switch (node.getNodeType()) {
            case STRING -> needsNoQuotes ? "text because it is quoted" : "text";
            case NUMBER -> needsQuotes ? "a number because it is not quoted" : "a number";
            case BOOLEAN -> "true or false" + (needsQuotes ? " because it is not quoted" : "");
            case ARRAY -> "a list";
            case OBJECT -> "a mapping";
            case NULL, MISSING, BINARY, POJO -> "empty";
          };
      source.problem(
          spot.value(),
          Code.WRONG_TYPE,
          "%s must be %s".formatted(name(pointer), wanted),
          "the value is " + why,
          needsNoQuotes
              ? "write " + spot.text()
              : needsQuotes ? "write " + quoted(spot.text()) : advice(rule));
    }

    private void wrongValue(String pointer) {
      tree.setFaulty(pointer);
      Spot spot = tree.spot(pointer);
      JsonNode rule = rule(pointer);
      List<String> allowed = rule.path("enum").valueStream().map(JsonNode::asString).toList();
      if (pointer.startsWith("/spec/acknowledge/") && pointer.endsWith("/risk")) {
        unknownRisk(spot, allowed);
        return;
      }
      if (pointer.equals("/spec/provisioning/mode") && PlainUserData.isAskedForBy(spot.text())) {
        source.problem(
            spot.value(),
            Code.WRONG_VALUE,
            "there is no mode %s: no user data in clear".formatted(quoted(spot.text())),
            PlainUserData.WHY,
            PlainUserData.FIX);
        return;
      }
      String why =
          spot.style() == Style.COLLECTION
              ? "it has " + tree.root().at(pointer).size()
              : "the value is " + quoted(spot.text());
      source.problem(
          spot.value(),
          Code.WRONG_VALUE,
          "%s must be %s".formatted(name(pointer), title(rule)),
          rule.path("$comment").asString(why),
          allowed.isEmpty()
              ? advice(rule)
              : "write "
                  + NearWords.nearest(spot.text(), allowed).orElseGet(() -> listed(allowed, "or")));
    }

    private void unknownRisk(Spot spot, List<String> risks) {
      boolean all = spot.text().contains("*") || spot.text().equalsIgnoreCase("all");
      source.problem(
          spot.value(),
          Code.ACKNOWLEDGMENT,
          all
              ? "an acknowledgment names one risk, and not all"
              : "there is no risk %s to acknowledge".formatted(quoted(spot.text())),
          all ? "who takes all risks does not know which" : "the risks are " + listed(risks, "and"),
          "write " + NearWords.nearest(spot.text(), risks).orElseGet(() -> listed(risks, "or")));
    }

    private void notUnique(String pointer) {
      source.problem(
          tree.spot(pointer).value(),
          Code.DUPLICATE_NAME,
          "%s has the same item twice".formatted(name(pointer)),
          "the second adds nothing, so that something else was meant",
          "remove or correct one of the two");
    }

    private List<String> keys(String pointer) {
      return List.copyOf(rule(pointer).path("properties").propertyNames());
    }
  }

  /** What the schema says about the value at a pointer: its own words before those it refers to. */
  private JsonNode rule(String pointer) {
    JsonNode rule = schema;
    for (String step : pointer.split("/", -1)) {
      if (step.isEmpty()) {
        continue;
      }
      JsonNode named = rule.path("properties").path(step);
      rule =
          Stream.of(named, rule.path("items"), rule.path("additionalProperties"))
              .filter(JsonNode::isObject)
              .findFirst()
              .orElseThrow();
      if (rule.path("$ref").isString()) {
        var merged =
            (ObjectNode) schema.at(rule.path("$ref").stringValue().substring(1)).deepCopy();
        merged.setAll((ObjectNode) rule);
        rule = merged;
      }
    }
    return rule;
  }

  private static String title(JsonNode rule) {
    return rule.path("title")
        .asString(listed(rule.path("enum").valueStream().map(JsonNode::asString).toList(), "or"));
  }

  /** How a message calls a value: by its key, an item of a list by its number. */
  private static String name(String pointer) {
    if (pointer.isEmpty()) {
      return "the document";
    }
    int slash = pointer.lastIndexOf('/');
    String step = pointer.substring(slash + 1);
    return step.matches("[0-9]+")
        ? "item %d of %s".formatted(Integer.parseInt(step) + 1, name(pointer.substring(0, slash)))
        : new HostText(YamlTree.unescape(step)).toString();
  }

  /** Whether a quoted text would be of the wanted type without its quotes. */
  private static boolean isPlainly(String text, JsonNode rule) {
    return switch (rule.path("type").asString("")) {
      case "integer" -> text.matches("-?(0|[1-9][0-9]{0,17})");
      case "boolean" -> text.equals("true") || text.equals("false");
      default -> false;
    };
  }

  private static boolean isTextFor(String text, JsonNode rule) {
    return rule.path("type").asString("").equals("string")
        && Pattern.compile(rule.path("pattern").asString("")).matcher(text).find();
  }

  private static String advice(JsonNode rule) {
    JsonNode only = rule.path("const");
    return only.isMissingNode()
        ? "write " + example(rule) + (rule.has("examples") ? ", for example" : "")
        : "write " + yaml(only);
  }

  private static String example(JsonNode rule) {
    JsonNode example = rule.path("examples").path(0);
    return example.isMissingNode() ? title(rule) : yaml(example);
  }

  private static String yaml(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT ->
          node.propertyStream()
              .map(entry -> entry.getKey() + ": " + yaml(entry.getValue()))
              .collect(joining(", ", "{", "}"));
      case ARRAY -> node.valueStream().map(Shape::yaml).collect(joining(", ", "[", "]"));
      case STRING ->
          YamlTree.isPlainText(node.stringValue())
              ? node.stringValue()
              : '"' + node.stringValue() + '"';
      case NUMBER, BOOLEAN, NULL, MISSING, BINARY, POJO -> node.toString();
    };
  }

  private static String listed(List<String> words, String joint) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " " + joint + " " + words.get(last);
  }
}
