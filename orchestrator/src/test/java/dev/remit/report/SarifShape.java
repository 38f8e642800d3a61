package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What the schema of SARIF 2.1.0 (OASIS, sarif-schema-2.1.0.json) demands of the members that Remit
 * writes: those that are required, types, ranges, and that nothing else stands there.
 */
public final class SarifShape {
  private SarifShape() {}

  public static void require(JsonNode log) {
    only(log, List.of("version", "runs"), List.of("$schema"));
    assertThat(log.path("version").stringValue()).isEqualTo("2.1.0");
    for (var run : log.path("runs")) {
      only(run, List.of("tool"), List.of("results", "invocations", "columnKind"));
      assertThat(run.path("columnKind").stringValue()).isIn("utf16CodeUnits", "unicodeCodePoints");
      only(run.path("tool"), List.of("driver"), List.of());
      var driver = run.path("tool").path("driver");
      only(driver, List.of("name"), List.of("version", "rules"));
      var ids = new ArrayList<String>();
      for (var rule : driver.path("rules")) {
        only(
            rule,
            List.of("id", "shortDescription", "help"),
            List.of("fullDescription", "properties"));
        text(rule.path("shortDescription"));
        text(rule.path("fullDescription"));
        text(rule.path("help"));
        ids.add(rule.path("id").stringValue());
      }
      assertThat(ids).doesNotHaveDuplicates();
      for (var invocation : run.path("invocations")) {
        only(
            invocation,
            List.of("executionSuccessful"),
            List.of("exitCode", "toolExecutionNotifications"));
        for (var notice : invocation.path("toolExecutionNotifications")) {
          only(notice, List.of("message"), List.of("descriptor", "level", "locations"));
          message(notice);
        }
      }
      for (var result : run.path("results")) {
        only(result, List.of("message"), List.of("ruleId", "ruleIndex", "level", "locations"));
        message(result);
        assertThat(ids.get(result.path("ruleIndex").intValue()))
            .isEqualTo(result.path("ruleId").stringValue());
      }
    }
  }

  private static void message(JsonNode node) {
    text(node.path("message"));
    assertThat(node.path("level").stringValue()).isIn("none", "note", "warning", "error");
    for (var location : node.path("locations")) {
      only(location, List.of("physicalLocation"), List.of());
      var physical = location.path("physicalLocation");
      only(physical, List.of("artifactLocation"), List.of("region"));
      var uri = URI.create(physical.path("artifactLocation").path("uri").stringValue());
      assertThat(uri.getScheme()).isNull();
      assertThat(uri.getAuthority()).isNull();
      var region = physical.path("region");
      if (!region.isMissingNode()) {
        only(region, List.of(), List.of("startLine", "startColumn", "endColumn", "byteOffset"));
        for (var member : List.of("startLine", "startColumn", "endColumn")) {
          assertThat(region.path(member).intValue(1)).isPositive();
        }
        assertThat(region.path("byteOffset").longValue(0)).isNotNegative();
      }
    }
  }

  private static void text(JsonNode message) {
    only(message, List.of("text"), List.of());
    assertThat(message.path("text").stringValue()).isNotBlank();
  }

  private static void only(JsonNode node, List<String> required, List<String> optional) {
    assertThat(node.isObject()).isTrue();
    Set<String> names = Set.copyOf(node.propertyNames());
    assertThat(names).containsAll(required);
    var more = new ArrayList<>(names);
    more.removeAll(required);
    assertThat(optional).containsAll(more);
  }
}
