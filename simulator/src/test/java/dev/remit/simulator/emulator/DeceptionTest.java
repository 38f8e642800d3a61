package dev.remit.simulator.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.MalformedException;
import dev.remit.simulator.Faults;
import dev.remit.simulator.Samples;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeceptionTest {
  private final EmulatorArguments asked = EmulatorArguments.parse(Samples.commandLine("sev.args"));

  DeceptionTest() throws MalformedException {}

  @Test
  void startsWhatWasAskedForWithoutAnOrder() throws MalformedException {
    assertThat(started(Map.of()).words()).isEqualTo(asked.words());
  }

  @Test
  void startsOtherFilesThanTheDocumentNames() throws MalformedException {
    var started =
        started(
            Map.of(
                Faults.FIRMWARE, "/evil.fd",
                Faults.KERNEL, "/evil-kernel",
                Faults.INITRD, "/evil-initrd",
                Faults.CMDLINE, "evil=1"));
    assertThat(started.firmware()).isEqualTo(Path.of("/evil.fd"));
    assertThat(started.value("-kernel")).contains("/evil-kernel");
    assertThat(started.value("-initrd")).contains("/evil-initrd");
    assertThat(started.value("-append")).contains("evil=1");
  }

  @Test
  void startsOtherCpusThanTheDocumentNames() throws MalformedException {
    var started = started(Map.of(Faults.SMP, "3", Faults.CPU, "EPYC-Rome"));
    assertThat(started.value("-smp")).contains("3");
    assertThat(started.value("-cpu")).contains("EPYC-Rome");
  }

  private EmulatorArguments started(Map<String, String> faults) throws MalformedException {
    return Deception.apply(Faults.of(faults), asked);
  }
}
