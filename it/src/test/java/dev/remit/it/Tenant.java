package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.PrivateLibvirtd;
import dev.remit.junit.Programs;
import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who starts a guest by virsh, and judges it by libvirt's own validator. */
record Tenant(SimulatedHost host, PrivateLibvirtd libvirtd) {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Path VALIDATOR = Path.of("/usr/bin/virt-qemu-sev-validate");

  /** From what plain virsh says of the platform. */
  Path session(String policy) throws IOException {
    var said = libvirtd.virsh("nodesevinfo");
    requireDone(said);
    Path folder = Files.createTempDirectory(host.folder(), "session");
    requireDone(
        host.remit(
            "session",
            "--pdh",
            PlainDomain.value(said, "pdh"),
            "--cert-chain",
            PlainDomain.value(said, "cert-chain"),
            "--insecure-root",
            host.simulatorFolder().resolve("simulated-ca.cert").toString(),
            "--policy",
            policy,
            "--out",
            folder.toString()));
    return folder;
  }

  /**
   * Runs the validator on a domain.
   *
   * @param kernel that the tenant believes to be started, with initrd and command line
   */
  Run validate(PlainDomain domain, Optional<Path> kernel, String... more) throws IOException {
    Path guest = host.programs().guest();
    var arguments = new ArrayList<>(List.of(VALIDATOR.toString(), "--insecure"));
    arguments.addAll(List.of("--connect", libvirtd.uri(), "--domain", PlainDomain.NAME));
    arguments.addAll(List.of("--tk", domain.session().resolve("tk.bin").toString()));
    arguments.addAll(List.of("--firmware", guest.resolve("OVMF.amdsev.fd").toString()));
    if (kernel.isPresent()) {
      arguments.addAll(List.of("--kernel", kernel.get().toString()));
      arguments.addAll(List.of("--initrd", domain.extra().initrd().toString()));
      arguments.addAll(List.of("--cmdline", domain.cmdline()));
    }
    if (domain.tee().equals("sev-es")) {
      arguments.addAll(List.of("--num-cpus", Integer.toString(domain.vcpus())));
      arguments.addAll(List.of("--vmsa-cpu0", vmsa(0), "--vmsa-cpu1", vmsa(1)));
    }
    arguments.addAll(List.of(more));
    // It asks for the first python3 on the path, which need not have Debian's libvirt.
    return Programs.run(LIMIT, Path.of("/usr/bin/python3"), arguments);
  }

  private String vmsa(int vcpu) {
    String page = host.folder().resolve("vmsa" + vcpu).toString();
    var arguments = new ArrayList<>(List.of("vmsa", "build", page, "--vcpu", "" + vcpu));
    arguments.addAll(List.of("--cpu", PlainDomain.CPU, "--vmsa", "legacy"));
    if (vcpu > 0) {
      Path firmware = host.programs().guest().resolve("OVMF.amdsev.fd");
      arguments.addAll(List.of("--firmware", firmware.toString()));
    }
    requireDone(host.remit(arguments.toArray(String[]::new)));
    return page;
  }

  static void requireDone(Run run) {
    assertThat(run.status()).as(run.toString()).isZero();
  }
}
