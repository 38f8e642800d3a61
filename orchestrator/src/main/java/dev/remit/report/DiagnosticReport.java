package dev.remit.report;

import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.Location;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Bad news: all of it at once, in the order in which it was found. */
public final class DiagnosticReport {
  private DiagnosticReport() {}

  /** The status of the first one: what was found first stops the program. */
  public static Answer of(List<Diagnostic> diagnostics) {
    if (diagnostics.isEmpty()) {
      throw new IllegalArgumentException("no news is good news, and has another report");
    }
    var json = Json.of("remit.diagnostics/1");
    json.put("status", diagnostics.getFirst().code().status().number());
    json.set("diagnostics", Json.array(diagnostics, DiagnosticReport::json));
    return new Answer(
        diagnostics.getFirst().code().status(),
        String.join("\n\n", diagnostics.stream().map(DiagnosticReport::text).toList()),
        json);
  }

  private static String text(Diagnostic diagnostic) {
    String severity = diagnostic.code().status() == ExitStatus.INTERRUPTED ? "stopped" : "error";
    var text =
        new StringBuilder("remit: %s[%s]: ".formatted(severity, diagnostic.code().id()))
            .append(diagnostic.what());
    diagnostic.at().ifPresent(place -> text.append('\n').append(text(place)));
    return text.append("\n  why: ")
        .append(diagnostic.why())
        .append("\n  fix: ")
        .append(diagnostic.fix())
        .toString();
  }

  private static String text(Location place) {
    return switch (place) {
      case Location.InFile file -> "  --> " + file.file();
      case Location.InBytes bytes -> "  --> " + bytes.file() + ", byte " + bytes.offset();
      case Location.InText text -> excerpt(text);
    };
  }

  /** Of a very long line only the beginning is shown, and a place behind that is not marked. */
  private static String excerpt(Location.InText place) {
    String number = Integer.toString(place.line());
    String margin = " ".repeat(number.length() + 1);
    String shown = place.text().toString();
    int room = shown.length() + 1 - place.column();
    String marker =
        room < 0
            ? ""
            : " ".repeat(place.column() - 1)
                + "^".repeat(Math.clamp(place.length(), 1, Math.max(room, 1)));
    return """
      --> %s:%d:%d
    %s |
    %s | %s
    %s | %s\
    """
        .formatted(
            place.file(),
            place.line(),
            place.column(),
            margin,
            " " + number,
            shown,
            margin,
            marker);
  }

  static ObjectNode json(Diagnostic diagnostic) {
    var json = Json.object();
    json.put("code", diagnostic.code().id());
    json.put("title", diagnostic.code().title());
    json.put("what", diagnostic.what());
    diagnostic.at().ifPresent(place -> json.set("at", json(place)));
    json.put("why", diagnostic.why());
    json.put("fix", diagnostic.fix());
    return json;
  }

  static ObjectNode json(Location place) {
    var json = Json.object();
    json.put("file", place.file());
    switch (place) {
      case Location.InFile file -> {}
      case Location.InBytes bytes -> json.put("offset", bytes.offset());
      case Location.InText text -> {
        json.put("line", text.line());
        json.put("column", text.column());
      }
    }
    return json;
  }
}
