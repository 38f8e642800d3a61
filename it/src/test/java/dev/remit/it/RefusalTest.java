package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.RemitExtension;
import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lying or broken host does, and that it gets nothing for it. */
@Simulated
@ExtendWith(RemitExtension.class)
final class RefusalTest {
  private final SimulatedHost host;
  private int eventsBefore;

  RefusalTest(SimulatedHost host) {
    this.host = host;
  }

  @BeforeEach
  void rememberWhatHappened() {
    host.faults();
    eventsBefore = host.events().size();
  }

  @AfterEach
  void nothingIsLeftAndNoSecretWentOut() {
    assertThat(host.qemuProcesses()).isEmpty();
    assertThat(host.events().stream().skip(eventsBefore))
        .noneMatch(event -> event.contains("secret-injected"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "report-measurement=0000000000000000000000000000000000000000000000000000000000000000",
        "report-nonce=00000000000000000000000000000000",
        "report-api=1.99",
        "swap-cmdline=console=ttyS0 init=/bin/sh"
      })
  void refusesAHostThatLies(String fault) {
    host.faults(fault);
    assertRefused(Example.of(host, "hello-sev").launch(), 7, "M-001");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OVMF.amdsev.fd", "vmlinuz", "initrd.img"})
  void refusesAFileThatWasSwappedAtTheHostAfterPlanning(String file) throws IOException {
    Path swapped = host.folder().resolve("swapped-" + file);
    byte[] content = Files.readAllBytes(host.programs().guest().resolve(file));
    Files.write(swapped, withOneBitFlipped(content));
    String what =
        switch (file) {
          case "OVMF.amdsev.fd" -> "firmware";
          case "vmlinuz" -> "kernel";
          default -> "initrd";
        };
    host.faults("swap-" + what + "=" + swapped);
    var run = Example.of(host, "hello-sev").launch();
    assertRefused(run, 7, "M-001");
    assertThat(run.stdout())
        .contains("what fits: nothing near", "firmware     sha256:", "initrd       sha256:");
  }

  /** Of the example's command line one word is left out, which lets a shell start. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello-sev | swap-cmdline=console=ttyS0 quiet panic=-1 random.trust_cpu=on"
            + " random.trust_bootloader=off remit.secret=devmem"
            + " | the command line was measured without the word \"rd.shell=0\"",
        "hello-sev | report-build=99"
            + " | the SEV firmware was api 1.55 build 40, and api 1.55 build 99 was reported",
        "hello-sev | report-policy=0x1"
            + " | the guest policy was 0x1800000b, and 0x00000001 was reported",
        "hello-sev-es | smp=3 | the guest was started with 3 vCPUs, not 2",
        "hello-sev-es | cpu=EPYC-Rome"
            + " | the CPU was EPYC-Rome (family 23, model 49, stepping 0), not EPYC-Milan (family 25,"
            + " model 1, stepping 1)"
      })
  void saysWhichInputTheHostChanged(String example, String fault, String sentence) {
    host.faults(fault);
    var run = Example.of(host, example).launch();
    assertRefused(run, 7, "M-001");
    assertThat(run.stdout()).contains("what fits: " + sentence + "\n");
    assertThat(run.stderr()).contains("looking for the input that the host changed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OVMF.amdsev.fd", "vmlinuz", "initrd.img"})
  void refusesAPlanWhoseFileChangedBeforeAnythingIsStarted(String file) throws IOException {
    var example = Example.of(host, "hello-sev").changed(file, content -> content);
    Path plan = host.folder().resolve("changed.plan");
    assertThat(
            host.remitHere("plan", example.write().toString(), "--out", plan.toString()).status())
        .isZero();
    Path copy = host.folder().resolve(file);
    Files.write(copy, withOneBitFlipped(Files.readAllBytes(copy)));
    int before = host.events().size();
    assertRefused(host.remit("launch", "--plan", plan.toString()), 3, "FILE-004");
    assertThat(host.events().stream().skip(before))
        .noneMatch(event -> event.contains("launch-start"));
  }

  @Test
  void refusesAPlanWhoseCommandLineChanged() throws IOException {
    var example = Example.of(host, "hello-sev");
    Path plan = host.folder().resolve("cmdline.plan");
    assertThat(
            host.remitHere("plan", example.write().toString(), "--out", plan.toString()).status())
        .isZero();
    example.replace("panic=-1", "panic=1").write();
    assertRefused(host.remit("launch", "--plan", plan.toString()), 3, "FILE-004");
  }

  @Test
  void explainsThatASessionWasMadeForAnotherPolicy() {
    host.faults("refuse-launch=11");
    var run = Example.of(host, "hello-sev").launch();
    assertRefused(run, 5, "VIRT-009");
    assertThat(run.stderr()).contains("policy");
  }

  @Test
  void stopsWhereQemuKnowsOfNoLaunchSecurity() {
    host.faults("no-launch-security=yes");
    assertRefused(Example.of(host, "hello-sev").launch(), 5, "VIRT-006");
  }

  @ParameterizedTest
  @ValueSource(strings = {"smp=2", "cpu=EPYC-Rome,svm=off"})
  void doesNotCatchALieAboutVcpusOnPlainSev(String fault) {
    host.faults(fault);
    var run = Example.of(host, "hello-sev").launch();
    // Nothing of a vCPU is measured there: docs/limits.md says so, and this test that it is true.
    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(host.remitHere("destroy", "hello-sev").status()).isZero();
    eventsBefore = host.events().size();
  }

  /** Far from the end, where the firmware's table is. */
  private static byte[] withOneBitFlipped(byte[] content) {
    byte[] changed = content.clone();
    changed[changed.length / 2] ^= 1;
    return changed;
  }

  private static void assertRefused(Run run, int status, String code) {
    assertThat(run.status()).as(run.toString()).isEqualTo(status);
    assertThat(run.stdout() + run.stderr()).contains(code);
  }
}
