package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a launch to the end of its guest, and several at once, on one libvirtd. */
@Simulated
final class LifecycleTest {
  /** It ignores the power button, as every guest without a program for it. */
  private static final String SLEEPS = "remit.end=wait";

  /** Its first process ends: the kernel panics, and panic=-1 resets the machine. */
  private static final String PANICS = "remit.end=panic";

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static PrivateLibvirt host;

  @BeforeAll
  static void startLibvirt() throws IOException {
    host = PrivateLibvirt.start();
  }

  @AfterAll
  static void stopLibvirt() {
    host.close();
  }

  @AfterEach
  void nothingIsLeft() {
    host.faults();
    assertThat(host.qemuProcesses()).isEmpty();
    assertThat(host.domains()).isEmpty();
  }

  @Test
  void tellsThatAGuestPanickedAndWasResetAndSoHasEnded() throws IOException {
    requireDone(launch("panic", PANICS));
    var waited = host.remitHere("wait", "panic", "--timeout", "3m");
    requireDone(waited);
    assertThat(waited.stdout())
        .isEqualTo("panic has ended; host's claim: shut down or reset by the guest\n");
    assertThat(journal("panic")).endsWith("released", "ended");
    var console = host.remitHere("console", "panic", "--lines", "100");
    requireDone(console);
    assertThat(console.stdout())
        .contains("host's word", "Kernel panic - not syncing")
        .doesNotContain("\u001b");
    assertThat(host.remitHere("wait", "panic").stdout()).startsWith("panic had ended;");
    assertThat(host.remitHere("stop", "panic").status()).isZero();
    assertThat(host.remitHere("destroy", "panic").stdout())
        .startsWith("panic had ended already; host's claim: shut down");
  }

  /** The main story, in one test because guests take long. */
  @Test
  void leadsAGuestThatDoesNotStopThroughItsLife() throws Exception {
    requireDone(launch("sleeper", SLEEPS));
    var spec = host.folder().resolve("sleeper.yaml").toString();

    var again = host.remitHere("launch", spec);
    assertFails(again, "VIRT-014");
    assertThat(again.stderr()).contains("sleeper runs already, from this plan");

    Files.writeString(
        Path.of(spec), Files.readString(Path.of(spec)).replace("memory: 512Mi", "memory: 513Mi"));
    var other = host.remitHere("launch", spec);
    assertFails(other, "VIRT-008");
    assertThat(other.stderr()).contains("another plan runs under the name sleeper");
    var changed = host.remitHere("relaunch", "sleeper");
    assertThat(changed.status()).as(changed.toString()).isEqualTo(3);
    assertThat(changed.stderr()).contains("error[FILE-004]", "\"domain\" changed", "--changed");
    assertThat(host.remitHere("relaunch", "sleeper", "--changed", "--dry-run").stdout())
        .contains("would be asked to shut down; then sleeper would be launched");

    assertFails(host.remitHere("wait", "sleeper", "--timeout", "10s"), "VIRT-015");
    assertFails(
        host.remitHere("relaunch", "sleeper", "--changed", "--stop-timeout", "1s"), "VIRT-015");
    var stopped = host.remitHere("stop", "sleeper", "--timeout", "10s");
    assertFails(stopped, "VIRT-015");
    assertThat(stopped.stderr()).contains("remit destroy sleeper", "nothing was destroyed");
    assertThat(host.qemuProcesses()).hasSize(1);
    assertThat(host.remitHere("list").stdout())
        .containsPattern("sleeper +SEV +running +stopping +");

    var qemu = host.qemuProcesses().getFirst();
    assertThat(qemu.destroyForcibly()).isTrue();
    qemu.onExit().get(1, TimeUnit.MINUTES);
    var listed = host.remitHere("list", "--all");
    assertThat(listed.stderr()).contains("has ended; host's claim: crashed");
    assertThat(listed.stdout()).containsPattern("sleeper +SEV +gone +ended: crashed +");

    var relaunched = host.remitHere("relaunch", "sleeper", "--changed");
    requireDone(relaunched);
    assertThat(relaunched.stdout()).startsWith("sleeper: TRUSTED");
    assertThat(host.qemuProcesses()).hasSize(1);
    assertThat(journals("sleeper")).hasSize(2).doesNotHaveDuplicates();

    var waiting = host.startHere("waiting", "wait", "sleeper");
    var hungUp = host.startHere("hungUp", "wait", "sleeper");
    waitUntil(() -> waits(waiting) && waits(hungUp));
    signal(hungUp, "HUP");
    assertThat(hungUp.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(hungUp.exitValue()).as(host.output("hungUp")).isEqualTo(129);
    assertThat(host.remitHere("destroy", "sleeper").stdout()).isEqualTo("sleeper was destroyed\n");
    assertThat(waiting.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(host.output("waiting")).contains("sleeper has ended; host's claim: destroyed");
  }

  @Test
  void launchesOnlyOneOfTwoThatRace() throws Exception {
    int secrets = injected();
    String spec = host.spec("race", SLEEPS).toString();
    var both =
        List.of(host.startHere("first", "launch", spec), host.startHere("second", "launch", spec));
    for (var process : both) {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    }
    String said = host.output("first") + host.output("second");
    assertThat(both).as(said).extracting(Process::exitValue).containsExactlyInAnyOrder(0, 5);
    assertThat(said).containsPattern("error\\[VIRT-01[34]\\]").containsOnlyOnce("race: TRUSTED");
    assertThat(host.domains()).containsExactly("race");
    assertThat(injected()).isEqualTo(secrets + 1);
    requireDone(host.remitHere("destroy", "race"));
  }

  @Test
  void givesEachOfTwoGuestsAtOnceItsOwnKeyFromTwoProcesses() throws Exception {
    String right = host.spec("right", "").toString();
    String wrong = host.spec("wrong", "").toString();
    Files.writeString(host.folder().resolve("wrong.key"), "another key");
    var both =
        List.of(host.startHere("right", "launch", right), host.startHere("wrong", "launch", wrong));
    for (var process : both) {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(both)
        .as(host.output("right") + host.output("wrong"))
        .extracting(Process::exitValue)
        .containsExactly(0, 0);
    assertThatOnlyTheRightOneUnlocks();
  }

  @Test
  void givesEachOfTwoGuestsAtOnceItsOwnKeyFromTwoThreads() throws Exception {
    String right = host.spec("right", "").toString();
    String wrong = host.spec("wrong", "").toString();
    Files.writeString(host.folder().resolve("wrong.key"), "another key");
    var run =
        host.run(
            LIMIT.multipliedBy(2),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            programAndThisTest(),
            TwoLaunches.class.getName(),
            host.state().toString(),
            host.document().toString(),
            right,
            wrong);
    requireDone(run);
    assertThat(run.stdout().lines()).containsExactlyInAnyOrder("right TRUSTED", "wrong TRUSTED");
    assertThatOnlyTheRightOneUnlocks();
  }

  /** Nothing else: the user of the session need not see the libraries of the tests. */
  private static String programAndThisTest() throws Exception {
    Path classes =
        Path.of(LifecycleTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return host.program() + ":" + classes;
  }

  /** The key of the other one would open the disk: both are copies of one. */
  private static void assertThatOnlyTheRightOneUnlocks() throws IOException {
    assertThat(Console.waitFor(host.console("right"), "remit-guest: "))
        .startsWith("remit-guest: disk unlocked");
    assertThat(Console.waitFor(host.console("wrong"), "remit-guest: "))
        .startsWith("remit-guest: refused: ");
    for (String name : List.of("right", "wrong")) {
      var waited = host.remitHere("wait", name, "--timeout", "2m");
      requireDone(waited);
      assertThat(waited.stdout()).endsWith("host's claim: shut down or reset by the guest\n");
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "HUP, 129"})
  void destroysWhatWasNotReleasedWhenItIsInterrupted(String signal, int status) throws Exception {
    host.faults("hang-at=query-sev-launch-measure");
    String spec = host.spec("held-" + status, "").toString();
    var process = host.startHere(signal, "launch", spec);
    waitUntil(() -> host.qemuProcesses().size() == 1 && lastEvents().anyMatch("started"::equals));

    var began = Instant.now();
    assertFails(host.remitHere("launch", spec), "VIRT-013");
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(30));

    signal(process, signal);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(status);
    assertThat(host.output(signal)).contains("interrupted; what was not released is destroyed");
  }

  private static Run launch(String name, String init) throws IOException {
    return host.remitHere("launch", host.spec(name, init).toString());
  }

  private static void requireDone(Run run) {
    assertThat(run.status()).as(run.toString()).isZero();
  }

  private static void assertFails(Run run, String code) {
    assertThat(run.status()).as(run.toString()).isEqualTo(5);
    assertThat(run.stderr()).contains("error[" + code + "]");
    assertThat(run.stdout()).isEmpty();
  }

  private static int injected() {
    return (int) host.events().stream().filter(it -> it.contains("secret-injected")).count();
  }

  private static void signal(Process process, String name) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor())
        .isZero();
  }

  /** Whether a process has come to its work: before, a signal meets a JVM that only begins. */
  private static boolean waits(Process process) {
    try (var tasks = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
      for (var task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).strip().equals("bounded")) {
          return true;
        }
      }
    } catch (IOException | UncheckedIOException changing) {
      // A thread ended while it was looked at; the next look sees the rest.
    }
    return false;
  }

  /** The events of the one journal of a name. */
  private static List<String> journal(String name) throws IOException {
    assertThat(journals(name)).hasSize(1);
    return journals(name).getFirst();
  }

  private static List<List<String>> journals(String name) throws IOException {
    try (var files = Files.list(host.state().resolve("launches"))) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl"))
          .map(LifecycleTest::lines)
          .filter(lines -> lines.getFirst().contains("\"name\":\"" + name + "\""))
          .map(lines ->
              lines.stream()
                  .map(line -> line.replaceFirst(".*\"event\":\"([a-z]+)\".*", "$1"))
                  .toList())
          .toList();
    }
  }

  private static Stream<String> lastEvents() throws IOException {
    Path launches = host.state().resolve("launches");
    if (!Files.isDirectory(launches)) {
      return Stream.of();
    }
    try (var files = Files.list(launches)) {
      return files
          .filter(file -> file.toString().endsWith(".jsonl"))
          .map(file -> lines(file).getLast().replaceFirst(".*\"event\":\"([a-z]+)\".*", "$1"))
          .toList()
          .stream();
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException cause) {
      throw new IllegalStateException(cause);
    }
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void waitUntil(Condition condition) throws IOException, InterruptedException {
    var end = Instant.now().plus(LIMIT);
    while (!condition.holds()) {
      assertThat(Instant.now()).as("it never came to that").isBefore(end);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
