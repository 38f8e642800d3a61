package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
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

/**
 * Reads YAML and JSON that others wrote for other programs: with aliases, merge keys, tags and
 * several documents, at a bounded cost.
 */
final class YamlReader {
  private static final int DEEPEST = 64;

  /** With what aliases multiply. */
  private static final int MOST_VALUES = 200_000;

  private static final String BINARY = "tag:yaml.org,2002:binary";
  private static final String MERGE = "<<";

  private final Map<Anchor, Yaml> anchored = new HashMap<>();
  private final String text;
  private final boolean wide;
  private final Iterator<Event> events;
  private int reached;

  private YamlReader(String text) {
    this.text = text;
    this.wide = text.codePointCount(0, text.length()) != text.length();
    this.events =
        new Parse(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
            .parseString(text)
            .iterator();
  }

  /** All documents of a text. An offset of the exception is in UTF-16 units. */
  static List<Yaml> documents(String text) throws MalformedException {
    var documents = new ArrayList<Yaml>();
    new YamlReader(text).read(documents);
    return List.copyOf(documents);
  }

  /** The documents that can be read before one that cannot. */
  static List<Yaml> firstDocuments(String text) {
    var documents = new ArrayList<Yaml>();
    try {
      new YamlReader(text).read(documents);
    } catch (MalformedException broken) {
      return List.copyOf(documents);
    }
    return List.copyOf(documents);
  }

  private void read(List<Yaml> documents) throws MalformedException {
    next();
    while (next() instanceof DocumentStartEvent) {
      anchored.clear();
      documents.add(node(next(), 1));
      next();
    }
  }

  private Event next() throws MalformedException {
    try {
      Event event = events.next();
      reached = event.getEndMark().map(this::index).orElse(reached);
      return event;
    } catch (MarkedYamlEngineException e) {
      throw new MalformedException(
          e.getProblemMark().map(this::index).orElse(reached), "the text is not YAML from here on");
    } catch (RuntimeException | StackOverflowError e) {
      // The parser has exceptions that it does not declare.
      throw new MalformedException(reached, "the text is not YAML from here on");
    }
  }

  private int index(Mark mark) {
    // Marks count code points.
    return wide ? text.offsetByCodePoints(0, mark.getIndex()) : mark.getIndex();
  }

  private Yaml node(Event event, int depth) throws MalformedException {
    int start = event.getStartMark().map(this::index).orElse(reached);
    if (depth > DEEPEST) {
      throw new MalformedException(start, "the document is deeper than Remit looks");
    }
    Yaml node =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar, start);
          case SequenceStartEvent _ -> sequence(start, depth);
          case MappingStartEvent _ -> mapping(start, depth);
          case AliasEvent alias -> known(alias, start);
          default -> throw new MalformedException(start, "a value is missing");
        };
    if (node.weight() > MOST_VALUES || node.height() > DEEPEST) {
      throw new MalformedException(start, "the document has more in it than Remit looks at");
    }
    if (!(event instanceof AliasEvent) && event instanceof NodeEvent named) {
      named.getAnchor().ifPresent(anchor -> anchored.put(anchor, node));
    }
    return node;
  }

  private Yaml known(AliasEvent alias, int start) throws MalformedException {
    Yaml node = anchored.get(alias.getAlias());
    if (node == null) {
      throw new MalformedException(start, "an alias leads nowhere, or to what it stands in");
    }
    return node;
  }

  private Yaml.Text scalar(ScalarEvent event, int start) {
    boolean literal = event.getScalarStyle() == ScalarStyle.LITERAL;
    boolean binary = event.getTag().filter(BINARY::equals).isPresent();
    String value = binary ? decoded(event.getValue()) : event.getValue();
    boolean shown = text.substring(start, reached).contains(value);
    return new Yaml.Text(value, literal && !binary, binary || (!literal && !shown), start, reached);
  }

  private static String decoded(String base64) {
    return Base64Text.decoded(base64)
        .map(octets -> new String(octets.toArray(), StandardCharsets.UTF_8))
        .orElse(base64);
  }

  private Yaml sequence(int start, int depth) throws MalformedException {
    var items = new ArrayList<Yaml>();
    int weight = 1;
    int height = 0;
    for (Event event = next(); !(event instanceof CollectionEndEvent); event = next()) {
      Yaml item = node(event, depth + 1);
      items.add(item);
      weight = sum(weight, item.weight(), start);
      height = Math.max(height, item.height());
    }
    return new Yaml.Items(items, start, reached, weight, height + 1);
  }

  private Yaml mapping(int start, int depth) throws MalformedException {
    var entries = new ArrayList<Yaml.Entry>();
    int weight = 1;
    int height = 0;
    for (Event event = next(); !(event instanceof CollectionEndEvent); event = next()) {
      var entry = new Yaml.Entry(node(event, depth + 1), node(next(), depth + 1));
      var added =
          entry.name().filter(MERGE::equals).isPresent()
              ? merged(entry.value())
              : Optional.<List<Yaml.Entry>>empty();
      for (var each : added.orElse(List.of(entry))) {
        entries.add(each);
        weight = sum(weight, sum(each.key().weight(), each.value().weight(), start), start);
        height = Math.max(height, Math.max(each.key().height(), each.value().height()));
      }
    }
    return new Yaml.Mapping(entries, start, reached, weight, height + 1);
  }

  /** What a merge key brings in (YAML 1.1, merge key type); empty where it is not one. */
  private static Optional<List<Yaml.Entry>> merged(Yaml value) {
    return switch (value) {
      case Yaml.Text _ -> Optional.empty();
      case Yaml.Mapping one -> Optional.of(one.entries());
      case Yaml.Items several ->
          Optional.of(
              several.items().stream()
                  .flatMap(each -> merged(each).stream().flatMap(List::stream))
                  .toList());
    };
  }

  private static int sum(int weight, int more, int at) throws MalformedException {
    int sum = weight + more; // both are at most the limit, so that this cannot overflow
    if (sum > MOST_VALUES) {
      throw new MalformedException(at, "the document has more in it than Remit looks at");
    }
    return sum;
  }
}
