package dev.remit.report;

import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.launch.GuestConsole.Said;
import dev.remit.launch.Journals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a guest said, by its host's word. */
public final class ConsoleReport {
  private static final String MARGIN = "  | ";

  private ConsoleReport() {}

  /** The last lines, however many there are. */
  public static Answer of(Journals.Entry entry, Path file, Said said, int lines, Instant now) {
    var last = last(said, lines);
    var json = Json.of("remit.console/1");
    json.put("name", entry.intent().name());
    json.put("launch", entry.intent().launchId().toString());
    json.put("simulated", entry.intent().simulated());
    json.put("file", file.toString());
    json.put("grewAtClaimedByHost", said.grewAt().toString());
    json.put("silentSeconds", silence(said, now).toSeconds());
    var claimed = json.putArray("linesClaimedByHost");
    shown(said, lines).forEach(line -> claimed.add(line.toString()));
    var text = new ArrayList<>(List.of(headline(entry, said, now)));
    text.addAll(last);
    return new Answer(ExitStatus.DONE, String.join("\n", text), json);
  }

  /** Whose words follow, and how old they are. */
  public static String headline(Journals.Entry entry, Said said, Instant now) {
    return "%s (%s%s), host's word: %s, nothing for %d s"
        .formatted(
            entry.intent().name(),
            entry.intent().launchId(),
            entry.intent().simulated() ? ", SIMULATED" : "",
            said.size() == 0 ? "it said nothing" : "it said %d bytes".formatted(said.size()),
            silence(said, now).toSeconds());
  }

  /** Never negative, whatever the host's clock says. */
  public static Duration silence(Said said, Instant now) {
    var silence = Duration.between(said.grewAt(), now);
    return silence.isNegative() ? Duration.ZERO : silence;
  }

  /** As they are shown to people. */
  public static List<String> last(Said said, int lines) {
    return shown(said, lines).stream().map(ConsoleReport::line).toList();
  }

  private static List<HostText> shown(Said said, int lines) {
    var all = new ArrayList<>(said.lines());
    if (!said.unfinished().raw().isEmpty()) {
      all.add(said.unfinished());
    }
    return all.subList(Math.max(0, all.size() - lines), all.size());
  }

  public static String line(HostText line) {
    return MARGIN + line;
  }

  /** After all lines of a console that was followed. */
  public static Answer end(Journals.Entry entry) {
    var json = Json.of("remit.console/1");
    json.put("name", entry.intent().name());
    return new Answer(
        ExitStatus.DONE,
        entry.intent().name()
            + " has ended: "
            + entry.ending().map(ending -> "host's claim: " + ending.phrase()).orElse("destroyed"),
        json);
  }
}
