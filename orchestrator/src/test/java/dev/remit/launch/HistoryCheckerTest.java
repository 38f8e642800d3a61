package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.launch.HistoryChecker.Rule;
import dev.remit.launch.HistoryChecker.Violation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A history in short: {@code journal:event}, {@code host:effect@incarnation}, {@code user:…}. */
final class HistoryCheckerTest {
  private static final String UNTIL_TRUSTED =
      "journal:intended host:started@1 journal:started journal:measured journal:trusted";
  private static final String UNTIL_INJECTED =
      UNTIL_TRUSTED + " journal:injecting host:injected@1 journal:injected";
  private static final String RELEASED = UNTIL_INJECTED + " host:resumed@1 journal:released";

  static Stream<String> good() {
    return Stream.of(
        "",
        "user:begun " + RELEASED + " user:told(trusted,0) host:alive@1",
        "user:begun " + RELEASED + " user:told(trusted,0)",
        "user:begun " + RELEASED + " user:killed host:alive@1",
        RELEASED + " journal:destroyed host:gone@1",
        RELEASED + " journal:stopping host:alive@1",
        RELEASED + " journal:stopping journal:ended host:gone@1",
        "user:begun " + RELEASED + " user:told(trusted,0) journal:ended journal:destroyed",
        "user:begun user:told(none,4)",
        "user:begun user:told(undecided,6)",
        "user:begun journal:intended journal:destroyed user:told(none,5)",
        "user:begun journal:intended host:started@1 user:killed journal:destroyed host:gone@1",
        "user:begun journal:intended host:started@1 journal:started journal:measured"
            + " journal:refused journal:destroyed host:gone@1 user:told(refused,7)",
        "user:begun "
            + UNTIL_TRUSTED
            + " journal:injecting host:injected@1 journal:destroyed"
            + " user:told(none,5)",
        "user:begun " + UNTIL_INJECTED + " journal:destroyed user:told(none,130)",
        // Somebody replaced the domain: what Remit sent went to each of them once.
        UNTIL_TRUSTED + " journal:injecting host:injected@1 host:injected@2 journal:destroyed");
  }

  @ParameterizedTest
  @MethodSource("good")
  void passesAGoodHistory(String history) {
    assertThat(check(history)).isEmpty();
  }

  static Stream<Arguments> bad() {
    return Stream.of(
        bad(Rule.UNREADABLE, "journal:sunk journal:destroyed", Rule.NO_INTENT),
        bad(Rule.NO_INTENT, "journal:started journal:destroyed"),
        bad(Rule.INTENDED_TWICE, "journal:intended journal:intended journal:destroyed"),
        bad(Rule.NOT_STARTED, "journal:intended journal:measured journal:destroyed"),
        bad(
            Rule.TWO_VERDICTS,
            "journal:intended journal:started journal:measured journal:refused journal:trusted"
                + " journal:destroyed"),
        bad(
            Rule.NOT_MEASURED,
            "journal:intended journal:started journal:trusted journal:destroyed"),
        bad(
            Rule.INJECTING_WITHOUT_TRUST,
            "journal:intended journal:started journal:measured journal:refused journal:injecting"
                + " journal:destroyed"),
        bad(
            Rule.INJECTING_TWICE,
            UNTIL_TRUSTED + " journal:injecting journal:injecting journal:destroyed",
            Rule.INJECTING_WITHOUT_TRUST),
        bad(Rule.NOT_ANNOUNCED, UNTIL_TRUSTED + " journal:injected journal:destroyed"),
        bad(Rule.RELEASED_WITHOUT_INJECTION, UNTIL_TRUSTED + " journal:injecting journal:released"),
        bad(
            Rule.AFTER_THE_END,
            "journal:intended journal:destroyed journal:started journal:destroyed"),
        bad(
            Rule.AFTER_THE_END,
            RELEASED + " journal:injecting",
            Rule.INJECTING_TWICE,
            Rule.INJECTING_WITHOUT_TRUST,
            Rule.LEFT_OVER),
        bad(Rule.STOPPED_WITHOUT_RELEASE, UNTIL_INJECTED + " journal:ended"),
        bad(Rule.LEFT_OVER, UNTIL_INJECTED),
        bad(Rule.ORPHAN, RELEASED + " journal:ended host:alive@1"),
        bad(
            Rule.STARTED_TWICE,
            "journal:intended host:started@1 host:started@2 journal:started journal:destroyed"),
        bad(Rule.STARTED_WITHOUT_INTENT, "host:started@1 host:gone@1"),
        bad(
            Rule.SECOND_INJECTION,
            UNTIL_TRUSTED + " journal:injecting host:injected@1 host:injected@1 journal:destroyed"),
        bad(Rule.INJECTED_UNANNOUNCED, UNTIL_TRUSTED + " host:injected@1 journal:destroyed"),
        bad(
            Rule.RESUMED_WITHOUT_VERDICT,
            "journal:intended host:started@1 journal:started host:resumed@1 journal:destroyed",
            Rule.RESUMED_AFTER_AMBIGUITY),
        bad(
            Rule.RESUMED_AFTER_AMBIGUITY,
            UNTIL_TRUSTED + " journal:injecting host:injected@1 host:resumed@1 journal:destroyed"),
        bad(
            Rule.ORPHAN,
            "journal:intended host:started@1 journal:started journal:destroyed host:alive@1"),
        bad(Rule.NO_OUTCOME, "user:begun journal:intended journal:destroyed"),
        bad(
            Rule.TWO_OUTCOMES,
            "user:begun journal:intended journal:destroyed user:told(none,5) user:told(none,5)"),
        bad(Rule.WRONG_STATUS, "user:begun journal:intended journal:destroyed user:told(none,0)"),
        bad(Rule.WRONG_STATUS, "user:begun user:told(refused,0)"),
        bad(
            Rule.TRUSTED_BUT_NOT_RELEASED,
            "user:begun " + UNTIL_INJECTED + " journal:destroyed user:told(trusted,0)"),
        bad(
            Rule.RELEASED_BUT_NOT_TOLD,
            "user:begun " + RELEASED + " user:told(none,5) host:alive@1"));
  }

  private static Arguments bad(Rule rule, String history, Rule... consequences) {
    return Arguments.of(rule, history, Set.of(consequences));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void flagsABadHistoryForItsReason(Rule rule, String history, Set<Rule> consequences) {
    var expected = new TreeSet<>(consequences);
    expected.add(rule);
    assertThat(check(history).stream().map(Violation::rule).collect(Collectors.toSet()))
        .isEqualTo(expected);
  }

  @Test
  void hasABadHistoryForEveryRule() {
    assertThat(bad().map(arguments -> arguments.get()[0])).contains((Object[]) Rule.values());
  }

  @ParameterizedTest
  @MethodSource("bad")
  void flagsABadHistoryAmongGoodOnes(Rule rule, String history) {
    var all = new ArrayList<>(lines("other", RELEASED));
    all.addAll(lines("bad", history));
    assertThat(HistoryChecker.violations(all)).extracting(Violation::rule).contains(rule);
    assertThat(HistoryChecker.violations(all)).extracting(Violation::launch).containsOnly("bad");
  }

  @ParameterizedTest
  @MethodSource("broken")
  void flagsALineThatTellsOfNoLaunch(String line) {
    assertThat(HistoryChecker.violations(List.of(line)))
        .extracting(Violation::rule)
        .containsExactly(Rule.UNREADABLE);
  }

  static Stream<String> broken() {
    return Stream.of(
        "",
        "{}",
        "not json",
        "{\"event\":\"intended\"}",
        "{\"launch\":\"a\",\"event\":\"intended\"",
        "{\"launch\":\"a\",\"launch\":\"b\",\"event\":\"destroyed\"}",
        "{\"launch\":{\"a\":1},\"event\":\"intended\"}");
  }

  @Test
  void readsTheJournalsOfAFolderAndWhatIsTornInThemDoesNotCount(@TempDir Path folder)
      throws Exception {
    Files.writeString(
        folder.resolve("a.jsonl"),
        """
        {"schema":"remit.journal/1","launch":"a","name":"x\\"y","event":"intended","at":"t"}
        {"event":"started","at":"t"}
        {"event":"destroyed","at":"t"}
        {"event":"rel\
        """);
    Files.writeString(folder.resolve("a.lock"), "");
    Files.writeString(folder.resolve("b.jsonl"), "{\"schema\"");
    var lines = HistoryChecker.journals(folder);
    assertThat(lines).hasSize(3).allSatisfy(line -> assertThat(line).contains("\"launch\":\"a\""));
    assertThat(HistoryChecker.violations(lines)).isEmpty();
  }

  private static List<Violation> check(String history) {
    return HistoryChecker.violations(lines("one", history));
  }

  private static List<String> lines(String launch, String history) {
    return Arrays.stream(history.split(" ", -1))
        .filter(word -> !word.isEmpty())
        .map(word -> line(launch, word))
        .toList();
  }

  private static String line(String launch, String word) {
    String[] parts = word.split("[:@(,)]", -1);
    String members =
        switch (parts[0]) {
          case "journal" -> "\"event\":\"%s\"".formatted(parts[1]);
          case "host" -> "\"effect\":\"%s\",\"incarnation\":%s".formatted(parts[1], parts[2]);
          case "user" ->
              parts.length == 2
                  ? "\"run\":\"%s\"".formatted(parts[1])
                  : "\"run\":\"%s\",\"verdict\":\"%s\",\"status\":%s"
                      .formatted(parts[1], parts[2], parts[3]);
          default -> throw new AssertionError(word);
        };
    return "{\"launch\":\"%s\",%s}".formatted(launch, members);
  }
}
