package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.RemitExtension;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** What becomes of a launch whose process is killed or interrupted. */
@Simulated
@Isolated("a command must end within its timeout, and other guests would slow it down")
@ExtendWith(RemitExtension.class)
final class LeftOverTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final SimulatedHost host;

  LeftOverTest(SimulatedHost host) {
    this.host = host;
  }

  @AfterEach
  void nothingIsLeft() {
    host.faults();
    assertThat(host.qemuProcesses()).isEmpty();
  }

  @Test
  void destroysWhatAKilledLaunchLeftPausedAndNothingElse() throws Exception {
    // It sleeps, where the example's guest powers off by itself.
    var released =
        Example.of(host, "hello-sev")
            .replace("name: hello-sev ", "name: bystander ")
            .replace("remit.secret=devmem", "remit.secret=devmem remit.end=wait");
    var killed = Example.of(host, "hello-sev");
    assertThat(released.launch().status()).isZero();
    var bystanders = host.qemuProcesses();

    host.faults("hang-at=query-sev-launch-measure");
    var process = killed.start();
    waitUntilStarted();
    process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
    host.faults();
    assertThat(host.qemuProcesses()).hasSize(bystanders.size() + 1);

    var list = host.remitHere("list", "--all");
    assertThat(list.status()).as(list.toString()).isZero();
    assertThat(list.stderr()).contains("destroyed what an interrupted launch left: hello-sev");
    assertThat(host.qemuProcesses()).isEqualTo(bystanders).isNotEmpty();
    assertThat(list.stdout()).containsPattern("bystander +SEV +running +released");
    assertThat(host.remitHere("destroy", "bystander").status()).isZero();
  }

  /** libvirt itself would keep such a domain for ever. */
  @Test
  void forgetsADomainWhoseStartLibvirtHadOnlyBegun() throws Exception {
    var example = Example.of(host, "hello-sev");
    Path state = host.folder().resolve("root/run/qemu/hello-sev.xml");
    boolean begun = false;
    for (int kills = 0; kills < 10 && !begun; kills++) {
      var process = example.start();
      while (!Files.exists(state) && process.isAlive()) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
      begun = Files.exists(state) && Files.readString(state).contains("pid='0'");
      if (!begun) {
        assertThat(host.remitHere("list").status()).isZero();
      }
    }
    assertThat(begun).as("a kill in time").isTrue();

    var list = host.remitHere("list", "--all");
    assertThat(list.status()).as(list.toString()).isZero();
    assertThat(list.stderr()).doesNotContain("VIRT");
    assertThat(state).doesNotExist();
    assertThat(example.launch().status()).isZero();
    assertThat(host.remitHere("destroy", "hello-sev").status()).isZero();
  }

  @Test
  void destroysTheGuestWhenItIsInterrupted() throws Exception {
    host.faults("hang-at=query-sev-launch-measure");
    var process = Example.of(host, "hello-sev").start();
    waitUntilStarted();
    process.destroy();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(Files.readString(host.folder().resolve("stderr"))).contains("interrupted");
    assertThat(host.qemuProcesses()).isEmpty();
  }

  @Test
  void saysThatAnotherProcessHoldsTheEmbeddedRoot() throws Exception {
    host.faults("hang-at=query-sev-launch-measure");
    var process = Example.of(host, "hello-sev").start();
    waitUntilStarted();
    var second = host.remitHere("list");
    process.destroy();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(second.status()).as(second.toString()).isEqualTo(5);
    assertThat(second.stderr()).contains("VIRT-003");
  }

  @Test
  void endsAtItsDeadlineWhenTheHostDoesNotAnswer() throws Exception {
    host.faults("hang-at=query-sev-launch-measure");
    var process = Example.of(host, "hello-sev").start("--timeout", "30s");
    waitUntilStarted();
    var began = Instant.now();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(32));
    assertThat(process.exitValue()).isEqualTo(5);
    assertThat(Files.readString(host.folder().resolve("stderr"))).contains("VIRT-007");
  }

  @Test
  void destroysAGuestOfWhichItIsUnknownWhetherTheSecretArrived() {
    int before = host.events().size();
    host.faults("lose-reply-of=sev-inject-launch-secret");
    var run = Example.of(host, "hello-sev").launch("--timeout", "30s", "-o", "json");
    assertThat(run.status()).as(run.toString()).isEqualTo(5);
    assertThat(run.stdout()).containsPattern("(?s)\\A[^\\[]*\\[[^}]*\"VIRT-011\"");
    assertThat(host.events().stream().skip(before))
        .filteredOn(event -> event.contains("secret-injected"))
        .hasSize(1);
    assertThat(host.events().stream().skip(before))
        .noneMatch(event -> event.contains("\"resumed\""));
    var bundle = host.remitHere("show", "hello-sev");
    assertThat(bundle.status()).as(bundle.toString()).isZero();
    assertThat(bundle.stdout()).contains("TRUSTED").contains("destroyed");
  }

  /** The journal says when the domain is there. */
  private void waitUntilStarted() throws IOException, InterruptedException {
    Path launches = host.state().resolve("launches");
    var end = Instant.now().plus(LIMIT);
    while (Instant.now().isBefore(end)) {
      if (isHeldAndStarted(launches)) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("no launch was started");
  }

  private static boolean isHeldAndStarted(Path launches) throws IOException {
    if (!Files.isDirectory(launches)) {
      return false;
    }
    try (var journals = Files.newDirectoryStream(launches, "*.jsonl")) {
      for (Path journal : journals) {
        String last = Files.readString(journal).lines().reduce("", (first, second) -> second);
        if (last.contains("\"started\"")) {
          return true;
        }
      }
    }
    return false;
  }
}
