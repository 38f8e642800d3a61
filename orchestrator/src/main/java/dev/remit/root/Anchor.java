package dev.remit.root;

import dev.remit.bytes.Bytes;
import dev.remit.platform.Generation;

/**
 * A root key that is believed without proof, with the one signing key under it.
 *
 * @param ark the root's certificate, 832 or 1600 bytes (AMD's binary form, before X.509)
 * @param ask the signing key's certificate, of the same size
 * @param origin where both come from, a phrase for reports
 */
public record Anchor(Generation generation, Bytes ark, Bytes ask, String origin) {
  /** With keys of 2048 bits: Naples. */
  static final int SMALL = 832;

  /** With keys of 4096 bits: Rome and later. */
  static final int LARGE = 1600;

  public Anchor {
    if (ark.size() != ask.size() || (ark.size() != SMALL && ark.size() != LARGE)) {
      throw new IllegalArgumentException(
          "ARK and ASK have 832 bytes each, or 1600, not " + ark.size() + " and " + ask.size());
    }
  }

  /** Whether anybody could hold the private key: what it endorses proves nothing. */
  public boolean simulated() {
    return generation == Generation.SIMULATED;
  }
}
