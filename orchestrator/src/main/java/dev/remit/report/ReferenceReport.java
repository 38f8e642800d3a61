package dev.remit.report;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.ExitStatus;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is the same on every machine: pages of codes, schemas, the table of exit status. */
public final class ReferenceReport {
  private ReferenceReport() {}

  public static Answer page(Code code, String page) {
    var json = Json.of("remit.code/1");
    json.put("code", code.id());
    json.put("title", code.title());
    json.put("status", code.status().number());
    json.put("page", page);
    return new Answer(ExitStatus.DONE, page.stripTrailing(), json);
  }

  public static Answer codes() {
    var json = Json.of("remit.codes/1");
    json.set(
        "codes",
        Json.array(
            List.of(Code.values()),
            code -> {
              var entry = Json.object();
              entry.put("code", code.id());
              entry.put("title", code.title());
              entry.put("status", code.status().number());
              return entry;
            }));
    var lines =
        Arrays.stream(Code.values())
            .map(code -> "%-10s %3d  %s".formatted(code.id(), code.status().number(), code.title()))
            .toList();
    return new Answer(ExitStatus.DONE, String.join("\n", lines), json);
  }

  /** Text that is the same in both forms, under the given member of the JSON. */
  public static Answer text(String schema, String member, String text) {
    var json = Json.of(schema);
    json.put(member, text);
    return new Answer(ExitStatus.DONE, text.stripTrailing(), json);
  }

  /** The schema itself in both forms: it is JSON already. */
  public static Answer schema(String text) {
    return new Answer(
        ExitStatus.DONE,
        text.stripTrailing(),
        (ObjectNode) JsonMapper.builder().build().readTree(text));
  }

  public static Answer exitStatus() {
    var json = Json.of("remit.exit-status/1");
    json.set(
        "status",
        Json.array(
            List.of(ExitStatus.values()),
            status -> {
              var entry = Json.object();
              entry.put("number", status.number());
              entry.put("meaning", status.meaning());
              return entry;
            }));
    var lines =
        Arrays.stream(ExitStatus.values())
            .map(status -> "%3d  %s".formatted(status.number(), status.meaning()))
            .toList();
    return new Answer(ExitStatus.DONE, String.join("\n", lines), json);
  }
}
