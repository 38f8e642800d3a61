package dev.remit.report;

import dev.remit.trust.Check;
import dev.remit.trust.Outcome;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/** Checks in REMIT order, one a line. */
final class CheckTable {
  private CheckTable() {}

  static String text(List<Check> checks) {
    int widest = checks.stream().mapToInt(check -> check.subject().length()).max().orElse(0);
    return String.join("\n", checks.stream().map(check -> line(check, widest)).toList());
  }

  private static String line(Check check, int widest) {
    String head = "  %c  %-11s  %-" + Math.max(widest, 1) + "s  %-7s  ";
    return head.formatted(
            check.stage().letter(), check.stage().title(), check.subject(), check.outcome())
        + finding(check);
  }

  private static String finding(Check check) {
    return switch (check.outcome()) {
      case PASS -> check.actual();
      case WAIVED -> "acknowledged " + check.expected() + ": " + check.actual();
      case FAIL, UNKNOWN ->
          "expected " + check.expected() + "; found " + check.actual() + "  " + check.code().id();
    };
  }

  static String count(List<Check> checks) {
    long passed = checks.stream().filter(check -> check.outcome() == Outcome.PASS).count();
    long asked = checks.stream().filter(check -> check.outcome() != Outcome.WAIVED).count();
    return passed + " of " + asked + " checks passed";
  }

  static ArrayNode json(List<Check> checks) {
    return Json.array(
        checks,
        check -> {
          var json = Json.object();
          json.put("stage", String.valueOf(check.stage().letter()));
          json.put("code", check.code().id());
          json.put("subject", check.subject());
          json.put("outcome", check.outcome().name());
          json.put("expected", check.expected());
          json.put("actual", check.actual());
          return json;
        });
  }
}
