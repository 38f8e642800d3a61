package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines as libvirt 11.3.0 writes them. */
final class DomainLogTest {
  private static final LaunchId LAUNCH = new LaunchId(new UUID(1, 1));
  private static final LaunchId LATER = new LaunchId(new UUID(1, 2));

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "shutdown, SHUTDOWN",
    "destroyed, DESTROYED",
    "crashed, CRASHED",
    "failed, FAILED",
    "migrated, TAKEN_AWAY",
    "saved, TAKEN_AWAY",
    "daemon, TAKEN_AWAY",
    "unknown, UNTOLD",
    "beamed-up, UNTOLD"
  })
  void tellsTheReasonOfAnEnd(String reason, Ending ending) throws Exception {
    assertThat(log(start(LAUNCH) + end(reason)).ending(LAUNCH, soon())).isEqualTo(ending);
  }

  @Test
  void tellsTheEndOfTheLaunchThatIsAskedForAndOfNoOther() throws Exception {
    var log = log(start(LAUNCH) + end("crashed") + start(LATER) + end("shutdown"));
    assertThat(log.ending(LAUNCH, soon())).isEqualTo(Ending.CRASHED);
    assertThat(log.ending(LATER, soon())).isEqualTo(Ending.SHUTDOWN);
    assertThat(log.ending(new LaunchId(new UUID(1, 3)), soon())).isEqualTo(Ending.UNTOLD);
  }

  @Test
  void isUntoldBetweenAStartAndItsEnd() throws Exception {
    var log = log(start(LAUNCH) + end("crashed") + start(LATER));
    assertThat(log.ending(LATER, soon())).isEqualTo(Ending.UNTOLD);
  }

  @Test
  void isUntoldWhereNothingCanBeRead() throws Exception {
    assertThat(new DomainLog(folder.resolve("none.log")).ending(LAUNCH, soon()))
        .isEqualTo(Ending.UNTOLD);
    Files.writeString(folder.resolve("real.log"), start(LAUNCH) + end("crashed"));
    var link = Files.createSymbolicLink(folder.resolve("link.log"), folder.resolve("real.log"));
    assertThat(new DomainLog(link).ending(LAUNCH, soon())).isEqualTo(Ending.UNTOLD);
  }

  @Test
  void isUntoldWhereAPipeIsInItsPlace() throws Exception {
    var pipe = folder.resolve("web-1.log");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertThat(new DomainLog(pipe).ending(LAUNCH, soon())).isEqualTo(Ending.UNTOLD);
  }

  /** As a pipe that was put there after the look at it. */
  @Test
  void isUntoldWhereItIsNotReadInTime() throws Exception {
    var never = new CountDownLatch(1);
    var patience = new Patience(Duration.ofMillis(100));
    var ending =
        DomainLog.ending(
            LAUNCH,
            patience,
            () -> {
              awaitUninterruptibly(never);
              return start(LAUNCH) + end("crashed");
            });
    assertThat(ending).isEqualTo(Ending.UNTOLD);
    assertThat(patience.left()).as("what is left for the host").isLessThan(Duration.ofMillis(51));
    never.countDown();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException bug) {
      throw new IllegalStateException(bug);
    }
  }

  private static Patience soon() {
    return new Patience(Duration.ofMinutes(2));
  }

  @Test
  void readsOnlyTheEndOfALongLog() throws Exception {
    String noise = "x".repeat(2 << 20) + "\n";
    assertThat(log(noise + start(LAUNCH) + end("crashed")).ending(LAUNCH, soon()))
        .isEqualTo(Ending.CRASHED);
    assertThat(log(start(LAUNCH) + noise + end("crashed")).ending(LAUNCH, soon()))
        .isEqualTo(Ending.UNTOLD);
  }

  @Test
  void standsWhereLibvirtPutsIt() {
    assertThat(DomainLog.at("qemu:///system", "web-1"))
        .contains(new DomainLog(Path.of("/var/log/libvirt/qemu/web-1.log")));
    assertThat(DomainLog.at("qemu:///embed?root=/r", "web-1"))
        .contains(new DomainLog(Path.of("/r/log/qemu/web-1.log")));
    assertThat(DomainLog.at("qemu+ssh://host/system", "web-1")).isEmpty();
    assertThat(DomainLog.sessionLogs(Map.of("HOME", "/home/u")))
        .isEqualTo(Path.of("/home/u/.cache/libvirt/qemu/log"));
    assertThat(DomainLog.sessionLogs(Map.of("HOME", "/home/u", "XDG_CACHE_HOME", "/c")))
        .isEqualTo(Path.of("/c/libvirt/qemu/log"));
  }

  private DomainLog log(String text) throws IOException {
    return new DomainLog(Files.writeString(folder.resolve("web-1.log"), text));
  }

  private static String start(LaunchId launchId) {
    return """
    2026-11-24 13:30:51.314+0000: starting up libvirt version: 11.3.0, qemu version: 10.0.2
    /usr/bin/qemu-system-x86_64 \\
    -name guest=web-1,debug-threads=on \\
    -uuid %s \\
    -msg timestamp=on
    """
        .formatted(launchId);
  }

  private static String end(String reason) {
    return "2026-11-24 13:31:07.852+0000: shutting down, reason=" + reason + "\n";
  }
}
