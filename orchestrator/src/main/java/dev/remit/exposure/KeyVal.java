package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The value of an option of QEMU: {@code first,key=value}, with a comma doubled inside a value, or
 * JSON, whose members inside others have the dotted names that QEMU gives them too.
 */
final class KeyVal {
  private record Pair(String key, String value) {}

  private static final int MOST_KEYS = 4_096;

  private static final Set<String> ON = Set.of("on", "yes", "true", "y");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxTokenCount(20_000)
                  .maxNameLength(256)
                  .maxStringLength(1 << 20)
                  .maxNumberLength(40)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private final List<Pair> pairs;

  private final Map<String, String> last = new HashMap<>();

  private KeyVal(List<Pair> pairs) throws MalformedException {
    if (pairs.size() > MOST_KEYS) {
      throw new MalformedException(0, "an option of QEMU has at most " + MOST_KEYS + " keys");
    }
    this.pairs = List.copyOf(pairs);
    pairs.forEach(pair -> last.put(pair.key(), pair.value()));
  }

  /**
   * @param implied the key of a first part that has none
   */
  static KeyVal parse(String text, String implied) throws MalformedException {
    return text.startsWith("{") ? json(text) : new KeyVal(plain(text, implied));
  }

  /**
   * Options that QEMU makes one of, in the order of the line, of which older versions take an
   * underscore in a key for a hyphen.
   */
  static KeyVal merged(List<KeyVal> options) throws MalformedException {
    return new KeyVal(
        options.stream()
            .flatMap(option -> option.pairs.stream())
            .map(pair -> new Pair(pair.key().replace('_', '-'), pair.value()))
            .toList());
  }

  /** The members of an object in it, under their own names. */
  KeyVal below(String object) throws MalformedException {
    String prefix = object + ".";
    return new KeyVal(
        pairs.stream()
            .filter(pair -> pair.key().startsWith(prefix))
            .map(pair -> new Pair(pair.key().substring(prefix.length()), pair.value()))
            .toList());
  }

  private static List<Pair> plain(String text, String implied) {
    var pairs = new ArrayList<Pair>();
    int at = 0;
    while (at < text.length()) {
      var part = new StringBuilder();
      for (; at < text.length(); at++) {
        if (text.charAt(at) == ',') {
          if (at + 1 == text.length() || text.charAt(at + 1) != ',') {
            break;
          }
          at++;
        }
        part.append(text.charAt(at));
      }
      at++;
      int equals = part.indexOf("=");
      if (equals >= 0) {
        pairs.add(new Pair(part.substring(0, equals), part.substring(equals + 1)));
      } else if (pairs.isEmpty()) {
        pairs.add(new Pair(implied, part.toString()));
      } else if (part.toString().startsWith("no") && part.length() > 2) {
        // Of old: "nowait" is "wait=off", and says too that "nowait" is there.
        pairs.add(new Pair(part.toString(), "on"));
        pairs.add(new Pair(part.substring(2), "off"));
      } else {
        pairs.add(new Pair(part.toString(), "on"));
      }
    }
    return pairs;
  }

  private static KeyVal json(String text) throws MalformedException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      var pairs = new ArrayList<Pair>();
      Deque<String> path = new ArrayDeque<>();
      Deque<Integer> index = new ArrayDeque<>();
      int depth = 0;
      int whole = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (depth == 0 && whole++ > 0) {
          throw new MalformedException(0, "an option in JSON is one object");
        }
        String name = parser.currentName() == null ? "" : parser.currentName();
        if (token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY) {
          path.addLast(step(name, index, depth > 0));
          index.addLast(token == JsonToken.START_ARRAY ? 0 : -1);
          depth++;
        } else if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) {
          path.removeLast();
          index.removeLast();
          depth--;
        } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
          String key = step(name, index, true);
          pairs.add(new Pair(dotted(path, key), parser.getString()));
        }
      }
      return new KeyVal(pairs);
    } catch (JacksonException e) {
      throw new MalformedException(0, "an option that starts as JSON is an object in JSON");
    }
  }

  private static String step(String name, Deque<Integer> index, boolean inside) {
    Integer number = index.peekLast();
    if (!inside || number == null) {
      return "";
    }
    if (number < 0) {
      return name;
    }
    index.removeLast();
    index.addLast(number + 1);
    return Integer.toString(number);
  }

  private static String dotted(Deque<String> path, String key) {
    var name = new StringBuilder();
    for (String step : path) {
      if (!step.isEmpty()) {
        name.append(step).append('.');
      }
    }
    return name.append(key).toString();
  }

  /** Empty where there is none; the last one where there are several, as QEMU takes it. */
  String value(String key) {
    return find(key).orElse("");
  }

  /** Under one of two names. */
  String value(String key, String other) {
    return find(key).orElse(value(other));
  }

  Optional<String> find(String key) {
    return Optional.ofNullable(last.get(key));
  }

  boolean has(String key) {
    return find(key).isPresent();
  }

  boolean isOn(String key) {
    return find(key).filter(ON::contains).isPresent();
  }

  boolean isOff(String key) {
    return find(key)
        .filter(value -> Set.of("off", "no", "false", "n", "0").contains(value))
        .isPresent();
  }

  List<String> keys() {
    return pairs.stream().map(Pair::key).toList();
  }

  List<String> values(String key) {
    return pairs.stream().filter(pair -> pair.key().equals(key)).map(Pair::value).toList();
  }
}
