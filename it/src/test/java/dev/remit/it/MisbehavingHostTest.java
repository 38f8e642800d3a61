package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.PrivateLibvirtd;
import dev.remit.junit.RemitExtension;
import dev.remit.junit.SimulatedHost;
import dev.remit.launch.HistoryChecker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real libvirtd and a real QEMU, killed or stopped while a launch is in each of its states.
 * {@code -Dremit.faults=all} runs every cell; the normal run leaves out those that show the least.
 */
@Simulated
@Isolated("a command must end within its timeout, and other guests would slow it down")
@ExtendWith(RemitExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MisbehavingHostTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final boolean ALL = "all".equals(System.getProperty("remit.faults"));

  /** Where the simulator lets QEMU's monitor fall silent, and what the journal says by then. */
  enum State {
    STARTING("query-cpus-fast", "intended"),
    MEASURING("query-sev-launch-measure", "started"),
    INJECTING("sev-inject-launch-secret", "injecting"),
    RESUMING("cont", "injected");

    private final String command;
    private final String event;

    State(String command, String event) {
      this.command = command;
      this.event = event;
    }

    private Set<String> codes() {
      return switch (this) {
        case STARTING, MEASURING, RESUMING -> Set.of("VIRT-006", "VIRT-007");
        case INJECTING -> Set.of("VIRT-011");
      };
    }
  }

  enum Victim {
    QEMU,
    LIBVIRTD
  }

  enum Signal {
    KILL,
    STOP
  }

  private final SimulatedHost host;
  private final PrivateLibvirtd libvirtd;

  MisbehavingHostTest(SimulatedHost host, PrivateLibvirtd libvirtd) {
    this.host = host;
    this.libvirtd = libvirtd;
  }

  /** libvirt asks the emulator what it can do once, which takes long. */
  @BeforeAll
  void start() throws Exception {
    assertThat(run(List.of("doctor"), "doctor").waitFor()).isZero();
  }

  static Stream<Arguments> cells() {
    return Arrays.stream(State.values())
        .flatMap(state ->
            Arrays.stream(Victim.values())
                .flatMap(victim ->
                    Arrays.stream(Signal.values())
                        .filter(signal -> ALL || isInTheNormalRun(state, victim, signal))
                        .map(signal -> Arguments.of(signal, victim, state))));
  }

  /** Whoever is stopped costs the whole timeout: QEMU before, libvirtd after the secret left. */
  private static boolean isInTheNormalRun(State state, Victim victim, Signal signal) {
    return switch (state) {
      case STARTING -> victim == Victim.LIBVIRTD && signal == Signal.KILL;
      case MEASURING -> victim == Victim.QEMU;
      case INJECTING -> victim == Victim.LIBVIRTD || signal == Signal.KILL;
      case RESUMING -> signal == Signal.KILL;
    };
  }

  @ParameterizedTest
  @MethodSource("cells")
  void holdsNobodyUpAndLeavesNothingBehind(Signal signal, Victim victim, State state)
      throws Exception {
    var journalsBefore = journals();
    host.faults("hang-at=" + state.command);
    var launch =
        run(
            Example.of(host, "hello-sev")
                .launchArguments("--timeout", TIMEOUT.toSeconds() + "s", "-o", "json"),
            "launch");
    try {
      Waiting.until(
          LIMIT, "the launch is " + state, () -> isAt(state, journalsBefore) || !launch.isAlive());
      assertThat(launch.isAlive()).as(output("launch")).isTrue();
      var began = Instant.now();
      signal(signal, victim == Victim.QEMU ? onlyQemu() : libvirtd.process().pid());
      assertThat(launch.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(Duration.between(began, Instant.now())).isLessThan(TIMEOUT.plusSeconds(2));
    } finally {
      launch.destroyForcibly().waitFor();
      if (victim == Victim.LIBVIRTD && signal == Signal.STOP) {
        send("CONT", libvirtd.process().pid());
      }
      host.faults();
    }
    assertThat(launch.exitValue()).as(output("launch")).isEqualTo(5);
    assertThat(state.codes()).as(output("launch")).contains(firstCode());
    assertThat(output("launch")).doesNotContain("TRUSTED");

    libvirtd.revive();
    var next = run(List.of("list", "--all"), "next");
    assertThat(next.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(next.exitValue()).as(output("next")).isZero();
    Waiting.until(LIMIT, "no QEMU is left", () -> host.qemuProcesses().isEmpty());
    assertThat(HistoryChecker.violations(HistoryChecker.journals(launches()))).isEmpty();
  }

  @Test
  void holdsNobodyUpWhoOnlyConnects() throws Exception {
    var began = Instant.now();
    send("STOP", libvirtd.process().pid());
    try {
      var list = run(List.of("list", "--timeout", TIMEOUT.toSeconds() + "s"), "list");
      assertThat(list.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(Duration.between(began, Instant.now())).isLessThan(TIMEOUT.plusSeconds(2));
      assertThat(list.exitValue()).as(output("list")).isEqualTo(5);
      assertThat(output("list")).contains("VIRT-007");
    } finally {
      send("CONT", libvirtd.process().pid());
    }
  }

  private boolean isAt(State state, Set<Path> journalsBefore) {
    return journals().stream()
            .filter(journal -> !journalsBefore.contains(journal))
            .anyMatch(journal -> lastLine(journal).contains("\"" + state.event + "\""))
        && !host.qemuProcesses().isEmpty();
  }

  private static String lastLine(Path journal) {
    try {
      return Files.readString(journal).lines().reduce("", (first, second) -> second);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private Path launches() {
    return host.state().resolve("launches");
  }

  private Set<Path> journals() {
    if (!Files.isDirectory(launches())) {
      return Set.of();
    }
    try (var files = Files.newDirectoryStream(launches(), "*.jsonl")) {
      var all = new ArrayList<Path>();
      files.forEach(all::add);
      return Set.copyOf(all);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private long onlyQemu() {
    var processes = host.qemuProcesses();
    assertThat(processes).hasSize(1);
    return processes.getFirst().pid();
  }

  private static void signal(Signal signal, long pid) throws IOException, InterruptedException {
    send(signal.name(), pid);
  }

  private static void send(String signal, long pid) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
    assertThat(kill.waitFor()).isZero();
  }

  private Process run(List<String> arguments, String name) throws IOException {
    return libvirtd
        .inside(libvirtd.remit(arguments))
        .redirectOutput(host.folder().resolve(name + ".out").toFile())
        .redirectError(host.folder().resolve(name + ".err").toFile())
        .start();
  }

  private String output(String name) throws IOException {
    return Files.readString(host.folder().resolve(name + ".out"))
        + Files.readString(host.folder().resolve(name + ".err"));
  }

  /** Of the JSON: what stopped the launch comes first. */
  private String firstCode() throws IOException {
    var found =
        Pattern.compile("\"code\" ?: ?\"([A-Z]+-[0-9]+)\"")
            .matcher(Files.readString(host.folder().resolve("launch.out")));
    return found.find() ? found.group(1) : "none";
  }
}
