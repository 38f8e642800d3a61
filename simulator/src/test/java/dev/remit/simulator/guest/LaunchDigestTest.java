package dev.remit.simulator.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.simulator.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Firmware, table and save areas against digests that other programs computed. */
class LaunchDigestTest {
  private final Bytes firmware = Samples.bytes("amd/ovmf_AmdSev_suffix.bin");

  @Test
  void agreesForSevWithAnEmptyCommandLine() throws IOException {
    assertThat(digest(firmware, emptyBlobs("")))
        .isEqualTo("77f613d7bbcdf12a73782ea9e88b0172aeda50d1a54201cb903594ff52846898");
  }

  @Test
  void agreesForSevWithACommandLine() throws IOException {
    assertThat(digest(firmware, emptyBlobs("console=ttyS0 loglevel=7")))
        .isEqualTo("82a3ee5d537c3620628270c292ae30cb40c3c878666a7890ee7ef2a08fb535ff");
  }

  @Test
  void agreesForSevWithoutAKernel() {
    assertThat(digest(Samples.bytes("amd/ovmf_OvmfX64_suffix.bin")))
        .isEqualTo("b4c021e085fb83ceffe6571a3d357b4a98773c83c474e47f76c876708fe316da");
  }

  @Test
  void agreesForSevEsWithOneCpu() throws Exception {
    assertThat(digest(firmware, emptyBlobs(""), bootPage(Vmsa.Flavour.CURRENT)))
        .isEqualTo("13810ae661ea11e2bb205621f582fee268f0367c8f97bc297b7fadef3e12002c");
  }

  @Test
  void agreesForSevEsWithFourCpus() throws Exception {
    var cpus = CpuRegisters.parse(Samples.text("libvirt/registers.txt"));
    long reset = FirmwareTable.parse(firmware).resetAddress().orElseThrow();
    assertThat(
            digest(
                firmware,
                emptyBlobs(""),
                Vmsa.ofBootCpu(cpus.get(0), Vmsa.Flavour.CURRENT),
                Vmsa.ofApplicationCpu(cpus.get(1), reset, Vmsa.Flavour.CURRENT),
                Vmsa.ofApplicationCpu(cpus.get(2), reset, Vmsa.Flavour.CURRENT),
                Vmsa.ofApplicationCpu(cpus.get(3), reset, Vmsa.Flavour.CURRENT)))
        .isEqualTo("0dccbcaba8e90b261bd0d2e1863a2f9da714768b7b2a19363cd6ae35aa90de91");
  }

  @Test
  void agreesForSevEsUnderAnOlderKernel() throws Exception {
    assertThat(digest(firmware, emptyBlobs(""), bootPage(Vmsa.Flavour.LEGACY)))
        .isEqualTo("664f688c75cd5c08855ead4f11501ff967e29762d16c8d589b8e6d7b6c4daa36");
  }

  @Test
  void makesTheSaveAreasThatAnotherToolMakes() throws Exception {
    var milan =
        CpuRegisters.parse(
            Samples.text("libvirt/registers.txt").replace("EDX=00800f12", "EDX=00a00f11"));
    long reset =
        FirmwareTable.parse(Samples.bytes("amd/OVMF.amdsev.trimmed.fd"))
            .resetAddress()
            .orElseThrow();
    assertThat(Vmsa.ofBootCpu(milan.get(0), Vmsa.Flavour.LEGACY))
        .isEqualTo(Samples.bytes("amd/vmsa0.bin"));
    assertThat(Vmsa.ofApplicationCpu(milan.get(1), reset, Vmsa.Flavour.LEGACY))
        .isEqualTo(Samples.bytes("amd/vmsa1.bin"));
  }

  private static Bytes bootPage(Vmsa.Flavour flavour) throws MalformedException {
    var cpus = CpuRegisters.parse(Samples.text("libvirt/registers.txt"));
    return Vmsa.ofBootCpu(cpus.getFirst(), flavour);
  }

  private static Bytes emptyBlobs(String cmdline) throws IOException {
    return KernelHashTable.of(
        () -> new ByteArrayInputStream(new byte[0]),
        Optional.of(InputStream::nullInputStream),
        cmdline);
  }

  private static String digest(Bytes... parts) {
    try {
      return Bytes.copyOf(
              MessageDigest.getInstance("SHA-256").digest(Bytes.concat(parts).toArray()))
          .hex();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
