package dev.remit.plan;

import dev.remit.bytes.Bytes;
import dev.remit.domain.DomainRequest;
import dev.remit.endorsement.SevChain;
import dev.remit.endorsement.SevChainProof;
import dev.remit.root.Anchors;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Spec;
import dev.remit.trust.Policy;

/**
 * Every decision of a launch. What belongs to one launch only, its id and session, is not in it.
 *
 * @param inputs what the tenant's files are and give
 * @param facts what the host claims
 * @param anchors whose word is taken
 * @param chain the platform's certificates as the host gave them
 * @param endorsements what that chain is worth
 */
public record Plan(
    Documents documents,
    Inputs inputs,
    HostFacts facts,
    Anchors anchors,
    SevChain chain,
    SevChainProof endorsements,
    Policy policy,
    DomainRequest domain) {
  public Spec spec() {
    return documents.spec();
  }

  public HostSpec host() {
    return documents.host();
  }

  /** Whether any part of this launch is made of software: then it proves nothing. */
  public boolean simulated() {
    return host().insecureRoot().isPresent();
  }

  /** SHA-256 of the plan's canonical JSON, 32 bytes: the plan's identity. */
  public Bytes digest() {
    return PlanDocument.digest(this);
  }
}
