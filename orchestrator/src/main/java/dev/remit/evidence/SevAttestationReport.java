package dev.remit.evidence;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.platform.SevPolicy;

/**
 * What a platform says of a SEV or SEV-ES guest that runs, at its owner's demand (SEV API,
 * ATTESTATION; KVM_SEV_GET_ATTESTATION_REPORT). It is no evidence of a launch: no secret is
 * released on it.
 *
 * @param raw 208 bytes, as they came
 * @param nonce that was asked with, 16 bytes
 * @param launchDigest 32 bytes
 * @param policy of the guest
 * @param signer usage of the key that signed, as the report says; the signature does not cover it
 * @param algorithm of the signature, as the report says; the signature does not cover it
 * @param signature r and s, little-endian, 72 bytes each
 */
public record SevAttestationReport(
    Bytes raw,
    Bytes nonce,
    Bytes launchDigest,
    SevPolicy policy,
    long signer,
    long algorithm,
    Bytes signature) {
  public static final int SIZE = 0xd0;
  public static final int NONCE_SIZE = 16;
  public static final int DIGEST_SIZE = 32;

  private static final int SIGNED_SIZE = 0x34;
  private static final int SIGNATURE_SIZE = 144;

  /** Refuses another size, reserved bits of the policy, and a reserved field that is not zero. */
  public static SevAttestationReport parse(Bytes raw) throws MalformedException {
    if (raw.size() != SIZE) {
      throw new MalformedException(
          0, "an attestation report has " + SIZE + " bytes, and this one " + raw.size());
    }
    var reader = raw.reader();
    var nonce = reader.bytes(NONCE_SIZE);
    var launchDigest = reader.bytes(DIGEST_SIZE);
    int policyAt = reader.position();
    int bits = (int) reader.u32le();
    SevPolicy policy;
    try {
      policy = SevPolicy.fromBits(bits);
    } catch (MalformedException reserved) {
      throw reserved.in("policy", policyAt);
    }
    long signer = reader.u32le();
    long algorithm = reader.u32le();
    reader.zeros(4, "the reserved field");
    var signature = reader.bytes(SIGNATURE_SIZE);
    reader.end();
    return new SevAttestationReport(raw, nonce, launchDigest, policy, signer, algorithm, signature);
  }

  /** What the signature covers: nonce, launch digest and policy. */
  public Bytes signed() {
    return raw.slice(0, SIGNED_SIZE);
  }
}
