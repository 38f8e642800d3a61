package dev.remit.simulator.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.bytes.MalformedException;
import dev.remit.simulator.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against command lines that libvirt really made. */
class EmulatorArgumentsTest {
  private static final Path MEMORY = Path.of("/sim/run/a/memory");
  private static final Path SOCKET = Path.of("/sim/run/a/m");

  private final List<String> recorded = Samples.commandLine("sev.args");
  private final EmulatorArguments sev = EmulatorArguments.parse(recorded);
  private final EmulatorArguments snp =
      EmulatorArguments.parse(Samples.commandLine("sev-snp.args"));
  private final EmulatorArguments capabilities =
      EmulatorArguments.parse(Samples.commandLine("capabilities.args"));

  EmulatorArgumentsTest() throws MalformedException {}

  @Test
  void givesBackWhatItDoesNotChange() {
    assertThat(sev.words()).isEqualTo(recorded);
  }

  @Test
  void readsWhatASevLaunchNeeds() throws MalformedException {
    assertThat(sev.asksForCapabilities()).isFalse();
    assertThat(sev.domain()).isEqualTo("s1");
    assertThat(sev.memorySize()).isEqualTo(512L << 20);
    assertThat(sev.firmware()).isEqualTo(Path.of("/images/OVMF.amdsev.fd"));
    assertThat(sev.hasFlash()).isTrue();
    assertThat(sev.monitorDescriptor()).contains(7);
    assertThat(sev.value("-append")).contains("console=ttyS0 panic=1");
    assertThat(sev.launchObject())
        .contains(
            new LaunchObject.Sev(
                "lsec0",
                3,
                Optional.of(Path.of("/run/remit/lib/qemu/domain-1-s1/dh_cert.base64")),
                Optional.of(Path.of("/run/remit/lib/qemu/domain-1-s1/session.base64")),
                true));
  }

  @Test
  void readsWhatAnSnpLaunchNeeds() throws MalformedException {
    assertThat(snp.launchObject()).contains(new LaunchObject.Snp("lsec0", 0x30000));
    assertThat(snp.hasFlash()).isFalse();
    assertThat(snp.firmware()).isEqualTo(Path.of("/images/OVMF.amdsev.fd"));
  }

  @Test
  void readsAQuestionForCapabilities() throws MalformedException {
    assertThat(capabilities.asksForCapabilities()).isTrue();
    assertThat(capabilities.monitorPath())
        .contains(Path.of("/run/remit/lib/qemu/qmp-ZZ6AZ3/qmp.monitor"));
    assertThat(capabilities.launchObject()).isEmpty();
  }

  @Test
  void asksQemuForAnOrdinaryGuestInAFile() throws MalformedException {
    var expected = new ArrayList<String>();
    for (int i = 0; i < recorded.size(); i++) {
      String word = recorded.get(i);
      if (i + 1 < recorded.size() && recorded.get(i + 1).contains("\"sev-guest\"")) {
        i++;
      } else if (word.contains("memory-backend-ram")) {
        expected.add(
            "{\"qom-type\":\"memory-backend-file\",\"id\":\"pc.ram\",\"size\":536870912,"
                + "\"mem-path\":\"/sim/run/a/memory\",\"share\":true}");
      } else {
        expected.add(word.replace(",confidential-guest-support=lsec0", ""));
      }
    }
    var unprotected = sev.unprotected(sev.launchObject().orElseThrow(), MEMORY).words();
    assertThat(unprotected).isEqualTo(expected).noneMatch(word -> word.contains("sev-guest"));
  }

  @Test
  void turnsTheMonitorRoundAndNothingElse() throws MalformedException {
    var expected = new ArrayList<>(recorded);
    expected.replaceAll(word ->
        word.equals("socket,id=charmonitor,fd=7,server=on,wait=off")
            ? "socket,id=charmonitor,path=/sim/run/a/m"
            : word);
    assertThat(sev.callingMonitor(SOCKET).words()).isEqualTo(expected);
  }

  @Test
  void turnsTheMonitorOfACapabilitiesQuestionRound() throws MalformedException {
    assertThat(capabilities.callingMonitor(SOCKET).value("-qmp")).contains("unix:/sim/run/a/m");
    assertThat(capabilities.callingMonitor(SOCKET).words())
        .contains("-daemonize", "/run/remit/lib/qemu/qmp-ZZ6AZ3/qmp.pid");
  }

  @Test
  void escapesCommasInPaths() throws MalformedException {
    assertThat(sev.callingMonitor(Path.of("/a,b/m")).words())
        .contains("socket,id=charmonitor,path=/a,,b/m");
  }

  @Test
  void swapsTheFileOfTheFlash() throws MalformedException {
    var swapped = sev.withFirmware(Path.of("/evil.fd"));
    assertThat(swapped.firmware()).isEqualTo(Path.of("/evil.fd"));
    assertThat(swapped.words()).hasSameSizeAs(recorded);
  }

  @Test
  void swapsTheFileOfTheRom() throws MalformedException {
    assertThat(snp.withFirmware(Path.of("/evil.fd")).value("-bios")).contains("/evil.fd");
  }

  @Test
  void addsAnOptionThatWasMissing() throws MalformedException {
    assertThat(snp.value("-initrd")).isEmpty();
    assertThat(snp.with("-initrd", "/i").value("-initrd")).contains("/i");
    assertThat(sev.with("-initrd", "/i").words()).hasSameSizeAs(recorded).contains("/i");
  }

  @Test
  void takesACommandLineThatLooksLikeAnOption() throws MalformedException {
    var arguments = EmulatorArguments.parse(List.of("-append", "-kernel", "-S", "-kernel", "/k"));
    assertThat(arguments.value("-append")).contains("-kernel");
    assertThat(arguments.value("-kernel")).contains("/k");
  }

  @Test
  void refusesWhatIsNoCommandLineOfLibvirt() {
    for (List<String> words : List.of(List.of("disk.img"), List.of("-append"))) {
      assertThatThrownBy(() -> EmulatorArguments.parse(words))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void refusesMemoryInTwoPieces() throws MalformedException {
    var words = new ArrayList<>(recorded);
    words.addAll(
        List.of("-object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"b\",\"size\":4096}"));
    var twoPieces = EmulatorArguments.parse(words);
    assertThatThrownBy(twoPieces::memorySize).isInstanceOf(MalformedException.class);
  }
}
