package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.RemitExtension;
import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The manifest of known firmware, held against the file that it describes. */
@Simulated
@ExtendWith(RemitExtension.class)
final class KnownFirmwareTest {
  private final SimulatedHost host;

  KnownFirmwareTest(SimulatedHost host) {
    this.host = host;
  }

  /** What follows the firmware can only be hashed from its state where the state is right. */
  @Test
  void isRecognisedByItsStateWhereAnotherFileIsAtHand() throws IOException {
    Path guest = host.programs().guest();
    Path real = guest.resolve("OVMF.amdsev.fd");
    Path other = host.folder().resolve("other.fd");
    byte[] content = Files.readAllBytes(real);
    content[content.length / 2] ^= 1;
    Files.write(other, content);
    Path tik = host.folder().resolve("measure.tik");
    Files.write(tik, new byte[16]);
    Files.setPosixFilePermissions(tik, PosixFilePermissions.fromString("rw-------"));
    Path blob = host.folder().resolve("measure.blob");
    assertThat(measure(real, tik, "--nonce", "00".repeat(16), "--out", blob.toString()).status())
        .isZero();

    var run = measure(other, tik, "--reported", blob.toString());

    assertThat(run.status()).as(run.toString()).isEqualTo(7);
    assertThat(run.stdout()).contains("what fits: the firmware was OVMF.amdsev.fd 2026.08+ds-2\n");
  }

  private Run measure(Path firmware, Path tik, String... more) {
    Path guest = host.programs().guest();
    var arguments =
        new ArrayList<>(
            List.of(
                "measure",
                "--policy",
                "0x7",
                "--api",
                "1.55",
                "--build",
                "40",
                "--firmware",
                firmware.toString(),
                "--kernel",
                guest.resolve("vmlinuz").toString(),
                "--initrd",
                guest.resolve("initrd.img").toString(),
                "--cmdline",
                "quiet",
                "--cpu",
                "EPYC-Milan",
                "--vcpus",
                "3",
                "--tik",
                tik.toString()));
    arguments.addAll(List.of(more));
    return host.remit(arguments.toArray(String[]::new));
  }
}
