package dev.remit.measurement;

import dev.remit.bytes.Bytes;
import dev.remit.firmware.FirmwareDemands;
import dev.remit.measurement.SevExpectation.Candidate;
import dev.remit.measurement.SevExpectation.Vcpus;
import dev.remit.platform.Protection;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What enters the launch digest of SEV and SEV-ES: SHA-256 over the firmware, the kernel hash table
 * where there is one, and under SEV-ES one VMSA page for each vCPU (SEV API, LAUNCH_UPDATE_DATA,
 * LAUNCH_UPDATE_VMSA).
 *
 * @param protection decides whether the vCPUs are measured
 * @param firmware must meet the demands of the rest: {@link FirmwareDemands} says why it would not
 */
public record SevLaunchDigest(
    Protection protection,
    HashedFirmware firmware,
    Optional<KernelHashes> kernelHashes,
    VcpuState vcpus) {
  public SevLaunchDigest {
    if (!fits(protection, firmware, kernelHashes, vcpus)) {
      throw new IllegalArgumentException("the firmware does not fit, and nobody looked");
    }
  }

  static boolean fits(
      Protection protection,
      HashedFirmware firmware,
      Optional<KernelHashes> kernelHashes,
      VcpuState vcpus) {
    boolean startsVcpus =
        switch (protection) {
          case SEV -> true;
          case SEV_ES ->
              vcpus instanceof VcpuState.Given || firmware.sevEsResetAddress().isPresent();
        };
    return startsVcpus && (kernelHashes.isEmpty() || firmware.checksKernel());
  }

  /** Every right answer, with the hashes on the way to it. */
  public SevExpectation expectation() {
    var withoutVcpus = withoutVcpus();
    var candidates =
        switch (protection) {
          case SEV -> List.of(new Candidate(Optional.empty(), Sha256.soFar(withoutVcpus)));
          case SEV_ES -> pages().stream().map(pages -> candidate(pages, withoutVcpus)).toList();
        };
    return new SevExpectation(protection, firmware.digest(), kernelHashes, candidates);
  }

  private Candidate candidate(Pages pages, MessageDigest withoutVcpus) {
    return new Candidate(
        Optional.of(
            new Vcpus(
                pages.flavour(),
                vcpus.count(),
                Sha256.of(pages.boot()),
                pages.application().filter(page -> vcpus.count() > 1).map(Sha256::of))),
        pages.digest(withoutVcpus, vcpus.count()));
  }

  /** SHA-256 behind all that comes before the vCPUs. */
  MessageDigest withoutVcpus() {
    var digest = firmware.behind();
    kernelHashes.ifPresent(hashes -> hashes.table().updateInto(digest));
    return digest;
  }

  /**
   * The pages that may have been measured: one pair for each flavour, or the one that was given.
   */
  List<Pages> pages() {
    return switch (vcpus) {
      case VcpuState.Given given ->
          List.of(new Pages(Optional.empty(), given.boot(), given.application()));
      case VcpuState.Started started ->
          Arrays.stream(VmsaFlavour.values())
              .map(flavour ->
                  new Pages(
                      Optional.of(flavour),
                      Vmsa.bootProcessor(flavour, started.cpu()),
                      firmware
                          .sevEsResetAddress()
                          .map(start -> Vmsa.applicationProcessor(flavour, started.cpu(), start))))
              .toList();
    };
  }

  /**
   * The VMSA pages of a guest.
   *
   * @param flavour empty where the pages were given
   * @param application absent where nobody knows it
   */
  record Pages(Optional<VmsaFlavour> flavour, Bytes boot, Optional<Bytes> application) {
    /** The launch digest with so many vCPUs. */
    Bytes digest(MessageDigest withoutVcpus, int count) {
      var digest = Sha256.copy(withoutVcpus);
      boot.updateInto(digest);
      for (int vcpu = 1; vcpu < count; vcpu++) {
        application.orElseThrow().updateInto(digest);
      }
      return Bytes.copyOf(digest.digest());
    }

    /**
     * The launch digests with 1 vCPU, 2 and so on; only the first where the other page is not
     * known.
     */
    List<Bytes> digests(MessageDigest withoutVcpus, int most) {
      var digests = new ArrayList<Bytes>();
      var digest = Sha256.copy(withoutVcpus);
      boot.updateInto(digest);
      digests.add(Sha256.soFar(digest));
      for (int vcpu = 1; vcpu < most && application.isPresent(); vcpu++) {
        application.get().updateInto(digest);
        digests.add(Sha256.soFar(digest));
      }
      return digests;
    }
  }
}
