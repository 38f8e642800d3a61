package dev.remit.endorsement;

import dev.remit.bytes.ByteReader;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.util.Optional;

/**
 * One signature slot of a SEV certificate that is in use (SEV API, appendix C, "SIG1" and "SIG2").
 *
 * @param signer the usage of the key that signed
 * @param value little-endian, 512 bytes: one number for RSA, r and s of 72 bytes for ECDSA
 */
record Signature(KeyUsage signer, KeyAlgorithm algorithm, Bytes value) {
  /** Bytes of a slot: signer's usage, algorithm, value. */
  static final int SIZE = 520;

  static final int VALUE_SIZE = 512;

  /** What a slot without a signature names as its signer; older firmware leaves it zero. */
  static final int NO_SIGNER = 0x1000;

  Signature {
    if (value.size() != VALUE_SIZE) {
      throw new IllegalArgumentException("a signature slot has 512 bytes, not " + value.size());
    }
  }

  /** Reads one slot; empty where it is not in use. */
  static Optional<Signature> parse(ByteReader reader) throws MalformedException {
    int start = reader.position();
    long signerCode = reader.u32le();
    long algorithmCode = reader.u32le();
    if (algorithmCode == 0 && (signerCode == NO_SIGNER || signerCode == 0)) {
      reader.zeros(VALUE_SIZE, "an unused signature slot");
      return Optional.empty();
    }
    var signer =
        KeyUsage.ofCode(signerCode)
            .orElseThrow(() -> new MalformedException(start, "the signer's usage is unknown"));
    var algorithm =
        KeyAlgorithm.ofCode(algorithmCode)
            .filter(known -> !known.ecdh())
            .orElseThrow(
                () -> new MalformedException(start + 4, "the signature's algorithm is unknown"));
    int valueAt = reader.position();
    var value = reader.bytes(VALUE_SIZE);
    if (algorithm.ecdsa()) {
      // No signature covers its own slot: what is left of it must not carry anything.
      int used = 2 * EcPublicKey.FIELD_SIZE;
      if (!value.slice(used, VALUE_SIZE - used).isZero()) {
        throw new MalformedException(valueAt + used, "what follows a signature must be zero");
      }
    }
    return Optional.of(new Signature(signer, algorithm, value));
  }
}
