package dev.remit.report;

import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Location;
import dev.remit.exposure.Checked;
import dev.remit.exposure.Entry;
import dev.remit.exposure.Ruling;
import dev.remit.exposure.Technology;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What was found in files, for programs that show findings beside code (SARIF 2.1.0, OASIS). */
public final class SarifReport {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

  private SarifReport() {}

  /**
   * The log of one run; its text is empty.
   *
   * @param tee the one technology that counts; empty where each file says it by itself
   */
  public static Answer of(List<Checked> files, Set<Technology> tee, String version) {
    var rules = new LinkedHashMap<String, Entry>();
    var results = new ArrayList<ObjectNode>();
    var notices = new ArrayList<ObjectNode>();
    for (var file : files) {
      for (var judged : CheckReport.judged(file, tee)) {
        rules.putIfAbsent(judged.entry().id(), judged.entry());
        results.add(result(judged, List.copyOf(rules.keySet()).indexOf(judged.entry().id())));
      }
      file.unreadable().forEach(problem -> notices.add(notice(problem)));
    }
    var status = CheckReport.status(files, tee);
    var run = Json.object();
    var driver = run.putObject("tool").putObject("driver");
    driver.put("name", "remit");
    driver.put("version", version);
    driver.set("rules", Json.array(List.copyOf(rules.values()), SarifReport::rule));
    var invocation = run.putArray("invocations").addObject();
    invocation.put("executionSuccessful", notices.isEmpty());
    invocation.put("exitCode", status.number());
    addAll(invocation.putArray("toolExecutionNotifications"), notices);
    addAll(run.putArray("results"), results);
    // Columns are counted in characters, not in units of UTF-16.
    run.put("columnKind", "unicodeCodePoints");
    var log = Json.object();
    log.put("$schema", SCHEMA);
    log.put("version", "2.1.0");
    log.putArray("runs").add(run);
    return new Answer(status, "", log);
  }

  private static void addAll(ArrayNode array, List<ObjectNode> items) {
    items.forEach(array::add);
  }

  private static ObjectNode rule(Entry entry) {
    var rule = Json.object();
    rule.put("id", entry.id());
    rule.putObject("shortDescription").put("text", entry.title());
    rule.putObject("fullDescription").put("text", entry.gets());
    rule.putObject("help").put("text", "Do this instead: " + entry.instead());
    rule.putObject("properties").put("severity", entry.severity().id());
    return rule;
  }

  private static ObjectNode result(CheckReport.Judged judged, int index) {
    var result = Json.object();
    result.put("ruleId", judged.entry().id());
    result.put("ruleIndex", index);
    result.put("level", level(judged.ruling()));
    result
        .putObject("message")
        .put("text", judged.finding().found() + ". " + judged.entry().gets());
    result.putArray("locations").add(location(judged.finding().at()));
    return result;
  }

  private static ObjectNode notice(Diagnostic problem) {
    var notice = Json.object();
    notice.putObject("descriptor").put("id", problem.code().id());
    notice.put("level", "error");
    notice
        .putObject("message")
        .put("text", problem.what() + ": " + problem.why() + "; " + problem.fix());
    problem.at().ifPresent(at -> notice.putArray("locations").add(location(at)));
    return notice;
  }

  private static String level(Ruling ruling) {
    return switch (ruling) {
      case REFUSED, UNACKNOWLEDGED -> "error";
      case WARNING -> "warning";
      case RESIDUAL -> "note";
    };
  }

  private static ObjectNode location(Location at) {
    var location = Json.object();
    var physical = location.putObject("physicalLocation");
    physical.putObject("artifactLocation").put("uri", uri(at.file()));
    switch (at) {
      case Location.InFile _ -> {}
      case Location.InBytes bytes -> physical.putObject("region").put("byteOffset", bytes.offset());
      case Location.InText text -> {
        var region = physical.putObject("region");
        region.put("startLine", text.line());
        region.put("startColumn", text.column());
        region.put("endColumn", text.column() + text.length());
      }
    }
    return location;
  }

  /** A reference that has nothing but a path (RFC 3986, section 3.3). */
  private static String uri(String file) {
    var uri = new StringBuilder();
    for (byte octet : file.getBytes(StandardCharsets.UTF_8)) {
      char sign = (char) (octet & 0xff);
      boolean plain =
          (sign >= 'a' && sign <= 'z')
              || (sign >= 'A' && sign <= 'Z')
              || (sign >= '0' && sign <= '9')
              || "-._~/".indexOf(sign) >= 0;
      if (plain) {
        uri.append(sign);
      } else {
        uri.append("%%%02X".formatted((int) sign));
      }
    }
    // Two slashes at the start would name a host.
    return uri.toString().startsWith("//")
        ? "/" + uri.toString().replaceFirst("^/+", "")
        : uri.toString();
  }
}
