package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import dev.remit.endorsement.Link.State;

/** Whether the key of a platform signed what a guest's owner got as a report. */
public final class ReportSignature {
  private static final String REPORT = "report";

  private ReportSignature() {}

  /**
   * Whether a PEK signed the octets (SEV API, ATTESTATION). Whose PEK it is, is not said here.
   *
   * @param signer usage of the key that signed, as the report names it
   * @param algorithm as the report names it
   * @param value r and s, little-endian, 72 bytes each
   */
  public static Link byPek(
      SevCertificate pek, long signer, long algorithm, Bytes message, Bytes value) {
    if (KeyUsage.ofCode(signer).filter(usage -> usage == KeyUsage.PEK).isEmpty()
        || pek.usage() != KeyUsage.PEK) {
      return broken("wrong usage: a report is signed by the PEK");
    }
    if (KeyAlgorithm.ofCode(algorithm).filter(named -> named == pek.algorithm()).isEmpty()) {
      return broken("wrong algorithm: the PEK's key is for " + pek.algorithm().title());
    }
    return SignatureVerifier.verifies(pek.publicKey(), pek.algorithm(), message, value)
        ? new Link(REPORT, KeyUsage.PEK.name(), State.VALID, pek.algorithm().title())
        : broken("bad signature: it does not fit the report and the PEK");
  }

  private static Link broken(String reason) {
    return new Link(REPORT, KeyUsage.PEK.name(), State.BROKEN, reason);
  }
}
