package dev.remit.report;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.Ending;
import dev.remit.launch.Launches;
import dev.remit.plan.Plan;
import java.time.Duration;

/** How guests come to their end, and to a new beginning. */
public final class LifecycleReport {
  private LifecycleReport() {}

  public static Answer ended(Launches.Known known, Ending ending) {
    return end("remit.wait/1", known, ending);
  }

  public static Answer stopped(Launches.Known known, Ending ending) {
    return end("remit.stop/1", known, ending);
  }

  private static Answer end(String schema, Launches.Known known, Ending ending) {
    var json = Json.of(schema);
    json.setAll(LaunchListReport.json(known));
    json.put("wasThere", known.hasNotEnded());
    json.put("endedClaimedByHost", ending.id());
    return new Answer(
        ExitStatus.DONE,
        "%s %s; host's claim: %s"
            .formatted(
                known.name(), known.hasNotEnded() ? "has ended" : "had ended", ending.phrase()),
        json);
  }

  public static Answer wouldStop(Launches.Known known) {
    var json = Json.of("remit.stop/1");
    json.setAll(LaunchListReport.json(known));
    json.put("dryRun", true);
    return new Answer(
        ExitStatus.DONE,
        known.name()
            + (known.hasNotEnded() ? " would be asked to shut down" : " has ended already"),
        json);
  }

  public static Answer wouldRelaunch(Launches.Known old, Plan plan) {
    var json = Json.of("remit.relaunch/1");
    json.setAll(LaunchListReport.json(old));
    json.put("dryRun", true);
    json.put("plan", plan.digest().hex());
    return new Answer(
        ExitStatus.DONE,
        "%s; then %s would be launched from %s, plan %s"
            .formatted(
                old.hasNotEnded()
                    ? "%s (%s) would be asked to shut down".formatted(old.name(), old.launchId())
                    : "%s (%s) has ended already".formatted(old.name(), old.launchId()),
                old.name(),
                plan.documents().specSource().path(),
                plan.digest().hex()),
        json);
  }

  /** Time was up, and nothing was done about it. */
  public static Failure hasNotEnded(Launches.Known known, Duration limit, String fix) {
    return new Failure(
        Diagnostic.of(
            Code.HAS_NOT_ENDED,
            "%s has not ended within %d s".formatted(known.name(), limit.toSeconds()),
            "the host says that its domain %s is still there; nothing was destroyed"
                .formatted(known.launchId()),
            fix));
  }
}
