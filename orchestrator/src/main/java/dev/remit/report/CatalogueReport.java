package dev.remit.report;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.exposure.Acknowledgeable;
import dev.remit.exposure.Chapter;
import dev.remit.exposure.Default;
import dev.remit.exposure.Entry;
import dev.remit.exposure.Harm;
import dev.remit.exposure.Sign;
import dev.remit.exposure.Technology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Entries of the leak catalogue. */
public final class CatalogueReport {
  /** Columns of a terminal. */
  private static final int WIDTH = 80;

  private CatalogueReport() {}

  public static Answer of(Entry entry) {
    var json = Json.of("remit.catalogue-entry/1");
    json.setAll(json(entry));
    return new Answer(ExitStatus.DONE, text(entry), json);
  }

  public static Answer of(Chapter chapter, List<Entry> entries) {
    var json = Json.of("remit.catalogue-chapter/1");
    json.put("chapter", chapter.id());
    json.put("title", chapter.title());
    json.set("entries", Json.array(entries, CatalogueReport::json));
    var lines =
        entries.stream()
            .map(entry ->
                "%-8s %-9s %-12s %s"
                    .formatted(
                        entry.id(), entry.severity().id(), entry.byDefault().id(), entry.title()))
            .toList();
    return new Answer(ExitStatus.DONE, String.join("\n", lines), json);
  }

  private static String text(Entry entry) {
    var parts = new ArrayList<String>();
    parts.add("%s, %s: %s".formatted(entry.id(), entry.severity().id(), entry.title()));
    parts.add(part("What the host gets", entry.gets()));
    parts.add(byDefault(entry));
    parts.add(part("Instead", entry.instead()));
    parts.add(part("What stops a host that lies", entry.enforced()));
    parts.add(part("Where Remit looks", looks(entry)));
    parts.add(
        String.join(
            "\n",
            hanging("harm", listed(entry.harms(), Harm::id, ", ")),
            hanging("technologies", listed(entry.technologies(), Technology::title, ", ")),
            hanging("sources", String.join("; ", entry.sources()))));
    return String.join("\n\n", parts);
  }

  private static String byDefault(Entry entry) {
    String heading = "By default: " + entry.byDefault().phrase();
    if (entry.acknowledgeable().isEmpty()) {
      return entry.byDefault() == Default.REFUSE
          ? heading + "\n  No acknowledgment is possible."
          : heading;
    }
    var acknowledgeable = entry.acknowledgeable().get();
    if (!acknowledgeable.isInSpecs()) {
      return heading
          + "\n"
          + wrapped(
              "The risk is called "
                  + acknowledgeable.risk()
                  + ". No spec of this release can take it: Remit writes nothing that would.",
              "  ");
    }
    return heading
        + "\n"
        + wrapped(covers(acknowledgeable), "  ")
        + "\n    acknowledge:\n      - {risk: "
        + acknowledgeable.risk()
        + ", reason: \"...\", until: 2030-12-31}";
  }

  private static String covers(Acknowledgeable acknowledgeable) {
    String profiles =
        acknowledgeable.inProduction() ? "in every profile" : "except in profile production";
    return acknowledgeable
        .when()
        .map(when -> "May be acknowledged " + profiles + ", where " + when + ":")
        .orElse("May be acknowledged " + profiles + ":");
  }

  private static String looks(Entry entry) {
    return entry
        .unseen()
        .map(
            why -> "No rule over files can see it. " + why + " It shows in: " + places(entry) + ".")
        .orElseGet(() -> "It shows in: " + places(entry) + ".");
  }

  private static String places(Entry entry) {
    return listed(entry.signs(), Sign::place, "; ");
  }

  private static <E> String listed(Collection<E> values, Function<E, String> name, String joint) {
    return values.stream().map(name).collect(Collectors.joining(joint));
  }

  private static String part(String heading, String text) {
    return heading + "\n" + wrapped(text, "  ");
  }

  /** A name and its value, which goes on below itself. */
  private static String hanging(String name, String text) {
    String margin = " ".repeat(14);
    return "%-13s %s".formatted(name, wrapped(text, margin).stripLeading());
  }

  private static String wrapped(String text, String margin) {
    var wrapped = new StringBuilder();
    var line = new StringBuilder(margin);
    for (String word : text.split(" ", -1)) {
      if (line.length() > margin.length() && line.length() + 1 + word.length() > WIDTH) {
        wrapped.append(line).append('\n');
        line = new StringBuilder(margin);
      }
      line.append(line.length() > margin.length() ? " " : "").append(word);
    }
    return wrapped.append(line).toString();
  }

  private static ObjectNode json(Entry entry) {
    var json = Json.object();
    json.put("id", entry.id());
    json.put("title", entry.title());
    ids(json, "classes", entry.harms(), Harm::id);
    json.put("severity", entry.severity().id());
    ids(json, "technologies", entry.technologies(), Technology::id);
    json.put("default", entry.byDefault().id());
    entry
        .acknowledgeable()
        .ifPresent(acknowledgeable -> {
          var object = json.putObject("acknowledge");
          object.put("risk", acknowledgeable.risk());
          object.put("production", acknowledgeable.inProduction());
          acknowledgeable.when().ifPresent(when -> object.put("when", when));
        });
    json.put("gets", entry.gets());
    json.put("instead", entry.instead());
    json.put("enforced", entry.enforced());
    ids(json, "signs", entry.signs(), Sign::id);
    entry.unseen().ifPresent(why -> json.put("unseen", why));
    ids(json, "sources", entry.sources(), source -> source);
    return json;
  }

  private static <E> void ids(
      ObjectNode json, String member, Collection<E> values, Function<E, String> id) {
    var array = json.putArray(member);
    values.forEach(value -> array.add(id.apply(value)));
  }
}
