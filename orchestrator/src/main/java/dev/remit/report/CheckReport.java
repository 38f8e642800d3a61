package dev.remit.report;

import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import dev.remit.exposure.Acknowledgeable;
import dev.remit.exposure.Catalogue;
import dev.remit.exposure.Checked;
import dev.remit.exposure.Entry;
import dev.remit.exposure.Finding;
import dev.remit.exposure.Ruling;
import dev.remit.exposure.SubjectKind;
import dev.remit.exposure.Technology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** What was found in files of anybody, worst first, with what to do instead. */
public final class CheckReport {
  private static final int MOST_PLACES = 10;

  /** A finding with what the catalogue says of it. */
  record Judged(Ruling ruling, Entry entry, Finding finding) {}

  private CheckReport() {}

  /**
   * The answer as text and as JSON.
   *
   * @param tee the one technology that counts; empty where each file says it by itself
   * @param everything whether what remains in any case is listed, and not only counted
   */
  public static Answer of(List<Checked> files, Set<Technology> tee, boolean everything) {
    var json = Json.of("remit.check/1");
    var status = status(files, tee);
    json.put("status", status.number());
    json.set("files", Json.array(files, file -> json(file, tee)));
    var counts = Json.object();
    count(files.stream().flatMap(file -> judged(file, tee).stream()).toList())
        .forEach((ruling, number) -> counts.put(key(ruling), number));
    counts.put("unreadable", files.stream().mapToInt(file -> file.unreadable().size()).sum());
    json.set("counts", counts);
    var parts = new ArrayList<String>();
    for (var file : files) {
      parts.add(text(file, tee, everything));
    }
    if (files.size() > 1) {
      parts.add(summary(files, tee));
    }
    return new Answer(status, String.join("\n\n", parts), json);
  }

  static ExitStatus status(List<Checked> files, Set<Technology> tee) {
    boolean stopped =
        files.stream()
            .anyMatch(file ->
                !file.unreadable().isEmpty()
                    || judged(file, tee).stream().anyMatch(each -> each.ruling().stops()));
    return stopped ? ExitStatus.INPUT : ExitStatus.DONE;
  }

  /** Worst first, and else in the order of the file. */
  static List<Judged> judged(Checked file, Set<Technology> tee) {
    var used = tee.isEmpty() ? file.used() : tee;
    return file.findings().stream()
        .map(finding -> {
          var entry = Catalogue.builtIn().require(finding.id());
          return new Judged(Ruling.of(entry, finding.form()), entry, finding);
        })
        .filter(judged -> !Collections.disjoint(judged.entry().technologies(), used))
        .sorted(Comparator.comparing(Judged::ruling))
        .toList();
  }

  private static Map<Ruling, Integer> count(List<Judged> all) {
    var counts = new EnumMap<Ruling, Integer>(Ruling.class);
    for (var ruling : Ruling.values()) {
      counts.put(ruling, 0);
    }
    all.forEach(each -> counts.merge(each.ruling(), 1, Integer::sum));
    return counts;
  }

  private static String summary(List<Checked> files, Set<Technology> tee) {
    var all = files.stream().flatMap(file -> judged(file, tee).stream()).toList();
    int unreadable = files.stream().mapToInt(file -> file.unreadable().size()).sum();
    return files.size() + " files: " + counted(all, unreadable);
  }

  private static String counted(List<Judged> all, int unreadable) {
    var words = new ArrayList<String>();
    if (unreadable > 0) {
      words.add(unreadable + " unreadable");
    }
    count(all)
        .forEach((ruling, number) -> {
          if (number > 0) {
            words.add(number + " " + ruling.phrase());
          }
        });
    return words.isEmpty() ? "nothing found" : String.join(", ", words);
  }

  private static String text(Checked file, Set<Technology> tee, boolean everything) {
    var all = judged(file, tee);
    var text = new StringBuilder(HostText.line(file.file())).append(": ");
    file.kind().ifPresent(kind -> text.append(kind.title()).append(": "));
    file.verdict()
        .ifPresent(verdict ->
            text.append(verdict.word()).append(": ").append(verdict.meaning()).append(": "));
    text.append(counted(all, file.unreadable().size()));
    for (var problem : file.unreadable()) {
      text.append("\n\n").append(text(problem));
    }
    byEntry(all)
        .forEach((ruling, entries) -> {
          if (ruling == Ruling.RESIDUAL && !everything) {
            int number = entries.values().stream().mapToInt(List::size).sum();
            text.append("\n\nRESIDUAL  ")
                .append(number)
                .append(number == 1 ? " risk remains" : " risks remain")
                .append(" in any case; -v lists them");
          } else {
            entries.values().forEach(same -> text.append("\n\n").append(text(same)));
          }
        });
    return text.toString();
  }

  private static Map<Ruling, Map<String, List<Judged>>> byEntry(List<Judged> all) {
    var groups = new EnumMap<Ruling, Map<String, List<Judged>>>(Ruling.class);
    for (var each : all) {
      groups
          .computeIfAbsent(each.ruling(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(each.entry().id(), _ -> new ArrayList<>())
          .add(each);
    }
    return groups;
  }

  private static String text(List<Judged> same) {
    var first = same.getFirst();
    var entry = first.entry();
    var text =
        new StringBuilder("%s  %s  %s".formatted(word(first.ruling()), entry.id(), entry.title()));
    text.append("\n  ").append(entry.gets());
    for (var each : same.subList(0, Math.min(same.size(), MOST_PLACES))) {
      text.append("\n  found: ")
          .append(place(each.finding().at()))
          .append(": ")
          .append(each.finding().found());
    }
    if (same.size() > MOST_PLACES) {
      text.append("\n  found: ").append(same.size() - MOST_PLACES).append(" more places");
    }
    text.append("\n  do this instead: ").append(entry.instead());
    if (first.ruling() == Ruling.UNACKNOWLEDGED) {
      entry
          .acknowledgeable()
          .filter(Acknowledgeable::isInSpecs)
          .ifPresent(how ->
              text.append("\n  a document of Remit would need: acknowledge: - {risk: ")
                  .append(how.risk())
                  .append(", reason: \"\", until: YYYY-MM-DD}"));
    }
    return text.append("\n  more: remit explain ").append(entry.id()).toString();
  }

  private static String text(Diagnostic problem) {
    var text =
        new StringBuilder("UNREADABLE  %s  %s".formatted(problem.code().id(), problem.what()));
    problem.at().ifPresent(at -> text.append("\n  found: ").append(place(at)));
    return text.append("\n  why: ")
        .append(problem.why())
        .append("\n  fix: ")
        .append(problem.fix())
        .toString();
  }

  static String place(Location at) {
    return switch (at) {
      case Location.InFile file -> file.file();
      case Location.InBytes bytes -> bytes.file() + ", byte " + bytes.offset();
      case Location.InText text -> text.file() + ":" + text.line() + ":" + text.column();
    };
  }

  private static String word(Ruling ruling) {
    return ruling.phrase().toUpperCase(Locale.ROOT);
  }

  /** As a name in JSON. */
  private static String key(Ruling ruling) {
    return switch (ruling) {
      case REFUSED -> "refused";
      case UNACKNOWLEDGED -> "unacknowledged";
      case WARNING -> "warning";
      case RESIDUAL -> "residual";
    };
  }

  private static ObjectNode json(Checked file, Set<Technology> tee) {
    var json = Json.object();
    json.put("file", HostText.line(file.file()));
    file.kind().map(SubjectKind::id).ifPresent(kind -> json.put("kind", kind));
    file.verdict().ifPresent(verdict -> json.put("verdict", verdict.word()));
    json.set("findings", Json.array(judged(file, tee), CheckReport::json));
    json.set("unreadable", Json.array(file.unreadable(), DiagnosticReport::json));
    return json;
  }

  private static ObjectNode json(Judged judged) {
    var entry = judged.entry();
    var json = Json.object();
    json.put("id", entry.id());
    json.put("ruling", key(judged.ruling()));
    json.put("severity", entry.severity().id());
    json.put("title", entry.title());
    json.set("at", DiagnosticReport.json(judged.finding().at()));
    json.put("found", judged.finding().found());
    json.put("gets", entry.gets());
    json.put("instead", entry.instead());
    if (judged.ruling() == Ruling.UNACKNOWLEDGED) {
      entry.acknowledgeable().ifPresent(how -> json.put("risk", how.risk()));
    }
    return json;
  }
}
