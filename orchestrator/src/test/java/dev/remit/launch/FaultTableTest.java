package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.plan.FakeFiles;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import dev.remit.report.DiagnosticReport;
import dev.remit.report.VerdictReport;
import dev.remit.trust.Trusted;
import dev.remit.trust.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault at every moment, over the real {@link Launcher}, {@link HeldDomain} and {@link
 * CleanUp}. After the next run a checker that shares no code with them reads the history.
 */
final class FaultTableTest {
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0x1111, 0x2222));
  private static final Path PAGE = Path.of("../docs/faults.md");

  private static final Map<String, Cell> RUNS = new ConcurrentHashMap<>();

  /** What the user sees of a cell, and whether the next run had something to destroy. */
  private record Cell(FaultyWorld world, String outcome, boolean endedByNextRun) {
    String text() {
      return endedByNextRun ? outcome + "+" : outcome;
    }
  }

  static Stream<Arguments> cells() {
    return Arrays.stream(Fault.values())
        .flatMap(fault ->
            Arrays.stream(Moment.values())
                .filter(fault::appliesTo)
                .map(moment -> Arguments.of(fault, moment)));
  }

  @ParameterizedTest
  @MethodSource("cells")
  void breaksNoPromise(Fault fault, Moment moment) {
    var world = run(fault, moment).world();
    assertThat(world.struckInTime()).isTrue();
    assertThat(HistoryChecker.violations(world.history()))
        .as(String.join("\n", world.history()))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void saysTrustedOfEveryGuestThatRunsAndOfNoOther(Fault fault, Moment moment) {
    var run = run(fault, moment);
    boolean vanished = fault == Fault.QEMU_KILLED && moment == Moment.RELEASED;
    boolean nobodyHears = fault == Fault.KILLED_AFTER && moment == Moment.RELEASED;
    assertThat(run.world().isRunning(LAUNCH))
        .isEqualTo((run.outcome().equals("T") && !vanished) || nobodyHears);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void saysOfAnInjectionThatItIsAmbiguousOnlyWhereTheGuestWasNeverResumed(
      Fault fault, Moment moment) {
    var run = run(fault, moment);
    boolean resumed = run.world().history().stream().anyMatch(line -> line.contains("\"resumed\""));
    assertThat(resumed && run.outcome().equals("A")).isFalse();
  }

  /** The page is what this prints; a cell that changes is a change that a user can see. */
  @Test
  void isTheTableOfThePage() throws Exception {
    var table = Path.of("target/faults.md");
    Files.writeString(table, table());
    assertThat(Files.readString(PAGE)).as("as in " + table).contains(table());
  }

  private static String table() {
    var lines = new ArrayList<String>();
    lines.add("| |" + numbers() + "\n|---|" + "---|".repeat(Moment.values().length));
    for (var fault : Fault.values()) {
      var line = new StringBuilder("| " + fault.title() + " |");
      for (var moment : Moment.values()) {
        line.append(' ')
            .append(fault.appliesTo(moment) ? run(fault, moment).text() : "")
            .append(" |");
      }
      lines.add(line.toString());
    }
    return legend() + "\n\n" + String.join("\n", lines) + "\n";
  }

  private static String legend() {
    var lines = new ArrayList<String>();
    for (var moment : Moment.values()) {
      lines.add(lines.size() + 1 + ". " + moment.title());
    }
    return String.join("\n", lines);
  }

  private static String numbers() {
    return IntStream.rangeClosed(1, Moment.values().length)
        .mapToObj(number -> " " + number + " |")
        .collect(Collectors.joining());
  }

  private static Cell run(Fault fault, Moment moment) {
    return RUNS.computeIfAbsent(
        fault + " " + moment,
        cell ->
            run(
                new FaultyWorld(
                    PlanFixtures.platform(), PlanFixtures.LAUNCH_DIGEST, moment, fault)));
  }

  /** A run, then the next one, as the command does them. */
  private static Cell run(FaultyWorld world) {
    var launcher = launcher(world);
    var signals = new CopyOnWriteArrayList<Thread>();
    world.onSignal(
        () ->
            signals.add(Thread.ofPlatform().start(() -> interrupt(launcher, Duration.ZERO, false))),
        () -> signals.forEach(FaultTableTest::join));
    world.run(LAUNCH, "begun", "");
    String outcome = outcome(world, launcher);
    if (!signals.isEmpty()) {
      signals.forEach(FaultTableTest::join);
      interrupt(launcher, Duration.ofSeconds(10), true);
    }
    world.nextRun();
    var ended = new ArrayList<Journals.Entry>();
    try {
      CleanUp.run(world.journals(), world.hypervisor(), PlanFixtures.host().uri(), ended::add);
    } catch (Failure failure) {
      throw new AssertionError(failure);
    }
    world.conclude();
    return new Cell(world, outcome, !ended.isEmpty());
  }

  private static Launcher launcher(FaultyWorld world) {
    FakeFiles files = PlanFixtures.files();
    return new Launcher(
        world.hypervisor(),
        world.journals(),
        file -> {
          world.reach(Moment.READING_SECRETS);
          return files.read(file);
        },
        world.entropy(),
        world::now,
        stage -> {});
  }

  private static String outcome(FaultyWorld world, Launcher launcher) {
    try {
      world.probe();
      var report = launcher.launch(LAUNCH, PlanFixtures.plan(Protection.SEV));
      told(world, verdict(report.verdict()), VerdictReport.of(report).status().number());
      return verdict(report.verdict()).substring(0, 1).toUpperCase(Locale.ROOT);
    } catch (Failure failure) {
      told(world, "none", DiagnosticReport.of(failure.diagnostics()).status().number());
      return letter(failure.diagnostic().code());
    } catch (FaultyWorld.Killed killed) {
      world.run(LAUNCH, "killed", "");
      return "K";
    }
  }

  private static void told(FaultyWorld world, String verdict, int status) {
    world.run(LAUNCH, "told", ",\"verdict\":\"%s\",\"status\":%d".formatted(verdict, status));
  }

  private static String verdict(Verdict verdict) {
    return switch (verdict) {
      case Trusted trusted -> "trusted";
      case Verdict.Refused refused -> "refused";
      case Verdict.Undecided undecided -> "undecided";
    };
  }

  private static String letter(Code code) {
    return switch (code) {
      case AMBIGUOUS_INJECTION -> "A";
      case INTERRUPTED -> "I";
      case CALL_FAILED -> "F";
      case DEADLINE -> "D";
      case CANNOT_WRITE -> "W";
      default -> throw new AssertionError(code);
    };
  }

  private static void interrupt(Launcher launcher, Duration patience, boolean toRest) {
    try {
      assertThat(launcher.interrupt(patience) || !toRest).isTrue();
    } catch (Failure cannotDestroy) {
      throw new AssertionError(cannotDestroy);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
