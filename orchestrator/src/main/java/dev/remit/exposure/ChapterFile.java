package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A chapter as JSON. It is part of the program, so that whatever is wrong with it is a bug. */
final class ChapterFile {
  static final String SCHEMA = "remit.catalogue/1";

  private static final JsonFactory FACTORY = new JsonFactory();

  private ChapterFile() {}

  /** Throws {@link IllegalStateException} for anything but a chapter, key by key. */
  static List<Entry> entries(Chapter chapter, Bytes text) {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text.toArray())) {
      parser.nextToken();
      var file = Members.read(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("something follows the chapter");
      }
      if (!file.text("schema").equals(SCHEMA)) {
        throw new IllegalArgumentException("the schema is not " + SCHEMA);
      }
      var entries = file.objects("entries").stream().map(ChapterFile::entry).toList();
      file.requireEmpty();
      requireOrder(chapter, entries);
      return entries;
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IllegalStateException("the chapter " + chapter.file() + " is malformed", e);
    }
  }

  private static void requireOrder(Chapter chapter, List<Entry> entries) {
    for (int i = 0; i < entries.size(); i++) {
      String right = chapter.id() + (i < 9 ? "-0" : "-") + (i + 1);
      if (!entries.get(i).id().equals(right)) {
        throw new IllegalArgumentException(
            "in the place of " + right + " is " + entries.get(i).id());
      }
    }
  }

  private static Entry entry(Members members) {
    String id = members.text("id");
    try {
      var entry =
          new Entry(
              id,
              members.text("title"),
              words(members, "classes", Harm.values(), Harm::id),
              word(members.text("severity"), Severity.values(), Severity::id),
              words(members, "technologies", Technology.values(), Technology::id),
              word(members.text("default"), Default.values(), Default::id),
              members.object("acknowledge").map(ChapterFile::acknowledgeable),
              members.text("gets"),
              members.text("instead"),
              members.text("enforced"),
              words(members, "signs", Sign.values(), Sign::id),
              members.optionalText("unseen"),
              members.texts("sources"));
      members.requireEmpty();
      return entry;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the entry " + id + " is malformed", e);
    }
  }

  private static Acknowledgeable acknowledgeable(Members members) {
    var acknowledgeable =
        new Acknowledgeable(
            members.text("risk"), members.flag("production"), members.optionalText("when"));
    members.requireEmpty();
    return acknowledgeable;
  }

  private static <E> E word(String text, E[] known, Function<E, String> id) {
    for (E value : known) {
      if (id.apply(value).equals(text)) {
        return value;
      }
    }
    throw new IllegalArgumentException("an unknown word: " + text);
  }

  private static <E> Set<E> words(Members members, String name, E[] known, Function<E, String> id) {
    var words = new LinkedHashSet<E>();
    for (String text : members.texts(name)) {
      if (!words.add(word(text, known, id))) {
        throw new IllegalArgumentException("a word that stands twice: " + text);
      }
    }
    return words;
  }

  /** The members of an object; each is taken once, and none may be left. */
  private static final class Members {
    private final Map<String, Object> rest = new LinkedHashMap<>();

    /** From the token that begins the object to the one that ends it. */
    static Members read(JsonParser parser) {
      require(parser, JsonToken.START_OBJECT);
      var members = new Members();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if (members.rest.put(name, value(parser)) != null) {
          throw new IllegalArgumentException("a member that stands twice: " + name);
        }
      }
      return members;
    }

    private static Object value(JsonParser parser) {
      return switch (parser.currentToken()) {
        case START_OBJECT -> read(parser);
        case START_ARRAY -> {
          var items = new ArrayList<>();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
          }
          yield items;
        }
        case VALUE_STRING -> parser.getString();
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        default ->
            throw new IllegalArgumentException(
                "not a value of the catalogue: " + parser.currentToken());
      };
    }

    private static void require(JsonParser parser, JsonToken token) {
      if (parser.currentToken() != token) {
        throw new IllegalArgumentException("this is no " + token);
      }
    }

    String text(String name) {
      return need(name, String.class);
    }

    boolean flag(String name) {
      return need(name, Boolean.class);
    }

    Optional<String> optionalText(String name) {
      return rest.containsKey(name) ? Optional.of(text(name)) : Optional.empty();
    }

    Optional<Members> object(String name) {
      return rest.containsKey(name) ? Optional.of(need(name, Members.class)) : Optional.empty();
    }

    List<String> texts(String name) {
      return items(name, String.class);
    }

    List<Members> objects(String name) {
      return items(name, Members.class);
    }

    void requireEmpty() {
      if (!rest.isEmpty()) {
        throw new IllegalArgumentException("unknown members: " + rest.keySet());
      }
    }

    private <T> List<T> items(String name, Class<T> type) {
      var items = new ArrayList<T>();
      for (Object item : need(name, List.class)) {
        items.add(as(name, item, type));
      }
      return items;
    }

    private <T> T need(String name, Class<T> type) {
      var value = rest.remove(name);
      if (value == null) {
        throw new IllegalArgumentException("a member is missing: " + name);
      }
      return as(name, value, type);
    }

    private static <T> T as(String name, Object value, Class<T> type) {
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException("a member of another type: " + name);
      }
      return type.cast(value);
    }
  }
}
