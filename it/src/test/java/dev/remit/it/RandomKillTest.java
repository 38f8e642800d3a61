package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.RemitExtension;
import dev.remit.junit.SimulatedHost;
import dev.remit.launch.HistoryChecker;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The real program on real libvirt and QEMU, killed at random moments of a launch. {@code
 * -Dremit.kills.real=N} sets how often, {@code -Dremit.seed=N} when.
 */
@Simulated
@ExtendWith(RemitExtension.class)
final class RandomKillTest {
  private static final int KILLS = Integer.getInteger("remit.kills.real", 12);
  private static final long SEED = Long.getLong("remit.seed", 20_261_124);

  private final SimulatedHost host;

  RandomKillTest(SimulatedHost host) {
    this.host = host;
  }

  @Test
  void leavesNothingBehindAfterTheNextRun() throws Exception {
    var random = new Random(SEED);
    var example = Example.of(host, "hello-sev");
    // libvirt asks the emulator what it can do once, which takes long and starts nothing.
    assertThat(host.remitHere("doctor").status()).isZero();
    var began = Instant.now();
    assertThat(example.start().waitFor()).isZero();
    var whole = Duration.between(began, Instant.now());
    host.remitHere("destroy", "hello-sev");

    var killedAt = new TreeMap<String, Integer>();
    for (int kill = 0; kill < KILLS; kill++) {
      began = Instant.now();
      var launch = example.start();
      // Before that it starts Java and reads files.
      TimeUnit.NANOSECONDS.sleep(random.nextLong(whole.toNanos() / 4, whole.toNanos()));
      launch.destroyForcibly().waitFor();
      killedAt.merge(lastEventSince(began), 1, Integer::sum);
      var next = host.remitHere("list");
      assertThat(next.status()).as(next.toString()).isZero();
      assertThat(next.stderr()).doesNotContain("error[");
      if (next.stdout().contains("hello-sev")) {
        var destroy = host.remitHere("destroy", "hello-sev");
        assertThat(destroy.status()).as(destroy.toString()).isZero();
      }
      assertThat(host.qemuProcesses()).as("kill %d of seed %d", kill, SEED).isEmpty();
      var launches = host.state().resolve("launches");
      assertThat(HistoryChecker.violations(HistoryChecker.journals(launches))).isEmpty();
    }
    System.out.println(
        KILLS + " kills of seed " + SEED + ", by the journal's last line: " + killedAt);
  }

  private String lastEventSince(Instant began) throws Exception {
    String last = "nothing";
    Instant newest = began;
    try (var files = Files.newDirectoryStream(host.state().resolve("launches"), "*.jsonl")) {
      for (var file : files) {
        var written = Files.getLastModifiedTime(file).toInstant();
        if (written.isAfter(newest)) {
          newest = written;
          last =
              Files.readString(file)
                  .lines()
                  .reduce("", (first, second) -> second)
                  .replaceAll(".*\"event\":\"([a-z]+)\".*", "$1");
        }
      }
    }
    return last;
  }
}
