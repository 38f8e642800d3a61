package dev.remit.report;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.plan.Checkup.Finding;
import dev.remit.plan.Checkup.Outcome;
import java.util.List;

/** What a host can do, as a list with a fix under each failure. */
public final class CheckupReport {
  private CheckupReport() {}

  public static Answer of(String host, boolean simulated, List<Finding> findings) {
    int widest = findings.stream().mapToInt(each -> each.point().length()).max().orElse(1);
    var text = new StringBuilder();
    text.append("host ").append(HostText.line(host)).append(simulated ? ", SIMULATED" : "");
    for (var finding : findings) {
      text.append(
          ("\n  %-4s  %-" + widest + "s  %s")
              .formatted(finding.outcome(), finding.point(), finding.found()));
      if (!finding.fix().isEmpty()) {
        text.append("\n        fix: ").append(finding.fix());
      }
    }
    var json = Json.of("remit.doctor/1");
    json.put("host", host);
    json.put("simulated", simulated);
    json.set(
        "findings",
        Json.array(
            findings,
            finding -> {
              var entry = Json.object();
              entry.put("point", finding.point());
              entry.put("outcome", finding.outcome().name());
              entry.put("found", finding.found());
              entry.put("fix", finding.fix());
              return entry;
            }));
    boolean fit = findings.stream().noneMatch(each -> each.outcome() == Outcome.FAIL);
    return new Answer(fit ? ExitStatus.DONE : ExitStatus.HOST, text.toString(), json);
  }
}
