package dev.remit.measurement;

import dev.remit.bytes.Bytes;
import dev.remit.platform.Protection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the launch digest of a SEV or SEV-ES guest must be, and everything that was hashed on the
 * way. All hashes are SHA-256, 32 bytes.
 *
 * @param firmware of the firmware file
 * @param kernelHashes where a kernel is started directly
 * @param candidates every right answer: one under SEV; under SEV-ES one for each {@link
 *     VmsaFlavour}, or a single one of pages that were given
 */
public record SevExpectation(
    Protection protection,
    Bytes firmware,
    Optional<KernelHashes> kernelHashes,
    List<Candidate> candidates) {
  public SevExpectation {
    requireSha256(firmware);
    candidates = List.copyOf(candidates);
    var vcpus = candidates.stream().map(Candidate::vcpus).toList();
    boolean complete =
        switch (protection) {
          case SEV -> vcpus.equals(List.of(Optional.empty()));
          case SEV_ES -> {
            var flavours = vcpus.stream().flatMap(Optional::stream).map(Vcpus::flavour).toList();
            yield flavours.size() == vcpus.size()
                && (flavours.equals(List.of(Optional.empty()))
                    || flavours.equals(
                        Arrays.stream(VmsaFlavour.values()).map(Optional::of).toList()));
          }
        };
    if (!complete) {
      throw new IllegalArgumentException(
          "SEV has one launch digest, SEV-ES one for each flavour or of given pages");
    }
  }

  /**
   * One launch digest that the platform may report.
   *
   * @param vcpus under SEV-ES, what of the vCPUs went into it
   */
  public record Candidate(Optional<Vcpus> vcpus, Bytes launchDigest) {
    public Candidate {
      requireSha256(launchDigest);
    }
  }

  /**
   * The measured pages of the vCPUs.
   *
   * @param flavour empty where the pages were given
   * @param count at least 1
   * @param boot hash of the first vCPU's page
   * @param application hash of every other vCPU's page, where there are others
   */
  public record Vcpus(
      Optional<VmsaFlavour> flavour, int count, Bytes boot, Optional<Bytes> application) {
    public Vcpus {
      requireSha256(boot);
      application.ifPresent(SevExpectation::requireSha256);
      if (count < 1 || application.isPresent() != count > 1) {
        throw new IllegalArgumentException("all vCPUs but the first share a second page");
      }
    }
  }

  private static void requireSha256(Bytes hash) {
    if (hash.size() != Sha256.SIZE) {
      throw new IllegalArgumentException("a SHA-256 hash has 32 bytes, not " + hash.size());
    }
  }
}
