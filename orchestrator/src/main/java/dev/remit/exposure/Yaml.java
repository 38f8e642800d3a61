package dev.remit.exposure;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A value of somebody else's YAML document. It keeps what readers disagree on: of a key that stands
 * twice every value, and of a merge key everything that could come through it.
 */
sealed interface Yaml {
  /** In UTF-16 units from the start of the text. */
  int start();

  int end();

  /** Values in it, itself among them, with everything that aliases bring in. */
  int weight();

  /** Levels, its own among them. */
  int height();

  /**
   * A scalar.
   *
   * @param value binary ones decoded, an octet a character
   * @param literal whether it is a block whose lines stand in the text as they are
   * @param encoded whether the text shows something else than the value
   */
  record Text(String value, boolean literal, boolean encoded, int start, int end) implements Yaml {
    @Override
    public int weight() {
      return 1;
    }

    @Override
    public int height() {
      return 1;
    }
  }

  record Items(List<Yaml> items, int start, int end, int weight, int height) implements Yaml {
    public Items {
      items = List.copyOf(items);
    }
  }

  record Mapping(List<Entry> entries, int start, int end, int weight, int height) implements Yaml {
    public Mapping {
      entries = List.copyOf(entries);
    }
  }

  record Entry(Yaml key, Yaml value) {
    /** Empty for a key that is no scalar. */
    Optional<String> name() {
      return key instanceof Text text ? Optional.of(text.value()) : Optional.empty();
    }
  }

  /**
   * A value and the way to it.
   *
   * @param path as a JSON pointer
   */
  record Spot(String path, Yaml node) {
    private static final String EVERY = "*";
    private static final Set<String> YES = Set.of("true", "yes", "on", "y", "1");
    private static final Set<String> NO = Set.of("false", "no", "off", "n", "0", "null", "~", "");

    /** Everything that lies on a way: names of keys, and "*" for all items or entries. */
    List<Spot> at(String... way) {
      Stream<Spot> reached = Stream.of(this);
      for (String step : way) {
        reached = reached.flatMap(spot -> step.equals(EVERY) ? spot.inside() : spot.named(step));
      }
      return reached.toList();
    }

    boolean has(String... way) {
      return !at(way).isEmpty();
    }

    private Stream<Spot> named(String name) {
      return inside().filter(spot -> spot.name().equals(name));
    }

    /** The last step of the way. */
    String name() {
      return path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    }

    Stream<Spot> inside() {
      return switch (node) {
        case Text _ -> Stream.empty();
        case Items list ->
            IntStream.range(0, list.items().size())
                .mapToObj(each -> new Spot(path + "/" + each, list.items().get(each)));
        case Mapping mapping ->
            mapping.entries().stream()
                .map(entry ->
                    new Spot(path + "/" + escaped(entry.name().orElse("?")), entry.value()));
      };
    }

    /** It and everything in it. */
    Stream<Spot> all() {
      return Stream.concat(Stream.of(this), inside().flatMap(Spot::all));
    }

    /** Empty for a collection. */
    Optional<String> text() {
      return node instanceof Text text ? Optional.of(text.value()) : Optional.empty();
    }

    /** As any version of YAML writes it, quoted or not. */
    boolean isTrue() {
      return text().filter(text -> YES.contains(text.toLowerCase(Locale.ROOT))).isPresent();
    }

    boolean isFalse() {
      return text().filter(text -> NO.contains(text.toLowerCase(Locale.ROOT))).isPresent();
    }

    boolean is(String... words) {
      return text()
          .filter(text -> Stream.of(words).anyMatch(word -> word.equalsIgnoreCase(text.strip())))
          .isPresent();
    }

    /** The items of a list, or the one value that stands in place of a list of one. */
    List<Spot> each() {
      return node instanceof Items ? inside().toList() : List.of(this);
    }

    private static String escaped(String key) {
      return key.replace("~", "~0").replace("/", "~1");
    }
  }
}
