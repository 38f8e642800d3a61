package dev.remit.identity;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SecretBytes;

/**
 * Where unpredictable octets come from: a cryptographic generator, seeded by the operating system.
 * Keys are made of it here, so that a test can choose them.
 */
public interface Entropy {
  /** Octets that need not be secret: nonces and initialisation vectors. */
  Bytes bytes(int size);

  /** The caller closes them. */
  SecretBytes secret(int size);
}
