package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import dev.remit.junit.RemitExtension;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main job, on real libvirt, QEMU, OVMF and Linux. */
@Simulated
@ExtendWith(RemitExtension.class)
final class LaunchTest {
  private final SimulatedHost host;

  LaunchTest(SimulatedHost host) {
    this.host = host;
  }

  @Test
  void provesASevGuestAndUnlocksItsDisk() throws IOException {
    String verdict = unlocks(host, Example.of(host, "hello-sev"));
    String readme = Files.readString(host.programs().checkout().resolve("README.md"));
    assertThat(withoutDigests(readme))
        .as("the README shows what a launch prints")
        .contains(withoutDigests(verdict));
  }

  private static String withoutDigests(String text) {
    return text.replaceAll("[0-9a-f]{64}", "DIGEST");
  }

  @Test
  void provesASevEsGuestAndUnlocksItsDisk() throws IOException {
    unlocks(host, Example.of(host, "hello-sev-es"));
  }

  @Test
  void provesASevEsGuestOfAnOlderKernel() throws IOException {
    try (var older = SimulatedHost.create(Programs.find(), "--vmsa", "legacy")) {
      var run = unlocks(older, Example.of(older, "hello-sev-es"));
      assertThat(run).contains("legacy vCPU state");
    }
  }

  private static String unlocks(SimulatedHost host, Example example) throws IOException {
    var run = example.launch();
    assertThat(run.stderr()).doesNotContain("error[");
    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(run.stdout()).startsWith(example.name() + ": TRUSTED").contains("SIMULATED");
    String expected = Files.readString(host.programs().guest().resolve("expected.sha256")).strip();
    String said = Console.waitFor(host.console(example.name()), "remit-guest: ");
    assertThat(said).isEqualTo("remit-guest: disk unlocked, sha256(proof.txt)=" + expected);
    return run.stdout();
  }
}
