package dev.remit.report;

import dev.remit.bytes.Bytes;
import dev.remit.measurement.Neighbours.Finding;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which input was wrong, where a launch measurement differs. */
final class DifferenceReport {
  private DifferenceReport() {}

  /**
   * @param hashes of the files that were expected, 32 bytes each, in the order to show them
   */
  static String text(Finding finding, Map<String, Bytes> hashes) {
    return switch (finding) {
      case Finding.Fits fits ->
          "what fits: "
              + fits.sentence()
              + "\n(computed again with that, the MAC is the reported one, bit for bit)";
      case Finding.NothingNear nothing ->
          String.join(
              "\n",
              Stream.concat(
                      Stream.of(
                          "what fits: nothing near; %,d MACs of neighbours were computed"
                              .formatted(nothing.tried()),
                          "most likely one of these files is another one at the host:"),
                      hashes.entrySet().stream()
                          .map(each ->
                              "  %-12s sha256:%s".formatted(each.getKey(), each.getValue().hex())))
                  .toList());
    };
  }

  static ObjectNode json(Finding finding) {
    var json = Json.object();
    switch (finding) {
      case Finding.Fits fits -> {
        json.put("found", true);
        json.put("sentence", fits.sentence());
        json.set("changes", changes(fits));
      }
      case Finding.NothingNear nothing -> {
        json.put("found", false);
        json.put("tried", nothing.tried());
        json.set("changes", Json.array(List.of(), each -> Json.object()));
      }
    }
    return json;
  }

  private static ArrayNode changes(Finding.Fits fits) {
    return Json.array(
        fits.changes(),
        change -> {
          var entry = Json.object();
          entry.put("input", change.input().id());
          entry.put("expected", change.expected());
          entry.put("found", change.found());
          return entry;
        });
  }
}
