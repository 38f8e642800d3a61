package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.PrivateLibvirtd;
import dev.remit.junit.RemitExtension;
import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User data from its text to the guest that was proven, and to no one else. */
@Simulated
@ExtendWith(RemitExtension.class)
final class SealedUserDataTest {
  private static final String MARKER = "only-the-proven-guest-reads-this";
  private static final String SEED_KEY = "2d2a0384-3ff0-49aa-806d-e43a25759982";
  private static final String POLICY = "0x00000009";

  private final SimulatedHost host;

  SealedUserDataTest(SimulatedHost host) {
    this.host = host;
  }

  @Test
  void reachesTheGuestAndNoFileOfTheHost() throws IOException {
    var example = Example.of(host, "sealed-sev");
    Path folder = example.seal();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");

    var planned = host.remitHere("plan", example.write().toString());
    assertThat(planned.stdout())
        .contains("user data sealed in " + folder.resolve("seed.luks"))
        .doesNotContain(MARKER);
    var run = example.launch();

    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(run.stdout()).startsWith("sealed-sev: TRUSTED");
    assertThat(Console.waitFor(host.console("sealed-sev"), "remit-guest: sealed"))
        .isEqualTo("remit-guest: sealed user data brought in, marker: " + MARKER);
    // The guest's memory is a file under the simulator; it is gone with the guest.
    host.remitHere("destroy", "sealed-sev");
    assertThat(holders(host.folder(), MARKER)).containsExactly(host.console("sealed-sev"));
    assertThat(holders(host.folder(), "#cloud-config")).isEmpty();
  }

  /** The control of the search above. */
  @Test
  void findsAMarkerThatIsThere() throws IOException {
    Path there = Files.createDirectories(host.folder().resolve("control")).resolve("file");
    Files.writeString(there, "before\0" + MARKER, StandardCharsets.ISO_8859_1);
    assertThat(holders(host.folder().resolve("control"), MARKER)).containsExactly(there);
    Files.delete(there);
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed.luks", "seed.header", "initrd.img"})
  void isNotLaunchedWithAChangedFile(String file) throws IOException {
    var example =
        Example.of(host, "sealed-sev")
            .replace("name: sealed-sev", "name: changed-" + file.replaceAll("\\W", "-"));
    Path folder = example.seal();
    flip(folder.resolve(file), Files.size(folder.resolve(file)) - 1000);
    var run = example.launch();
    assertThat(run.status()).as(run.toString()).isEqualTo(3);
    assertThat(run.stderr()).contains("error[SEAL-001]", "do not belong together");
  }

  @Test
  void isNotLaunchedBeforeItIsSealedOrWithoutItsKey() throws IOException {
    var unsealed = Example.of(host, "sealed-sev").launch();
    assertThat(unsealed.status()).as(unsealed.toString()).isEqualTo(3);
    assertThat(unsealed.stderr()).contains("error[FILE-001]", "error[SEAL-001]", "remit seal");

    var example = Example.of(host, "sealed-sev");
    Path folder = example.seal();
    Files.delete(folder.resolve("seed.key"));
    var run = example.launch();
    assertThat(run.status()).as(run.toString()).isEqualTo(3);
    assertThat(run.stderr()).contains("error[FILE-001]", "seed.key");
  }

  /** Nobody can tell before the guest tries. */
  @Test
  void haltsTheGuestWhoseKeyIsAnother() throws IOException {
    var example = Example.of(host, "sealed-sev").replace("name: sealed-sev", "name: other-key");
    Path folder = example.seal();
    try {
      flip(folder.resolve("seed.key"), 0);
      var run = example.launch();
      assertThat(run.status()).as(run.toString()).isZero();
      assertRefuses("other-key", "the secret does not open the sealed volume");
    } finally {
      host.remitHere("destroy", "other-key");
    }
  }

  /** What the host can do after everything was proven, and an owner by mistake. */
  @ParameterizedTest
  @ValueSource(strings = {"none", "changed", "no secret", "serial number"})
  void haltsTheGuestOfALyingHost(String lie, PrivateLibvirtd libvirtd) throws IOException {
    var example = Example.of(host, "sealed-sev");
    Path folder = example.seal();
    try {
      Path volume = folder.resolve("seed.luks");
      if (lie.equals("changed")) {
        flip(volume, 3 << 20);
      }
      var domain =
          new PlainDomain(
              host,
              "sev",
              POLICY,
              new Tenant(host, libvirtd).session(POLICY),
              true,
              new PlainDomain.Extra(
                  folder.resolve("initrd.img"),
                  " remit.seed=1",
                  lie.equals("serial number") ? serial("ds=nocloud;s=http://192.0.2.1/") : "",
                  lie.equals("none") ? "" : disk(volume)));
      requireDone(libvirtd.virsh("create", "--paused", domain.write().toString()));
      release(
          domain,
          libvirtd,
          lie.equals("no secret")
              ? List.of()
              : List.of(SEED_KEY + ":" + folder.resolve("seed.key")));

      assertRefuses(
          PlainDomain.NAME,
          switch (lie) {
            case "no secret" -> "the secret table has no entry " + SEED_KEY;
            case "serial number" -> "the serial number of the machine speaks to cloud-init";
            default -> "no disk is the sealed volume that this archive was made for";
          });
    } finally {
      libvirtd.virsh("destroy", PlainDomain.NAME);
    }
  }

  private static String serial(String value) {
    return "<sysinfo type='smbios'><system><entry name='serial'>%s</entry></system></sysinfo>"
        .formatted(value);
  }

  private static String disk(Path file) {
    return """
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw' iommu='on'/>
      <source file='%s'/>
      <target dev='vdb' bus='virtio'/>
    </disk>
    """
        .formatted(file);
  }

  /** Judges what was measured, seals the disk's key and other secrets, and lets the guest run. */
  private void release(PlainDomain domain, PrivateLibvirtd libvirtd, List<String> secrets)
      throws IOException {
    Path guest = host.programs().guest();
    var reported = libvirtd.virsh("domlaunchsecinfo", PlainDomain.NAME);
    requireDone(reported);
    Path out = Files.createTempDirectory(host.folder(), "packet");
    var line =
        new ArrayList<>(List.of("secret", "--tk", domain.session().resolve("tk.bin").toString()));
    line.addAll(List.of("--secret", "luks-key:" + guest.resolve("disk.key")));
    secrets.forEach(secret -> line.addAll(List.of("--secret", secret)));
    line.addAll(List.of("--measurement", PlainDomain.value(reported, "sev-measurement")));
    line.addAll(
        List.of(
            "--api",
            PlainDomain.value(reported, "sev-api-major")
                + "."
                + PlainDomain.value(reported, "sev-api-minor")));
    line.addAll(List.of("--build", PlainDomain.value(reported, "sev-build-id")));
    line.addAll(List.of("--policy", POLICY));
    line.addAll(List.of("--firmware", guest.resolve("OVMF.amdsev.fd").toString()));
    line.addAll(List.of("--kernel", guest.resolve("vmlinuz").toString()));
    line.addAll(List.of("--initrd", domain.extra().initrd().toString()));
    line.addAll(List.of("--cmdline", domain.cmdline()));
    line.addAll(List.of("--out", out.toString()));
    requireDone(host.remit(line.toArray(String[]::new)));
    requireDone(
        libvirtd.virsh(
            "domsetlaunchsecstate",
            PlainDomain.NAME,
            "--secrethdr",
            out.resolve("header.b64").toString(),
            "--secret",
            out.resolve("payload.b64").toString()));
    requireDone(libvirtd.virsh("resume", PlainDomain.NAME));
  }

  private void assertRefuses(String name, String reason) throws IOException {
    assertThat(Console.waitFor(host.console(name), "remit-guest: refused"))
        .isEqualTo("remit-guest: refused: " + reason);
    assertThat(Files.readString(host.console(name), StandardCharsets.ISO_8859_1))
        .doesNotContain(MARKER);
  }

  private static List<Path> holders(Path folder, String text) throws IOException {
    var found = new ArrayList<Path>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[(int) at] ^= 1;
    Files.write(file, content);
  }

  private static void requireDone(Run run) {
    assertThat(run.status()).as(run.toString()).isZero();
  }
}
