package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.adapter.host.JournalFolder;
import dev.remit.diagnostic.Failure;
import dev.remit.plan.PlanFixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes with several launches under way, over real journals and a host that outlives them, are
 * killed at random moments: 20 processes with 25 launches each. {@code -Dremit.kills=N} sets how
 * many processes, {@code -Dremit.seed=N} when.
 */
final class SigkillTest {
  private static final int KILLS = Integer.getInteger("remit.kills", 20);
  private static final long SEED = Long.getLong("remit.seed", 20_261_124);
  private static final int LAUNCHES_AT_ONCE = 25;
  private static final Duration LONGEST = Duration.ofMillis(1500);

  @TempDir private Path folder;

  @Test
  void leavesNothingBehindAfterTheNextRun() throws Exception {
    var random = new Random(SEED);
    var killedAt = new EnumMap<LaunchEvent, Integer>(LaunchEvent.class);
    // The next process starts while this one is killed: starting it takes longest.
    var waiting = new ArrayDeque<Launching>();
    for (int kill = 0; kill < KILLS; kill++) {
      while (waiting.size() < 2) {
        waiting.add(Launching.start(folder.resolve(Integer.toString(kill + waiting.size()))));
      }
      var launching = waiting.remove();
      launching.killAfter(Duration.ofNanos(random.nextLong(LONGEST.toNanos())));
      count(launching.folder(), killedAt);
      assertThat(violationsAfterTheNextRun(launching.folder()))
          .as("kill %d of seed %d", kill, SEED)
          .isEmpty();
    }
    for (var launching : waiting) {
      launching.killAfter(Duration.ZERO);
    }
    System.out.println(KILLS + " kills of seed " + SEED + ", launches by last event: " + killedAt);
    assertThat(killedAt).hasSizeGreaterThan(1);
  }

  private static void count(Path folder, Map<LaunchEvent, Integer> killedAt) throws Failure {
    for (var entry : journals(folder).entries()) {
      if (entry.isLeftOver()) {
        killedAt.merge(entry.last(), 1, Integer::sum);
      }
    }
  }

  private static Iterable<HistoryChecker.Violation> violationsAfterTheNextRun(Path folder)
      throws Failure, IOException {
    var host =
        new HostInAFile(
            folder.resolveSibling(folder.getFileName() + ".effects"),
            Optional.empty(),
            PlanFixtures.LAUNCH_DIGEST);
    CleanUp.run(journals(folder), host, PlanFixtures.host().uri(), ended -> {});
    var history = new ArrayList<String>();
    if (Files.exists(folder)) {
      history.addAll(HistoryChecker.journals(folder));
    }
    history.addAll(host.history());
    return HistoryChecker.violations(history);
  }

  private static JournalFolder journals(Path folder) {
    return new JournalFolder(folder, InstantSource.system());
  }

  /** A process that waits for its sign to begin. */
  private record Launching(Path folder, Process process) {
    static Launching start(Path folder) throws IOException {
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  EndlessLaunches.class.getName(),
                  folder.toString(),
                  Integer.toString(LAUNCHES_AT_ONCE))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new Launching(folder, process);
    }

    void killAfter(Duration delay) throws IOException, InterruptedException {
      String said = process.inputReader(StandardCharsets.UTF_8).readLine();
      if (!"ready".equals(said)) {
        throw new IOException("the process said " + said);
      }
      try (var go = process.getOutputStream()) {
        go.write('\n');
        go.flush();
        awaitFirstJournal();
        TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        process.destroyForcibly().waitFor();
      }
    }

    /** On a busy machine the first launch takes longer to begin than some processes live. */
    private void awaitFirstJournal() throws IOException, InterruptedException {
      long limit = System.nanoTime() + Duration.ofMinutes(1).toNanos();
      while (!hasJournal()) {
        if (System.nanoTime() > limit) {
          throw new IOException("no launch begins");
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
    }

    private boolean hasJournal() throws IOException {
      try (var files = Files.list(folder)) {
        return files.anyMatch(file -> file.toString().endsWith(".jsonl"));
      }
    }
  }
}
