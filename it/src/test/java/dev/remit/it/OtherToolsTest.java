package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.PrivateLibvirtd;
import dev.remit.junit.RemitExtension;
import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Remit's tools beside those that a tenant has: virsh starts the guest, and libvirt's own validator
 * or virsh hands over the secret. The validator knows the VMSAs of older kernels only.
 */
@Simulated
@ExtendWith(RemitExtension.class)
final class OtherToolsTest {
  private final SimulatedHost host;
  private final PrivateLibvirtd libvirtd;
  private final Tenant tenant;
  private final Path guest;

  OtherToolsTest(SimulatedHost host, PrivateLibvirtd libvirtd) {
    this.host = host;
    this.libvirtd = libvirtd;
    this.tenant = new Tenant(host, libvirtd);
    this.guest = host.programs().guest();
  }

  @BeforeEach
  void becomeAnOlderKernel() {
    host.settings("--vmsa", "legacy");
  }

  @AfterEach
  void endTheGuest() {
    libvirtd.virsh("destroy", PlainDomain.NAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sev", "sev-es"})
  void theValidatorAcceptsASessionOfOursAndUnlocksTheGuest(String tee) throws IOException {
    var domain = started(tee, true);

    var run =
        tenant.validate(
            domain, Optional.of(guest.resolve("vmlinuz")), "--inject-secret", luksKey());

    assertThat(run.status()).as(run.toString()).isZero();
    assertUnlocks();
  }

  /** OVMF boots no kernel that it cannot check, so that nothing more can be seen of this guest. */
  @ParameterizedTest
  @ValueSource(strings = {"sev", "sev-es"})
  void theValidatorAcceptsAGuestOfFirmwareAlone(String tee) throws IOException {
    var domain = started(tee, false);
    int before = host.events().size();

    var run = tenant.validate(domain, Optional.empty(), "--inject-secret", luksKey());

    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(host.events().stream().skip(before))
        .anyMatch(event -> event.contains("secret-injected"));
    assertThat(libvirtd.virsh("domstate", PlainDomain.NAME).stdout()).startsWith("running");
  }

  @Test
  void theValidatorRefusesAnotherKernel() throws IOException {
    var domain = started("sev", true);
    Path other = Files.write(host.folder().resolve("other-kernel"), new byte[4096]);
    int before = host.events().size();

    var run = tenant.validate(domain, Optional.of(other), "--inject-secret", luksKey());

    assertThat(run.status()).as(run.toString()).isEqualTo(1);
    assertThat(run.stderr()).contains("Measurement does not match");
    assertNothingInjectedSince(before);
  }

  @Test
  void aSecretOfOursUnlocksAGuestThatVirshStarted() throws IOException {
    var domain = started("sev-es", true);

    var sealed = seal(domain, guest.resolve("vmlinuz"), "sealed");
    assertThat(sealed.status()).as(sealed.toString()).isZero();
    assertThat(sealed.stdout()).startsWith("secret: SEALED (3 of 3 checks passed)");
    Path folder = host.folder().resolve("sealed");
    requireDone(
        libvirtd.virsh(
            "domsetlaunchsecstate",
            PlainDomain.NAME,
            "--secrethdr",
            folder.resolve("header.b64").toString(),
            "--secret",
            folder.resolve("payload.b64").toString()));
    requireDone(libvirtd.virsh("resume", PlainDomain.NAME));

    assertUnlocks();
  }

  @Test
  void noSecretIsSealedForAnotherKernel() throws IOException {
    var domain = started("sev-es", true);
    Path other = Files.write(host.folder().resolve("other-kernel"), new byte[4096]);

    var refused = seal(domain, other, "refused");

    assertThat(refused.status()).as(refused.toString()).isEqualTo(7);
    assertThat(refused.stdout()).startsWith("secret: REFUSED").contains("M-001");
    assertThat(host.folder().resolve("refused")).doesNotExist();
  }

  @Test
  void firmwareRefusesASessionOfAnotherPolicy() throws IOException {
    Path session = tenant.session("0x00000009");
    var domain = new PlainDomain(host, "sev", "0x00000001", session, true);

    var run = libvirtd.virsh("create", "--paused", domain.write().toString());

    assertThat(run.status()).isNotZero();
    assertThat(libvirtd.virsh("list", "--all", "--name").stdout().strip()).isEmpty();
  }

  private PlainDomain started(String tee, boolean kernel) throws IOException {
    String policy = tee.equals("sev") ? "0x00000009" : "0x0000000d";
    var domain = new PlainDomain(host, tee, policy, tenant.session(policy), kernel);
    requireDone(libvirtd.virsh("create", "--paused", domain.write().toString()));
    return domain;
  }

  private Run seal(PlainDomain domain, Path kernel, String folder) throws IOException {
    var reported = libvirtd.virsh("domlaunchsecinfo", PlainDomain.NAME);
    requireDone(reported);
    return host.remit(
        "secret",
        "--tik",
        domain.session().resolve("tik.bin").toString(),
        "--tek",
        domain.session().resolve("tek.bin").toString(),
        "--secret",
        luksKey(),
        "--measurement",
        PlainDomain.value(reported, "sev-measurement"),
        "--api",
        PlainDomain.value(reported, "sev-api-major")
            + "."
            + PlainDomain.value(reported, "sev-api-minor"),
        "--build",
        PlainDomain.value(reported, "sev-build-id"),
        "--policy",
        domain.policy(),
        "--firmware",
        guest.resolve("OVMF.amdsev.fd").toString(),
        "--kernel",
        kernel.toString(),
        "--initrd",
        guest.resolve("initrd.img").toString(),
        "--cmdline",
        PlainDomain.cmdline(host),
        "--cpu",
        PlainDomain.CPU,
        "--vcpus",
        Integer.toString(domain.vcpus()),
        "--out",
        host.folder().resolve(folder).toString());
  }

  private String luksKey() {
    return "luks-key:" + guest.resolve("disk.key");
  }

  private void assertUnlocks() throws IOException {
    String expected = Files.readString(guest.resolve("expected.sha256")).strip();
    assertThat(Console.waitFor(host.console(PlainDomain.NAME), "remit-guest: "))
        .isEqualTo("remit-guest: disk unlocked, sha256(proof.txt)=" + expected);
  }

  private void assertNothingInjectedSince(int before) {
    assertThat(host.events().stream().skip(before))
        .noneMatch(event -> event.contains("secret-injected"));
    assertThat(libvirtd.virsh("domstate", PlainDomain.NAME).stdout()).startsWith("paused");
  }

  private static void requireDone(Run run) {
    assertThat(run.status()).as(run.toString()).isZero();
  }
}
