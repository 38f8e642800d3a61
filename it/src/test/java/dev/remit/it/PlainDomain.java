package dev.remit.it;

import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A guest as a tenant without Remit writes it for virsh.
 *
 * @param tee sev, or sev-es with two vCPUs
 * @param session the folder that {@code remit session} wrote
 * @param kernel whether kernel, initrd and command line are given and measured
 */
record PlainDomain(
    SimulatedHost host, String tee, String policy, Path session, boolean kernel, Extra extra) {
  static final String NAME = "plain";
  static final String CPU = "EPYC-Milan";

  /**
   * What it has beside a disk and a console.
   *
   * @param initrd in place of the test guest's
   * @param words at the end of the command line
   * @param system more children of the domain, as XML
   * @param devices more devices, as XML
   */
  record Extra(Path initrd, String words, String system, String devices) {}

  PlainDomain(SimulatedHost host, String tee, String policy, Path session, boolean kernel) {
    this(
        host,
        tee,
        policy,
        session,
        kernel,
        new Extra(host.programs().guest().resolve("initrd.img"), "", "", ""));
  }

  int vcpus() {
    return tee.equals("sev") ? 1 : 2;
  }

  /** On a busy machine an emulated timer can come too late for the kernel, which then gives up. */
  static String cmdline(SimulatedHost host) throws IOException {
    return Files.readString(host.programs().guest().resolve("cmdline")).strip() + " no_timer_check";
  }

  /** What this domain boots with. */
  String cmdline() throws IOException {
    return cmdline(host) + extra.words;
  }

  /** One of the values that virsh prints, a line each. */
  static String value(Run printed, String name) {
    return printed
        .stdout()
        .lines()
        .filter(line -> line.matches(name + " *:.*"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is missing in " + printed));
  }

  /** With a disk of its own and a console that says nothing yet. */
  Path write() throws IOException {
    Path guest = host.programs().guest();
    Path disk = host.folder().resolve("plain.luks");
    Files.copy(guest.resolve("disk.luks"), disk, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(host.console(NAME));
    String boot =
        kernel
            ? "<kernel>%s</kernel><initrd>%s</initrd><cmdline>%s</cmdline>"
                .formatted(guest.resolve("vmlinuz"), extra.initrd, cmdline())
            : "";
    return Files.writeString(
        host.folder().resolve("plain.xml"),
        """
        <domain type='qemu'>
          <name>%s</name>
          <memory unit='MiB'>512</memory>
          <vcpu>%d</vcpu>
          <os>
            <type arch='x86_64' machine='q35'>hvm</type>
            <loader type='rom' stateless='yes'>%s</loader>
            %s
            %s
          </os>
          %s
          <features><acpi/><apic/></features>
          <cpu mode='custom' match='exact' check='none'>
            <model fallback='forbid'>%s</model>
            <feature policy='disable' name='svm'/>
          </cpu>
          <on_reboot>destroy</on_reboot>
          <devices>
            <emulator>%s</emulator>
            <disk type='file' device='disk'>
              <driver name='qemu' type='raw' iommu='on'/>
              <source file='%s'/>
              <target dev='vda' bus='virtio'/>
            </disk>
            %s
            <serial type='file'><source path='%s'/></serial>
          </devices>
          <launchSecurity type='sev' kernelHashes='%s'>
            <policy>%s</policy>
            <dhCert>%s</dhCert>
            <session>%s</session>
          </launchSecurity>
        </domain>
        """
            .formatted(
                NAME,
                vcpus(),
                guest.resolve("OVMF.amdsev.fd"),
                boot,
                extra.system.contains("<sysinfo") ? "<smbios mode='sysinfo'/>" : "",
                extra.system,
                CPU,
                host.simulatorFolder().resolve("qemu"),
                disk,
                extra.devices,
                host.console(NAME),
                kernel ? "yes" : "no",
                policy,
                Files.readString(session.resolve("godh.b64")),
                Files.readString(session.resolve("session.b64"))));
  }
}
