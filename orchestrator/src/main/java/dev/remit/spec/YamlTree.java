package dev.remit.spec;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.HostText;
import dev.remit.spec.SourceText.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A YAML document as a JSON tree, with the place of everything in it.
 *
 * <p>Takes the part of YAML 1.2 that has one reading: no anchor, alias, tag, merge key or second
 * document. What is not part of the tree any more is faulty: reported once, not judged further.
 */
final class YamlTree {
  /** How a value was written. */
  enum Style {
    PLAIN,
    QUOTED,
    COLLECTION
  }

  /**
   * What the tree itself does not keep of a value.
   *
   * @param key of the entry; the value's own place for an item of a list
   */
  record Spot(Place key, Place value, Style style, String text) {}

  /** Ends the reading of a text, after its problem was reported. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static final int DEEPEST = 32;
  private static final int MOST_NODES = 10_000;
  private static final int LONGEST_QUOTE = 60;

  /** Keys under which people write secrets. What stands there is never shown. */
  static final Set<String> SECRET_KEYS =
      Set.of(
          "value",
          "literal",
          "password",
          "passphrase",
          "plain",
          "content",
          "data",
          "stringData",
          "text",
          "base64",
          "hex",
          "token");

  private static final String SECRETS = "/spec/secrets";
  private static final Pattern REFERENCE =
      Pattern.compile(SECRETS + "/[0-9]+/(name|guid|from/file)");

  private static final ScalarResolver RESOLVER = new JsonScalarResolver();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, Spot> spots = new HashMap<>();
  private final Set<String> faulty = new HashSet<>();
  private final SourceText source;
  private final Iterator<Event> events;
  private int nodes;
  private Place reached = Place.START;
  private @Nullable Place secretSince;

  private JsonNode root = JSON.missingNode();

  private YamlTree(SourceText source) {
    this.source = source;
    this.events = new Parse(LoadSettings.builder().build()).parseString(source.text()).iterator();
  }

  /** Empty where the text cannot be parsed to its end; the source then says why. */
  static Optional<YamlTree> parse(SourceText source) {
    var tree = new YamlTree(source);
    try {
      tree.document();
      return Optional.of(tree);
    } catch (Unreadable e) {
      if (tree.secretSince != null) {
        source.hide(tree.secretSince.line(), tree.secretSince.column(), source.lastLine());
      }
      return Optional.empty();
    }
  }

  JsonNode root() {
    return root;
  }

  /** The place of a value that the tree has, by its JSON pointer. */
  Spot spot(String pointer) {
    Spot spot = spots.get(pointer);
    if (spot == null) {
      throw new IllegalStateException("the document has no " + pointer);
    }
    return spot;
  }

  /** Whether something was reported about a value, so that nothing can be concluded from it. */
  boolean isFaulty(String pointer) {
    return faulty.contains(pointer);
  }

  void setFaulty(String pointer) {
    faulty.add(pointer);
  }

  private void document() {
    next(); // the start of the stream
    if (next() instanceof DocumentStartEvent start) {
      if (start.getSpecVersion().isPresent() || !start.getTags().isEmpty()) {
        source.problem(
            place(start),
            Code.WRONG_VALUE,
            "a directive stands before the document",
            "it could change what the text below means",
            "remove the lines that start with %");
      }
      root = node(next(), "", Optional.empty(), 1);
      next(); // the end of the document
      if (next() instanceof DocumentStartEvent second) {
        source.problem(
            place(second),
            Code.WRONG_DOCUMENT,
            "a second document follows",
            "one file is one document",
            "remove everything from here on, or move it to a file of its own");
      }
    }
  }

  private Event next() {
    try {
      Event event = events.next();
      reached = event.getEndMark().map(YamlTree::point).orElse(reached);
      return event;
    } catch (MarkedYamlEngineException e) {
      throw notYaml(
          e.getProblemMark().map(YamlTree::point).orElse(reached), String.valueOf(e.getProblem()));
    } catch (RuntimeException | StackOverflowError e) {
      // The parser has exceptions that it does not declare, for example on the text !R...%0.
      throw notYaml(reached, "the parser cannot read what follows");
    }
  }

  private Unreadable notYaml(Place place, String why) {
    source.problem(
        place,
        Code.NOT_YAML,
        "the text is not YAML",
        new HostText(why).toString(),
        "look at quotes, brackets and indentation here; YAML is indented with spaces");
    return new Unreadable();
  }

  private JsonNode node(Event event, String pointer, Optional<Place> key, int depth) {
    Place place = place(event);
    nodes++;
    if (depth > DEEPEST || nodes > MOST_NODES) {
      source.problem(
          place,
          Code.DOCUMENT_TOO_LARGE,
          "the document is too deep or has too many values",
          "it has at most " + DEEPEST + " levels and " + MOST_NODES + " values",
          "write the document without what it does not need");
      throw new Unreadable();
    }
    var spot =
        switch (event) {
          case ScalarEvent scalar ->
              new Spot(
                  key.orElse(place),
                  place,
                  scalar.isPlain() ? Style.PLAIN : Style.QUOTED,
                  scalar.getValue());
          default -> new Spot(key.orElse(place), place, Style.COLLECTION, "");
        };
    spots.putIfAbsent(pointer, spot);
    refuseProperties(event, pointer, place);
    JsonNode node =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar);
          case SequenceStartEvent _ -> sequence(pointer, depth);
          case MappingStartEvent _ -> mapping(pointer, depth);
          default -> JSON.nullNode(); // an alias: reported above
        };
    if (isSecret(pointer, spot)) {
      // A block ends before the first character of the line that follows it.
      source.hide(place.line(), place.column(), reached.line() - (reached.column() == 1 ? 1 : 0));
    }
    return node;
  }

  private static boolean isSecret(String pointer, Spot spot) {
    String key = unescape(pointer.substring(pointer.lastIndexOf('/') + 1));
    return SECRET_KEYS.contains(key)
        || (isSecretsPlace(pointer) && spot.style() != Style.COLLECTION)
        || (PlainUserData.isAskedForBy(key) && !PlainUserData.isName(spot));
  }

  /**
   * Whether a text here could be a secret: it stands in the list, and is no part of a reference.
   */
  static boolean isSecretsPlace(String pointer) {
    return pointer.startsWith(SECRETS + "/") && !REFERENCE.matcher(pointer).matches();
  }

  private void refuseProperties(Event event, String pointer, Place place) {
    boolean tagged =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag().isPresent();
          case SequenceStartEvent list -> list.getTag().isPresent();
          case MappingStartEvent mapping -> mapping.getTag().isPresent();
          default -> false;
        };
    if (event instanceof AliasEvent) {
      refuse(pointer, place, "an alias", "write the value out");
    } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      refuse(pointer, place, "an anchor", "remove the word that starts with &");
    } else if (tagged) {
      refuse(pointer, place, "a tag", "remove the word that starts with !");
    }
  }

  private void refuse(String pointer, Place place, String what, String fix) {
    setFaulty(pointer);
    source.problem(
        place,
        Code.WRONG_VALUE,
        what + " stands here",
        "a document that people bet their data on says everything where it stands",
        fix);
  }

  private JsonNode scalar(ScalarEvent event) {
    String text = event.getValue();
    Tag tag = RESOLVER.resolve(text, event.isPlain());
    if (!event.isPlain() || tag.equals(Tag.STR)) {
      return JSON.stringNode(text);
    }
    if (tag.equals(Tag.BOOL)) {
      return JSON.booleanNode(text.equals("true"));
    }
    if (tag.equals(Tag.INT)) {
      // Clamped, because no schema allows a number that is nearly as large.
      boolean large = text.length() > 18;
      return JSON.numberNode(
          large ? (text.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE) : Long.parseLong(text));
    }
    // No schema has fractions, so that one stands for all: 4.0 is not 4, and 1e9999 not a problem.
    return tag.equals(Tag.FLOAT) ? JSON.numberNode(0.5) : JSON.nullNode();
  }

  private JsonNode sequence(String pointer, int depth) {
    ArrayNode list = JSON.arrayNode();
    for (Event event = next(); !(event instanceof CollectionEndEvent); event = next()) {
      list.add(node(event, pointer + "/" + list.size(), Optional.empty(), depth + 1));
    }
    return list;
  }

  private JsonNode mapping(String pointer, int depth) {
    ObjectNode mapping = JSON.objectNode();
    for (Event event = next(); !(event instanceof CollectionEndEvent); event = next()) {
      Place place = place(event);
      if (!(event instanceof ScalarEvent scalar)) {
        source.problem(
            place,
            Code.WRONG_TYPE,
            "a key must be text",
            "a list, a mapping or an alias stands where a key belongs",
            "write a word, a colon and a value");
        node(event, pointer + "/?", Optional.empty(), depth + 1);
        node(next(), pointer + "/?", Optional.empty(), depth + 1);
        continue;
      }
      String key = scalar.getValue();
      String child = pointer + "/" + escape(key);
      refuseProperties(scalar, child, place);
      boolean opensSecret =
          secretSince == null
              && (child.equals(SECRETS)
                  || SECRET_KEYS.contains(key)
                  || PlainUserData.isAskedForBy(key));
      if (opensSecret) {
        secretSince = reached;
      }
      JsonNode value = node(next(), child, Optional.of(place), depth + 1);
      if (opensSecret) {
        secretSince = null;
      }
      if (mapping.has(key)) {
        source.problem(
            place,
            Code.DUPLICATE_KEY,
            "the key " + quoted(key) + " stands twice",
            "the first is in line " + spot(child).key().line() + ", and only one can hold",
            "remove one of the two");
      } else {
        mapping.set(key, value);
      }
    }
    return mapping;
  }

  /** As JSON pointers want it (RFC 6901, section 3). */
  static String escape(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  static String unescape(String step) {
    return step.replace("~1", "/").replace("~0", "~");
  }

  /** Whether a text stays text without quotes around it. */
  static boolean isPlainText(String text) {
    return RESOLVER.resolve(text, true).equals(Tag.STR);
  }

  /** A text of the document inside a message: escaped, and cut where it is long. */
  static String quoted(String text) {
    var shown = new HostText(text).toString();
    return '"'
        + (shown.length() > LONGEST_QUOTE ? shown.substring(0, LONGEST_QUOTE) + "…" : shown)
        + '"';
  }

  private static Place point(Mark mark) {
    return new Place(mark.getLine() + 1, mark.getColumn() + 1, 1);
  }

  private static Place place(Event event) {
    Mark start = event.getStartMark().orElseThrow();
    Mark end = event.getEndMark().orElseThrow();
    boolean oneLine = event instanceof NodeEvent && start.getLine() == end.getLine();
    int length = oneLine ? Math.max(1, end.getColumn() - start.getColumn()) : 1;
    return new Place(start.getLine() + 1, start.getColumn() + 1, length);
  }
}
