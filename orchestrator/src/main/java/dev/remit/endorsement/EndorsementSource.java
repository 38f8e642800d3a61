package dev.remit.endorsement;

import dev.remit.platform.ChipId;

/** Where signed CEKs can be had. Asking never fails otherwise than with {@code NotHad}. */
@FunctionalInterface
public interface EndorsementSource {
  CekAnswer signedCek(ChipId chip);
}
