package dev.remit.endorsement;

import dev.remit.root.Anchor;

/**
 * A platform whose chain was proven up to an anchor. Only {@link SevChainProver} makes one, so that
 * nobody can agree on keys with a platform that nobody proved.
 */
public final class SevPlatform {
  private final Anchor anchor;
  private final SevChain chain;

  SevPlatform(Anchor anchor, SevChain chain) {
    this.anchor = anchor;
    this.chain = chain;
  }

  public Anchor anchor() {
    return anchor;
  }

  public SevChain chain() {
    return chain;
  }

  /** The platform's Diffie-Hellman key, on P-384. */
  public EcPublicKey pdh() {
    return chain.pdh().publicKey();
  }
}
