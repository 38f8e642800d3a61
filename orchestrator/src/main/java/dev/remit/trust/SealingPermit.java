package dev.remit.trust;

import dev.remit.bytes.Bytes;

/**
 * Why secrets may be sealed for a measurement outside a launch of our own, where the owner starts
 * the guest by other means. Sealing asks for one of these, so that what was judged, and by whom, is
 * never a matter of a flag.
 */
public sealed interface SealingPermit permits MatchedMeasurement, SealingPermit.JudgedElsewhere {
  /** What the packet is bound to: the MAC of the guest's launch, 32 bytes. */
  Bytes measure();

  /** The owner's word that he judged the measurement himself; nothing of it was judged here. */
  record JudgedElsewhere(Bytes measure) implements SealingPermit {
    public JudgedElsewhere {
      if (measure.size() != 32) {
        throw new IllegalArgumentException("a measure has 32 bytes, not " + measure.size());
      }
    }
  }
}
