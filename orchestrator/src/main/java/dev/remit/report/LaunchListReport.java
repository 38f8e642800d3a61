package dev.remit.report;

import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.launch.Hypervisor;
import dev.remit.launch.Launches;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What was launched, and what became of it. */
public final class LaunchListReport {
  private LaunchListReport() {}

  /**
   * Launches in lines.
   *
   * @param unreadable what is said of journals that tell nothing certain
   */
  public static Answer of(List<Launches.Known> launches, List<Diagnostic> unreadable) {
    var json = Json.of("remit.launches/1");
    json.set("launches", Json.array(launches, LaunchListReport::json));
    json.set("unreadable", Json.array(unreadable, DiagnosticReport::json));
    if (launches.isEmpty()) {
      return new Answer(ExitStatus.DONE, "nothing is there", json);
    }
    int widest = launches.stream().mapToInt(known -> name(known).length()).max().orElse(1);
    int widestWord =
        Math.max(10, launches.stream().mapToInt(known -> word(known).length()).max().orElse(1));
    var lines =
        launches.stream()
            .map(known ->
                ("%-" + widest + "s  %-6s  %-9s  %-" + widestWord + "s  %s  %s%s")
                    .formatted(
                        name(known),
                        known.entry().intent().protection().title(),
                        state(known),
                        word(known),
                        known.entry().intent().at(),
                        known.entry().intent().launchId(),
                        known.entry().intent().simulated() ? "  SIMULATED" : ""))
            .toList();
    return new Answer(ExitStatus.DONE, String.join("\n", lines), json);
  }

  /**
   * One launch with the checks that were made at its time.
   *
   * @param bundle where the launch came as far as a verdict
   */
  public static Answer one(Launches.Known known, Optional<ObjectNode> bundle) {
    var intent = known.entry().intent();
    var text = new StringBuilder();
    text.append("name:       ").append(name(known)).append('\n');
    text.append("launch:     ").append(intent.launchId()).append('\n');
    text.append("protection: ").append(intent.protection().title());
    text.append(intent.simulated() ? ", SIMULATED\n" : "\n");
    text.append("host:       ").append(shown(intent.uri())).append('\n');
    text.append("begun:      ").append(intent.at()).append('\n');
    intent
        .origin()
        .ifPresent(origin -> {
          text.append("spec:       ").append(shown(origin.spec().path().toString())).append('\n');
          text.append("plan:       ").append(origin.plan().hex()).append('\n');
        });
    text.append("journal:    ").append(last(known)).append(", ").append(known.entry().lastAt());
    known
        .entry()
        .ending()
        .ifPresent(
            how -> text.append("\nended:      ").append(how.phrase()).append(" (host's claim)"));
    text.append("\nstate:      ").append(state(known)).append(" (host's claim)");
    var json = Json.of("remit.launch/1");
    json.setAll(json(known));
    bundle.ifPresent(stored -> {
      var verdict = stored.path("verdict");
      text.append("\nverdict:    ").append(shown(verdict.path("verdict").asString("?")));
      if (verdict.path("verdict").asString("").equals("TRUSTED")
          && !verdict.path("released").asBoolean(false)) {
        text.append(", never released");
      }
      for (var check : verdict.path("checks")) {
        text.append("\n  ")
            .append(shown(check.path("stage").asString("?")))
            .append("  ")
            .append(shown(check.path("subject").asString("?")))
            .append(": ")
            .append(shown(check.path("outcome").asString("?")))
            .append(", ")
            .append(shown(check.path("actual").asString("?")));
      }
      json.set("verdict", verdict);
    });
    return new Answer(ExitStatus.DONE, text.toString(), json);
  }

  public static Answer wouldDestroy(Launches.Known known) {
    var json = Json.of("remit.destroy/1");
    json.setAll(json(known));
    json.put("dryRun", true);
    return new Answer(
        ExitStatus.DONE,
        known.isThere() ? name(known) + " would be destroyed" : name(known) + " has ended already",
        json);
  }

  public static Answer destroyed(Launches.Known known, boolean wasThere) {
    var json = Json.of("remit.destroy/1");
    json.setAll(json(known));
    json.put("wasThere", wasThere);
    return new Answer(
        ExitStatus.DONE,
        name(known)
            + (wasThere ? " was destroyed" : " had ended already")
            + known.entry().ending().map(how -> "; host's claim: " + how.phrase()).orElse(""),
        json);
  }

  /** Whoever can write the journal chose it. */
  private static String name(Launches.Known known) {
    return shown(known.entry().intent().name());
  }

  private static String shown(String stored) {
    return new HostText(stored).toString();
  }

  private static String state(Launches.Known known) {
    return known.state().map(LaunchListReport::word).orElse("gone");
  }

  private static String word(Hypervisor.DomainState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** The last event; of an end also how, by the host's word. */
  private static String word(Launches.Known known) {
    return last(known) + known.entry().ending().map(how -> ": " + how.id()).orElse("");
  }

  private static String last(Launches.Known known) {
    return known.entry().last().name().toLowerCase(Locale.ROOT);
  }

  static ObjectNode json(Launches.Known known) {
    var intent = known.entry().intent();
    var json = Json.object();
    json.put("name", intent.name());
    json.put("launch", intent.launchId().toString());
    json.put("protection", intent.protection().id());
    json.put("simulated", intent.simulated());
    json.put("uri", intent.uri());
    json.put("begun", intent.at().toString());
    json.put("journal", last(known));
    known.entry().ending().ifPresent(how -> json.put("endedClaimedByHost", how.id()));
    json.put("stateClaimedByHost", state(known));
    intent.origin().ifPresent(origin -> json.put("plan", origin.plan().hex()));
    return json;
  }
}
