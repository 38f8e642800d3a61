package dev.remit.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.simulator.guest.Vmsa;
import dev.remit.simulator.identity.FirmwareVersion;
import dev.remit.simulator.identity.TestPlatform;
import dev.remit.simulator.processor.FirmwareStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatorFolderTest {
  private static final Path PROGRAM = Path.of("/opt/it's/remit-simulator");

  private final Path root;
  private final SimulatorFolder folder;

  SimulatorFolderTest(@TempDir Path root) throws Exception {
    this.root = root;
    folder = new SimulatorFolder(root);
    TestPlatform.copyTo(root.resolve("platform"));
    folder.initialize(PROGRAM, Map.of("api", "1.40"));
  }

  @Test
  void makesAWrapperThatAnyShellUnderstands() throws Exception {
    var wrapper = root.resolve("qemu");
    assertThat(Files.isExecutable(wrapper)).isTrue();
    assertThat(Files.readString(wrapper))
        .startsWith("#!/bin/sh\n# SIMULATED")
        .contains("exec '/opt/it'\\''s/remit-simulator' emulate '" + root + "' \"$@\"");
    assertThat(root.resolve("bin/qemu-system-x86_64").toRealPath()).isEqualTo(wrapper.toRealPath());
  }

  @Test
  void keepsTheIdentityAndTakesNewSettingsWhenCalledAgain() throws Exception {
    var before = folder.identity();
    folder.initialize(PROGRAM, Map.of("vmsa", "legacy"));
    assertThat(folder.identity().pdh()).isEqualTo(before.pdh());
    assertThat(folder.identity().ark()).isEqualTo(before.ark());
    assertThat(folder.settings().version()).isEqualTo(new FirmwareVersion(1, 40, 40));
    assertThat(folder.settings().vmsa()).isEqualTo(Vmsa.Flavour.LEGACY);
  }

  @Test
  void exportsRootAndChain() throws Exception {
    assertThat(Files.readAllBytes(root.resolve("simulated-ca.cert")))
        .isEqualTo(folder.identity().caCertificates().toArray());
    assertThat(Files.size(root.resolve("simulated-chain.cert"))).isEqualTo(11536);
  }

  @Test
  void exportsTheSignedCekAndTheIdOfItsChip() throws Exception {
    assertThat(Files.readAllBytes(root.resolve("simulated-cek.cert")))
        .isEqualTo(folder.identity().cek().raw().toArray());
    assertThat(Files.readString(root.resolve("simulated-chip.id")))
        .isEqualTo(folder.identity().cpu0Id().hex() + "\n");
  }

  @Test
  void handsOutItsCekWithoutSignatureWhereToldTo() throws Exception {
    assertThat(folder.settings().cekSigned()).isTrue();
    folder.initialize(PROGRAM, Map.of("cek", "unsigned"));
    assertThat(folder.settings().cekSigned()).isFalse();

    var signed = folder.identity().certChain();
    var unsigned = folder.identity().unsignedCertChain();
    int body = 2 * 2084 + 0x414;
    assertThat(unsigned.slice(0, body)).isEqualTo(signed.slice(0, body));
    assertThat(unsigned.size()).isEqualTo(signed.size());
    assertThat(unsigned.slice(body + 4, 516).isZero()).isTrue();
    assertThat(unsigned).isNotEqualTo(signed);
  }

  @Test
  void makesAFurtherChipUnderTheSameRoot(@TempDir Path other) throws Exception {
    var sibling = new SimulatorFolder(other);
    sibling.initialize(PROGRAM, Map.of(), Optional.of(folder));

    assertThat(sibling.identity().caCertificates()).isEqualTo(folder.identity().caCertificates());
    assertThat(sibling.identity().cek()).isNotEqualTo(folder.identity().cek());
    assertThat(sibling.identity().cpu0Id()).isNotEqualTo(folder.identity().cpu0Id());
  }

  @Test
  void keepsOthersOutOfItsRuns() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("run"))))
        .isEqualTo("rwx------");
  }

  @Test
  void makesAnIdentityWhereThereIsNone(@TempDir Path other) throws Exception {
    var made = new SimulatorFolder(other);
    made.initialize(PROGRAM, Map.of());
    assertThat(made.identity().pdh()).isNotEqualTo(folder.identity().pdh());
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(other.resolve("platform"))))
        .isEqualTo("rwx------");
  }

  @Test
  void refusesAPathThatSocketsCannotHave() {
    var deep = new SimulatorFolder(root.resolve("x".repeat(80)));
    assertThatThrownBy(() -> deep.initialize(PROGRAM, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("shorter");
  }

  @Test
  void remembersFaultsUntilTheyAreTakenBack() throws IOException {
    assertThat(folder.faults().ordered()).isEmpty();
    folder.order(Map.of(Faults.REFUSE_LAUNCH, "11", Faults.CMDLINE, "a=b c"));
    assertThat(folder.faults().status(Faults.REFUSE_LAUNCH))
        .contains(FirmwareStatus.BAD_MEASUREMENT);
    assertThat(folder.faults().text(Faults.CMDLINE)).contains("a=b c");
    folder.order(Map.of());
    assertThat(folder.faults().ordered()).isEmpty();
  }

  @Test
  void refusesUnknownFaultsAndValues() {
    for (var fault :
        Map.of(
                "bogus",
                "1",
                Faults.MEASUREMENT,
                "00",
                Faults.NONCE,
                "zz",
                Faults.POLICY,
                "0x100000000",
                Faults.API,
                "1",
                Faults.REFUSE_LAUNCH,
                "99")
            .entrySet()) {
      assertThatThrownBy(() -> folder.order(Map.of(fault.getKey(), fault.getValue())))
          .as(fault.getKey())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesUnknownSettings() {
    for (var setting :
        Map.of("bogus", "1", "api", "x", "build", "256", "vmsa", "new", "cek", "x").entrySet()) {
      assertThatThrownBy(
              () -> folder.initialize(PROGRAM, Map.of(setting.getKey(), setting.getValue())))
          .as(setting.getKey())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
