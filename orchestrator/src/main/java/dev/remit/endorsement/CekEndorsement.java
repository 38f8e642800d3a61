package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.platform.ChipId;

/**
 * The CEK of one chip, as AMD signed it, on somebody's word. Whether AMD's signature holds is for
 * {@link SevChainProver} to say.
 */
public record CekEndorsement(ChipId chip, SevCertificate cek, Voucher voucher) {
  public CekEndorsement {
    if (cek.usage() != KeyUsage.CEK) {
      throw new IllegalArgumentException("an endorsement holds a CEK, not a " + cek.usage());
    }
  }

  /** Reads a CEK of 2084 bytes. */
  public static CekEndorsement parse(ChipId chip, Bytes raw, Voucher voucher)
      throws MalformedException {
    var cek = SevCertificate.parse(raw);
    if (cek.usage() != KeyUsage.CEK) {
      throw new MalformedException(8, "the certificate is of a key " + cek.usage() + ", not a CEK");
    }
    return new CekEndorsement(chip, cek, voucher);
  }
}
