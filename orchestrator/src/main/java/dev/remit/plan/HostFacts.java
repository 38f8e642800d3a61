package dev.remit.plan;

import dev.remit.bytes.Bytes;
import dev.remit.platform.ChipId;
import java.util.Optional;

/**
 * What a host claims it can do. Used to plan, never to judge.
 *
 * @param uri as it was connected to, without user information
 * @param libvirt version, for example {@code 11.3.0}
 * @param qemu version, for example {@code 10.0.2}
 * @param kvm whether domains can run under KVM ({@code virConnectGetCapabilities})
 * @param machine the current q35 machine ({@code virConnectGetDomainCapabilities})
 * @param sev what it says about SEV; empty where it does not offer it
 */
public record HostFacts(
    String uri, String libvirt, String qemu, boolean kvm, String machine, Optional<Sev> sev) {
  /**
   * From {@code virConnectGetDomainCapabilities} and {@code virNodeGetSEVInfo}.
   *
   * @param es whether SEV-ES guests have address space identifiers left
   * @param pdh the platform's Diffie-Hellman certificate, 2084 bytes if the host is honest
   * @param certChain PEK, OCA and CEK, 6252 bytes if the host is honest
   * @param chip {@code cpu0-id}, where the host tells it
   */
  public record Sev(
      boolean es,
      int cbitpos,
      int reducedPhysBits,
      Bytes pdh,
      Bytes certChain,
      Optional<ChipId> chip) {}
}
