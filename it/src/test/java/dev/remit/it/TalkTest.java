package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.PrivateLibvirtd;
import dev.remit.junit.Programs;
import dev.remit.junit.RemitExtension;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A VM whose measurement is valid, and whose root password lies on a medium that the host reads;
 * and what becomes of the same wish in a spec.
 */
@Simulated
@ExtendWith(RemitExtension.class)
final class TalkTest {
  private static final String PASSWORD = "correct-horse-battery-staple";
  private static final String MARKER = "from-the-talk";
  private static final String POLICY = "0x00000009";

  private final SimulatedHost host;
  private final Path text;
  private final Path medium;

  TalkTest(SimulatedHost host) {
    this.host = host;
    this.text = host.folder().resolve("tenant/user-data");
    this.medium = host.folder().resolve("cidata.iso");
  }

  /** As cloud-localds and every manager of VMs make it. */
  @BeforeEach
  void makeTheMedium() throws IOException {
    Files.createDirectories(host.folder().resolve("tenant"));
    Files.writeString(
        text,
        """
        #cloud-config
        # marker: %s
        chpasswd: {users: [{name: root, password: %s, type: text}]}
        """
            .formatted(MARKER, PASSWORD));
    Path metaData = Files.writeString(text.resolveSibling("meta-data"), "instance-id: talk\n");
    Files.deleteIfExists(medium);
    Tenant.requireDone(
        Programs.run(
            Duration.ofMinutes(1),
            Path.of("/usr/bin/genisoimage"),
            List.of(
                "-quiet",
                "-volid",
                "cidata",
                "-joliet",
                "-rock",
                "-output",
                medium.toString(),
                text.toString(),
                metaData.toString())));
  }

  @Test
  void aValidMeasurementHidesNothingThatIsOnAMedium(PrivateLibvirtd libvirtd) throws IOException {
    var tenant = new Tenant(host, libvirtd);
    var domain =
        new PlainDomain(
            host,
            "sev",
            POLICY,
            tenant.session(POLICY),
            true,
            new PlainDomain.Extra(host.programs().guest().resolve("initrd.img"), "", "", cdrom()));
    Tenant.requireDone(libvirtd.virsh("create", "--paused", domain.write().toString()));
    try {
      Path guest = host.programs().guest();
      var valid = tenant.validate(domain, Optional.of(guest.resolve("vmlinuz")));
      assertThat(valid.status()).as(valid.toString()).isZero();
      assertThat(valid.stdout()).contains("OK");

      // What the host does, by its own tools: no key, no guest, no right that it had not before.
      var disks = libvirtd.virsh("domblklist", PlainDomain.NAME);
      assertThat(disks.stdout()).contains(medium.toString());
      assertThat(content(medium)).contains(PASSWORD);
    } finally {
      libvirtd.virsh("destroy", PlainDomain.NAME);
    }
  }

  private String cdrom() {
    return """
    <disk type='file' device='cdrom'>
      <driver name='qemu' type='raw'/>
      <source file='%s'/>
      <target dev='sda' bus='sata'/>
      <readonly/>
    </disk>
    """
        .formatted(medium);
  }

  /** As people write it from habit: the answer names the rule and what to write instead. */
  @Test
  void aSpecThatAsksForAMediumIsRefusedWithTheAlternative() {
    int before = host.events().size();
    for (String habit :
        List.of(
            "provisioning: {mode: nocloud, userData: tenant/user-data}",
            "cloudInit: {userData: tenant/user-data}")) {
      var run =
          Example.of(host, "hello-sev").replace("provisioning: {mode: in-image} ", habit).launch();
      assertThat(run.status()).as(run.toString()).isEqualTo(3);
      assertThat(run.stderr())
          .contains("PROV-01", "provisioning: {mode: sealed, userData: FILE}", "remit seal");
    }
    assertThat(host.events()).as("nothing was started").hasSize(before);
  }

  /** The medium as a disk that the guest should open. */
  @Test
  void aSpecWithTheMediumAmongItsDisksIsRefused() {
    Path disks = host.programs().guest().resolve("disk.header");
    var run =
        Example.of(host, "hello-sev")
            .replace(
                "  provisioning:",
                "    - {name: seed, file: %s, protection: luks2-guest, header: %s}\n  provisioning:"
                    .formatted(medium, disks))
            .launch();
    assertThat(run.status()).as(run.toString()).isEqualTo(3);
    assertThat(run.stderr())
        .contains("PROV-01", medium.toString(), "mode: sealed", "remit explain PROV-01")
        .doesNotContain(PASSWORD);
  }

  @Test
  void theAlternativeLaunchesAndTheHostFindsNoPassword() throws IOException {
    var example = Example.of(host, "sealed-sev").replace("user-data.yaml", text.toString());
    example.replace("../build/sealed", host.folder().resolve("sealed").toString());
    example.replace(
        "    - risk: no-disk-integrity ",
        "    - {risk: password-login, reason: as in the talk, until: 2030-12-31}\n"
            + "    - risk: no-disk-integrity ");
    Tenant.requireDone(host.remit("seal", example.write().toString()));

    var run = example.launch();

    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(run.stdout()).startsWith("sealed-sev: TRUSTED");
    assertThat(Console.waitFor(host.console("sealed-sev"), "remit-guest: sealed"))
        .endsWith("marker: " + MARKER);
    host.remitHere("destroy", "sealed-sev");
    assertThat(holders()).containsExactlyInAnyOrder(text, medium);
  }

  /** Files with the password: the tenant's text and the medium of the tests above, at most. */
  private List<Path> holders() throws IOException {
    var found = new ArrayList<Path>();
    try (var files = Files.walk(host.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (content(file).contains(PASSWORD)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  private static String content(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
