package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every leak that Remit knows, by id. */
public final class Catalogue {
  /** Made when it is needed: most commands ask nothing of it. */
  private static final class BuiltIn {
    static final Catalogue CATALOGUE = load();
  }

  private final Map<String, Entry> entries;

  private Catalogue(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /** The entries that are packaged with the program. */
  public static Catalogue builtIn() {
    return BuiltIn.CATALOGUE;
  }

  public Optional<Entry> entry(String id) {
    return Optional.ofNullable(entries.get(id));
  }

  /**
   * The entry that code names.
   *
   * <p>Throws {@link IllegalStateException} where there is none.
   */
  public Entry require(String id) {
    return entry(id)
        .orElseThrow(() -> new IllegalStateException("the catalogue has no entry " + id));
  }

  /** In the order of chapters and numbers. */
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** In the order of numbers. */
  public List<Entry> entries(Chapter chapter) {
    return entries.values().stream().filter(entry -> entry.chapter() == chapter).toList();
  }

  private static Catalogue load() {
    var chapters = new ArrayList<Entry>();
    for (var chapter : Chapter.values()) {
      chapters.addAll(ChapterFile.entries(chapter, packaged(chapter)));
    }
    return of(chapters);
  }

  static Catalogue of(List<Entry> list) {
    var entries = new LinkedHashMap<String, Entry>();
    for (var entry : list) {
      if (entries.put(entry.id(), entry) != null) {
        throw new IllegalStateException("the catalogue has the entry " + entry.id() + " twice");
      }
    }
    return new Catalogue(Collections.unmodifiableMap(entries));
  }

  private static Bytes packaged(Chapter chapter) {
    try (var in = Catalogue.class.getResourceAsStream(chapter.file())) {
      if (in == null) {
        throw new IllegalStateException("this build lacks the chapter " + chapter.file());
      }
      return Bytes.copyOf(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
