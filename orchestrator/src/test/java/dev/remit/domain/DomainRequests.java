package dev.remit.domain;

import dev.remit.domain.DomainRequest.DiskRequest;
import dev.remit.domain.DomainRequest.HostFit;
import dev.remit.domain.DomainRequest.SevLaunchFields;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Requests like those of the golden documents. */
public final class DomainRequests {
  public static final HostFit HARDWARE = new HostFit(true, Optional.empty(), "pc-q35-9.2", 51, 5);
  public static final HostFit SIMULATED =
      new HostFit(false, Optional.of("/opt/remit/bin/remit-simulator"), "pc-q35-10.0", 47, 1);

  /** Base64 of the words "dhCert" and "session": libvirt does not look inside. */
  public static final SevLaunchFields LAUNCH =
      new SevLaunchFields(
          UUID.fromString("5f0f3b8e-6a53-4d26-9a0e-3c1d8f0b7a11"), "ZGhDZXJ0", "c2Vzc2lvbg==");

  private DomainRequests() {}

  public static DomainRequest request(Protection protection, HostFit host) {
    return request(
        protection,
        host,
        List.of(
            new DiskRequest("root", "/var/lib/remit/root.luks"),
            new DiskRequest("data", "/var/lib/remit/data.luks")),
        Optional.of("/var/lib/remit/console.log"));
  }

  public static DomainRequest request(
      Protection protection, HostFit host, List<DiskRequest> disks, Optional<String> console) {
    return request(
        "db-1", "root=/dev/mapper/root ro \"quoted\" & <more>", protection, host, disks, console);
  }

  static DomainRequest named(String name, String cmdline) {
    return request(name, cmdline, Protection.SEV, HARDWARE, List.of(), Optional.empty());
  }

  private static DomainRequest request(
      String name,
      String cmdline,
      Protection protection,
      HostFit host,
      List<DiskRequest> disks,
      Optional<String> console) {
    return new DomainRequest(
        name,
        4,
        1L << 30,
        CpuModel.named("EPYC-Milan").orElseThrow(),
        new SevPolicy(true, true, protection == Protection.SEV_ES, true, false, false, 1, 51),
        "/var/lib/remit/OVMF.amdsev.fd",
        "/var/lib/remit/vmlinuz",
        "/var/lib/remit/initrd.img",
        cmdline,
        disks,
        console,
        host);
  }
}
