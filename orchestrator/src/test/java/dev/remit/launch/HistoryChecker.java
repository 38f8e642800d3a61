package dev.remit.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says which promise a history breaks. It shares no code with what wrote the history: a history is
 * text, one flat JSON object a line, each with a member {@code launch} and one of
 *
 * <ul>
 *   <li>{@code event}: a line of the tenant's journal;
 *   <li>{@code effect}: what truly happened at the host, as the host itself knows it: {@code
 *       started}, {@code injected}, {@code resumed} (by Remit), {@code gone}, and {@code alive} for
 *       a domain that is there at the end; with {@code incarnation}, which QEMU it was;
 *   <li>{@code run}: {@code begun}, {@code killed}, or {@code told} with {@code verdict} and {@code
 *       status}: what the user saw.
 * </ul>
 *
 * <p>Lines of one kind and launch are in their order. Lines of the journal may all precede the
 * others, because each is durable before the host is asked for what it announces.
 */
public final class HistoryChecker {
  /** What a history can break. */
  public enum Rule {
    UNREADABLE,
    NO_INTENT,
    INTENDED_TWICE,
    NOT_STARTED,
    TWO_VERDICTS,
    NOT_MEASURED,
    INJECTING_WITHOUT_TRUST,
    INJECTING_TWICE,
    NOT_ANNOUNCED,
    RELEASED_WITHOUT_INJECTION,
    STOPPED_WITHOUT_RELEASE,
    AFTER_THE_END,
    LEFT_OVER,
    STARTED_TWICE,
    STARTED_WITHOUT_INTENT,
    SECOND_INJECTION,
    INJECTED_UNANNOUNCED,
    RESUMED_WITHOUT_VERDICT,
    RESUMED_AFTER_AMBIGUITY,
    ORPHAN,
    NO_OUTCOME,
    TWO_OUTCOMES,
    WRONG_STATUS,
    TRUSTED_BUT_NOT_RELEASED,
    RELEASED_BUT_NOT_TOLD
  }

  /** One broken promise. */
  public record Violation(Rule rule, String launch, String line) {}

  private static final Pattern OBJECT = Pattern.compile("\\{(.*)}");
  private static final String TEXT = "\"(?:[^\"\\\\]|\\\\.)*\"";
  // Objects of objects are passed over: nothing that is judged stands in them.
  private static final String INNER = "\\{(?:[^{}\"]|" + TEXT + ")*}";
  private static final String OUTER = "\\{(?:[^{}\"]|" + TEXT + "|" + INNER + ")*}";
  private static final Pattern MEMBER =
      Pattern.compile(
          "\"([A-Za-z]+)\":(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(true|false|-?[0-9]+)|"
              + OUTER
              + ")(?:,|$)");

  private static final Set<String> VERDICTS = Set.of("trusted", "refused", "undecided");

  private static final Map<String, Integer> STATUS =
      Map.of("trusted", 0, "refused", 7, "undecided", 6);

  private final List<Violation> violations = new ArrayList<>();
  private final Map<String, Launch> launches = new LinkedHashMap<>();

  private HistoryChecker() {}

  /** Empty for a good history, which is complete: nothing is under way any more. */
  public static List<Violation> violations(List<String> history) {
    var checker = new HistoryChecker();
    for (String line : history) {
      checker.take(line);
    }
    checker.launches.values().forEach(Launch::end);
    return List.copyOf(checker.violations);
  }

  /** The lines of a folder of journals, each told which launch it is of. */
  public static List<String> journals(Path folder) throws IOException {
    var lines = new ArrayList<String>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".jsonl")) {
          lines.addAll(journal(name.replace(".jsonl", ""), Files.readString(file)));
        }
      }
    }
    return lines;
  }

  /** What follows the last line end was torn, and does not count. */
  static List<String> journal(String launch, String text) {
    int end = text.lastIndexOf('\n');
    if (end < 0) {
      return List.of();
    }
    return text.substring(0, end)
        .lines()
        .map(line ->
            line.contains("\"launch\":")
                ? line
                : line.replaceFirst("^\\{", "{\"launch\":\"" + launch + "\","))
        .toList();
  }

  private void take(String line) {
    var members = members(line);
    String id = members.getOrDefault("launch", "");
    if (id.isEmpty()) {
      violations.add(new Violation(Rule.UNREADABLE, id, line));
      return;
    }
    var launch = launches.computeIfAbsent(id, Launch::new);
    if (members.containsKey("event")) {
      launch.event(members.get("event"), line);
    } else if (members.containsKey("effect")) {
      launch.effect(members.get("effect"), members.getOrDefault("incarnation", "1"), line);
    } else {
      launch.run(members, line);
    }
  }

  /** Empty where the line is not one object; an object in it counts as no text. */
  private static Map<String, String> members(String line) {
    var object = OBJECT.matcher(line);
    var members = new HashMap<String, String>();
    if (!object.matches()) {
      return members;
    }
    String rest = object.group(1);
    while (!rest.isEmpty()) {
      var member = MEMBER.matcher(rest);
      if (!member.lookingAt()) {
        return new HashMap<>();
      }
      String value =
          Stream.of(2, 3).map(member::group).filter(Objects::nonNull).findFirst().orElse("");
      if (members.put(member.group(1), value) != null) {
        return new HashMap<>();
      }
      rest = rest.substring(member.end());
    }
    return members;
  }

  /** What is known so far of one launch. */
  private final class Launch {
    private final String id;
    private final Set<String> events = new HashSet<>();
    private final Set<String> startedIncarnations = new HashSet<>();
    private final Set<String> injectedIncarnations = new HashSet<>();
    private final Set<String> alive = new HashSet<>();
    private String last = "";
    private boolean begun;
    private boolean killed;
    private @Nullable String told;

    Launch(String id) {
      this.id = id;
    }

    void event(String event, String line) {
      if (events.isEmpty()) {
        require(event.equals("intended"), Rule.NO_INTENT, line);
      } else {
        require(!event.equals("intended"), Rule.INTENDED_TWICE, line);
      }
      require(mayFollow(event), Rule.AFTER_THE_END, line);
      switch (event) {
        case "intended", "started", "destroyed" -> {}
        case "stopping", "ended" ->
            require(events.contains("released"), Rule.STOPPED_WITHOUT_RELEASE, line);
        case "measured" -> require(events.contains("started"), Rule.NOT_STARTED, line);
        case "trusted", "refused", "undecided" -> {
          require(events.contains("measured"), Rule.NOT_MEASURED, line);
          require(VERDICTS.stream().noneMatch(events::contains), Rule.TWO_VERDICTS, line);
        }
        case "injecting" -> {
          require(last.equals("trusted"), Rule.INJECTING_WITHOUT_TRUST, line);
          require(!events.contains("injecting"), Rule.INJECTING_TWICE, line);
        }
        case "injected" -> require(last.equals("injecting"), Rule.NOT_ANNOUNCED, line);
        case "released" -> require(last.equals("injected"), Rule.RELEASED_WITHOUT_INJECTION, line);
        default -> require(false, Rule.UNREADABLE, line);
      }
      events.add(event);
      last = event;
    }

    private boolean mayFollow(String event) {
      return switch (last) {
        case "destroyed" -> false;
        case "ended" -> event.equals("destroyed");
        case "released", "stopping" -> Set.of("stopping", "ended", "destroyed").contains(event);
        default -> true;
      };
    }

    void effect(String effect, String incarnation, String line) {
      switch (effect) {
        case "started" -> {
          require(events.contains("intended"), Rule.STARTED_WITHOUT_INTENT, line);
          require(startedIncarnations.isEmpty(), Rule.STARTED_TWICE, line);
          startedIncarnations.add(incarnation);
        }
        case "injected" -> {
          require(events.contains("injecting"), Rule.INJECTED_UNANNOUNCED, line);
          require(injectedIncarnations.add(incarnation), Rule.SECOND_INJECTION, line);
        }
        case "resumed" -> {
          require(events.contains("trusted"), Rule.RESUMED_WITHOUT_VERDICT, line);
          require(events.contains("injected"), Rule.RESUMED_AFTER_AMBIGUITY, line);
        }
        case "alive" -> alive.add(incarnation);
        case "gone" -> {}
        default -> require(false, Rule.UNREADABLE, line);
      }
    }

    void run(Map<String, String> members, String line) {
      switch (members.getOrDefault("run", "")) {
        case "begun" -> begun = true;
        case "killed" -> killed = true;
        case "told" -> {
          require(told == null, Rule.TWO_OUTCOMES, line);
          String verdict = members.getOrDefault("verdict", "none");
          told = verdict;
          int status = Integer.parseInt(members.getOrDefault("status", "-1"));
          require(
              verdict.equals("none")
                  ? !STATUS.containsValue(status) && status > 0
                  : STATUS.getOrDefault(verdict, -1) == status,
              Rule.WRONG_STATUS,
              line);
        }
        default -> require(false, Rule.UNREADABLE, line);
      }
    }

    void end() {
      boolean runs = last.equals("released") || last.equals("stopping");
      if (!events.isEmpty()) {
        require(runs || last.equals("ended") || last.equals("destroyed"), Rule.LEFT_OVER, last);
      }
      require(runs || alive.isEmpty(), Rule.ORPHAN, "alive: " + alive);
      require(!begun || killed || told != null, Rule.NO_OUTCOME, last);
      if (told != null) {
        boolean trusted = told.equals("trusted");
        require(!trusted || events.contains("released"), Rule.TRUSTED_BUT_NOT_RELEASED, last);
        require(trusted || !runs, Rule.RELEASED_BUT_NOT_TOLD, last);
      }
    }

    private void require(boolean holds, Rule rule, String line) {
      if (!holds) {
        violations.add(new Violation(rule, id, line));
      }
    }
  }
}
