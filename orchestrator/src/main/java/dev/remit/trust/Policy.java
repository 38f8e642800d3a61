package dev.remit.trust;

import dev.remit.bytes.Bytes;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.ChipId;
import dev.remit.platform.Generation;
import dev.remit.platform.SevPolicy;
import java.util.List;
import java.util.Map;

/**
 * What the owner demands before a secret leaves his hands.
 *
 * @param guestPolicy what the processor must report, to the bit
 * @param launchDigests the digests that his own files give, 32 bytes each, under the name of the
 *     form they were computed for; SEV has one form, SEV-ES one for each layout of the vCPU state
 * @param machine which platforms may run the guest
 * @param api of the secure processor's firmware
 * @param waivers what he gave up, each with its reason
 */
public record Policy(
    Demand.Exactly<SevPolicy> guestPolicy,
    Map<String, Bytes> launchDigests,
    Machine machine,
    Demand.AtLeast<ApiVersion> api,
    List<Waiver> waivers) {
  public Policy {
    launchDigests = Map.copyOf(launchDigests);
    waivers = List.copyOf(waivers);
    if (launchDigests.isEmpty()
        || launchDigests.values().stream().anyMatch(digest -> digest.size() != 32)) {
      throw new IllegalArgumentException("a policy names launch digests of 32 bytes");
    }
  }

  /** How the owner names the platforms that he accepts. */
  public sealed interface Machine {
    /** By whose root key vouches for them. */
    record OfGeneration(Demand.OneOf<Generation> generation) implements Machine {}

    /** One by one. */
    record OfChip(Demand.OneOf<ChipId> chip) implements Machine {}
  }
}
