package dev.remit.trust;

import dev.remit.bytes.Bytes;
import dev.remit.platform.SevPolicy;
import java.util.Optional;

/**
 * What the owner of a guest compares its attestation report with. What he does not name stays
 * unknown, so that nothing is satisfied without it.
 *
 * @param machine which platforms may run the guest
 * @param launchDigest that his own files give, 32 bytes
 * @param nonce that the report was asked with, 16 bytes
 */
public record ReportDemands(
    Policy.Machine machine,
    Optional<SevPolicy> policy,
    Optional<Bytes> launchDigest,
    Optional<Bytes> nonce) {}
