package dev.remit.endorsement;

import dev.remit.platform.ChipId;
import java.util.Optional;
import java.util.Set;

/**
 * Which chip a platform's CEK belongs to, as far as anybody says.
 *
 * @param claimed what the host itself says ({@code cpu0-id}); good only to refuse
 * @param endorsement the signed CEK that the chain was joined to; with a proven chain, whose chip
 *     it is
 * @param excluded chips whose signed CEK is at hand and is not the chain's
 * @param lacking why no more is known, where more was asked for
 */
public record ChipBinding(
    Optional<ChipId> claimed,
    Optional<CekEndorsement> endorsement,
    Set<ChipId> excluded,
    Optional<CekAnswer.NotHad> lacking) {
  /** What a chain says by itself. */
  public static final ChipBinding NONE =
      new ChipBinding(Optional.empty(), Optional.empty(), Set.of(), Optional.empty());

  public ChipBinding {
    excluded = Set.copyOf(excluded);
  }

  static ChipBinding lacking(Optional<ChipId> claimed, CekAnswer.NotHad why) {
    return new ChipBinding(claimed, Optional.empty(), Set.of(), Optional.of(why));
  }

  static ChipBinding claimed(Optional<ChipId> claimed) {
    return new ChipBinding(claimed, Optional.empty(), Set.of(), Optional.empty());
  }

  ChipBinding by(CekEndorsement joined) {
    return new ChipBinding(claimed, Optional.of(joined), excluded, lacking);
  }
}
