package dev.remit.domain;

import dev.remit.platform.CpuModel;
import dev.remit.platform.SevPolicy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Everything about a domain that is decided when it is planned. What belongs to one launch only,
 * the session and the domain's UUID, comes in a {@link SevLaunchFields}.
 *
 * @param name of the domain at the host
 * @param vcpus at least 1
 * @param memoryBytes a multiple of 1 MiB
 * @param firmware path at the host, as are kernel and initrd
 * @param cmdline exactly as measured
 * @param disks in the order in which the guest sees them
 * @param console file at the host that receives the guest's serial console, where it has one
 */
public record DomainRequest(
    String name,
    int vcpus,
    long memoryBytes,
    CpuModel cpuModel,
    SevPolicy policy,
    String firmware,
    String kernel,
    String initrd,
    String cmdline,
    List<DiskRequest> disks,
    Optional<String> console,
    HostFit host) {
  /** From {@code vda} to {@code vdz}. */
  public static final int MOST_DISKS = 26;

  public DomainRequest {
    disks = List.copyOf(disks);
    if (disks.size() > MOST_DISKS) {
      throw new IllegalArgumentException("a domain has at most 26 disks");
    }
    if (vcpus < 1 || memoryBytes < 1 || memoryBytes % (1 << 20) != 0) {
      throw new IllegalArgumentException("a domain has vCPUs and whole MiB of memory");
    }
  }

  /** A raw disk image at the host, attached as a virtio block device. */
  public record DiskRequest(String name, String file) {}

  /**
   * The fields that depend on the host, and the only ones in which the document for hardware and
   * the one for a simulated host may differ.
   *
   * @param kvm whether the domain runs under KVM; without, CPU features are not checked and memory
   *     is not locked
   * @param emulator path, where it is not the host's own QEMU
   * @param machine for example {@code q35}
   * @param cbitpos position of the encryption bit
   * @param reducedPhysBits physical address bits lost to encryption
   */
  public record HostFit(
      boolean kvm, Optional<String> emulator, String machine, int cbitpos, int reducedPhysBits) {}

  /**
   * What one launch adds.
   *
   * @param uuid of the domain: the launch id
   * @param dhCert base64 of the owner's Diffie-Hellman certificate, 2084 bytes
   * @param session base64 of the session blob, 128 bytes
   */
  public record SevLaunchFields(UUID uuid, String dhCert, String session) {}
}
