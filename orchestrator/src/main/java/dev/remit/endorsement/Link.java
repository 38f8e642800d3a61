package dev.remit.endorsement;

/**
 * One signature of a chain, and whether it holds.
 *
 * @param subject whose certificate, by its place: PDH, PEK, OCA, CEK, ASK or ARK
 * @param signer who should have signed it; the same for a certificate that signs itself
 * @param reason how it was verified, or why it does not hold: a phrase that quotes no octets
 */
public record Link(String subject, String signer, State state, String reason) {
  /** How a link came out. */
  public enum State {
    VALID,
    BROKEN,
    /** The certificate carries no signature of this signer. */
    MISSING
  }
}
