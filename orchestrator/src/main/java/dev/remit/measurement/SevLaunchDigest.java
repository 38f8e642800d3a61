package dev.remit.measurement;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.firmware.FirmwareDemands;
import dev.remit.firmware.FirmwareImage;
import dev.remit.measurement.SevExpectation.Candidate;
import dev.remit.measurement.SevExpectation.Vcpus;
import dev.remit.platform.CpuSignature;
import dev.remit.platform.SevPolicy;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What enters the launch digest of SEV and SEV-ES beside the firmware's octets: SHA-256 over the
 * firmware, the kernel hash table where there is one, and under SEV-ES one VMSA page for each vCPU
 * (SEV API, LAUNCH_UPDATE_DATA, LAUNCH_UPDATE_VMSA).
 *
 * @param policy decides whether the vCPUs are measured
 * @param vcpus at least 1
 * @param image must meet the demands of the rest: {@link FirmwareDemands} says why it would not
 */
public record SevLaunchDigest(
    SevPolicy policy,
    int vcpus,
    CpuSignature cpu,
    FirmwareImage image,
    Optional<KernelHashes> kernelHashes) {
  public SevLaunchDigest {
    if (vcpus < 1) {
      throw new IllegalArgumentException("a guest has at least one vCPU");
    }
    var demands = new FirmwareDemands(policy.protection(), kernelHashes.isPresent(), false);
    if (!demands.unmetBy(image, "firmware").isEmpty()) {
      throw new IllegalArgumentException("the firmware does not fit, and nobody looked");
    }
  }

  /** Reads the firmware once, 64 KiB at a time. */
  public SevExpectation over(ByteSource firmware) throws IOException {
    var digest = Sha256.begin();
    if (Sha256.update(digest, firmware) != image.size()) {
      throw new IOException("the firmware changed while it was read");
    }
    var ofFirmware = Sha256.soFar(digest);
    kernelHashes.ifPresent(hashes -> hashes.table().updateInto(digest));
    return new SevExpectation(
        policy.protection(), ofFirmware, kernelHashes, candidates(digest).toList());
  }

  private Stream<Candidate> candidates(MessageDigest withoutVcpus) {
    return switch (policy.protection()) {
      case SEV -> Stream.of(new Candidate(Optional.empty(), Sha256.soFar(withoutVcpus)));
      case SEV_ES -> Arrays.stream(VmsaFlavour.values()).map(f -> candidate(f, withoutVcpus));
    };
  }

  private Candidate candidate(VmsaFlavour flavour, MessageDigest withoutVcpus) {
    var digest = Sha256.copy(withoutVcpus);
    var boot = Vmsa.bootProcessor(flavour, cpu);
    boot.updateInto(digest);
    Optional<Bytes> application = Optional.empty();
    if (vcpus > 1) {
      var page = Vmsa.applicationProcessor(flavour, cpu, image.sevEsResetAddress().orElseThrow());
      for (int vcpu = 1; vcpu < vcpus; vcpu++) {
        page.updateInto(digest);
      }
      application = Optional.of(Sha256.of(page));
    }
    return new Candidate(
        Optional.of(new Vcpus(flavour, vcpus, Sha256.of(boot), application)), Sha256.soFar(digest));
  }
}
