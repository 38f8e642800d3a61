package dev.remit.endorsement;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import dev.remit.platform.ChipId;
import dev.remit.root.Anchors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Brings a platform's chain together with the CEK that AMD signed for its chip.
 *
 * <p>What a host hands out may lack AMD's signature, and even with it nothing in a chain names its
 * chip. So the signed CEK is looked up by the id of a chip, and its key must be the chain's.
 */
public final class SevEndorser {
  private static final CekAnswer.NotHad NOT_TOLD =
      new CekAnswer.NotHad(
          "the host does not tell the id of its chip",
          "update libvirt to 8.4 and QEMU to 7.1, or name the chip (trust.chips, or --chip of verify)"
              + " and import its CEK by \"remit endorsements import\"");

  private final List<EndorsementSource> atHand;
  private final Function<Anchors, EndorsementSource> server;
  private final Consumer<CekEndorsement> fetched;
  private final Consumer<String> told;

  /**
   * @param atHand asked first, in this order, for any chip that could be meant
   * @param server asked last, for the chip that the host claims to have, where these roots are
   *     believed
   * @param fetched takes what the server had and a believed root signed
   * @param told takes what the user should know and no verdict says
   */
  public SevEndorser(
      List<EndorsementSource> atHand,
      Function<Anchors, EndorsementSource> server,
      Consumer<CekEndorsement> fetched,
      Consumer<String> told) {
    this.atHand = List.copyOf(atHand);
    this.server = server;
    this.fetched = fetched;
    this.told = told;
  }

  /** One that asks nobody: a chain must prove itself. */
  public static SevEndorser ofNobody() {
    return new SevEndorser(
        List.of(),
        anchors -> chip -> new CekAnswer.NotHad("nobody was asked", "name a source"),
        endorsement -> {},
        line -> {});
  }

  /**
   * The proof of a chain that proves itself, or that does with the signed CEK of its chip in place.
   *
   * <p>Nobody is asked about a chain that nothing could mend, nor about one that proves itself
   * where no chips are named.
   *
   * @param claimed the host's {@code cpu0-id}
   * @param named the chips that the owner accepts, one by one; empty where he names none
   */
  public SevChainProof prove(
      SevChain chain, Optional<ChipId> claimed, Set<ChipId> named, Anchors anchors) {
    var alone = SevChainProver.prove(chain, anchors).with(ChipBinding.claimed(claimed));
    return switch (alone) {
      case SevChainProof.Broken broken -> broken;
      case SevChainProof.NotPinned notPinned -> notPinned;
      case SevChainProof.OtherChip otherChip -> otherChip;
      case SevChainProof.Proven proven ->
          named.isEmpty() ? proven : endorsed(proven, chain, claimed, named, anchors);
      case SevChainProof.Incomplete incomplete ->
          endorsed(incomplete, chain, claimed, named, anchors);
    };
  }

  private SevChainProof endorsed(
      SevChainProof alone,
      SevChain chain,
      Optional<ChipId> claimed,
      Set<ChipId> named,
      Anchors anchors) {
    if (claimed.isEmpty()) {
      return ofNamed(alone, chain, named, anchors);
    }
    return switch (signedCek(claimed.get(), anchors)) {
      case CekAnswer.Had(CekEndorsement had) -> join(chain, had, claimed, anchors);
      case CekAnswer.NotHad notHad -> alone.with(ChipBinding.lacking(claimed, notHad));
    };
  }

  /**
   * A host that does not say which chip it has is compared with every named one, by what is at
   * hand. Key servers allow too few questions for that.
   */
  private SevChainProof ofNamed(
      SevChainProof alone, SevChain chain, Set<ChipId> named, Anchors anchors) {
    if (named.isEmpty()) {
      return alone.with(ChipBinding.lacking(Optional.empty(), NOT_TOLD));
    }
    var excluded = new HashSet<ChipId>();
    int missing = 0;
    for (var chip : named.stream().sorted(comparing(ChipId::toString)).toList()) {
      switch (atHand(chip, anchors)) {
        case CekAnswer.Had(CekEndorsement had) -> {
          if (sameKey(chain.cek(), had.cek())) {
            return join(chain, had, Optional.empty(), anchors);
          }
          excluded.add(chip);
        }
        case CekAnswer.NotHad notHad -> missing++;
      }
    }
    return alone.with(
        new ChipBinding(
            Optional.empty(),
            Optional.empty(),
            excluded,
            Optional.of(
                new CekAnswer.NotHad(
                    "%s, and its CEK is none of %d of the named chips; the CEK of %d is not at hand"
                        .formatted(NOT_TOLD.reason(), excluded.size(), missing),
                    missing == 0
                        ? "see that the right chips are named"
                        : "import theirs by \"remit endorsements import\""))));
  }

  /**
   * The signed CEK of one chip, from what is at hand, else from the server.
   *
   * <p>What is at hand counts only where a believed root signed it. What the server has is handed
   * on as it is: a chain that it is joined to is proven with it or broken by it.
   */
  public CekAnswer signedCek(ChipId chip, Anchors anchors) {
    return switch (atHand(chip, anchors)) {
      case CekAnswer.Had had -> had;
      case CekAnswer.NotHad notKept -> fetch(chip, anchors, notKept);
    };
  }

  private CekAnswer fetch(ChipId chip, Anchors anchors, CekAnswer.NotHad notKept) {
    return switch (server.apply(anchors).signedCek(chip)) {
      case CekAnswer.Had had -> {
        if (SevChainProver.anchorOf(had.endorsement().cek(), anchors).isPresent()) {
          fetched.accept(had.endorsement());
        }
        yield had;
      }
      case CekAnswer.NotHad notHad ->
          new CekAnswer.NotHad(
              Stream.of(notKept.reason(), notHad.reason())
                  .filter(reason -> !reason.isEmpty())
                  .collect(joining("; ")),
              notHad.fix());
    };
  }

  private CekAnswer atHand(ChipId chip, Anchors anchors) {
    var reasons = new ArrayList<String>();
    for (var source : atHand) {
      switch (source.signedCek(chip)) {
        case CekAnswer.Had had -> {
          if (SevChainProver.anchorOf(had.endorsement().cek(), anchors).isPresent()) {
            return had;
          }
          reasons.add(
              "the CEK by the word of %s is signed by no root that is believed"
                  .formatted(had.endorsement().voucher()));
          told.accept("chip %s: %s, and not used".formatted(chip, reasons.getLast()));
        }
        case CekAnswer.NotHad notHad -> reasons.add(notHad.reason());
      }
    }
    return new CekAnswer.NotHad(String.join("; ", reasons), "");
  }

  /**
   * The proof of a chain with a chip's signed CEK in place.
   *
   * <p>Another key that a believed root signed is another chip's. A CEK that no believed root
   * signed says nothing of any chip, and breaks the chain.
   */
  public static SevChainProof join(
      SevChain chain, CekEndorsement endorsement, Optional<ChipId> claimed, Anchors anchors) {
    var proof =
        join(
            chain,
            endorsement.cek(),
            "chip %s, by the word of %s".formatted(endorsement.chip(), endorsement.voucher()),
            anchors);
    var binding = ChipBinding.claimed(claimed).by(endorsement);
    return proof.with(
        switch (proof) {
          case SevChainProof.Proven proven -> binding;
          case SevChainProof.Broken broken -> binding;
          case SevChainProof.NotPinned notPinned -> binding;
          case SevChainProof.OtherChip other -> binding;
          case SevChainProof.Incomplete incomplete ->
              ChipBinding.lacking(
                      claimed,
                      new CekAnswer.NotHad(
                          "the CEK from " + endorsement.voucher() + " is not signed either",
                          "take it from another source"))
                  .by(endorsement);
        });
  }

  /**
   * The same with a signed CEK of a chip that nobody names.
   *
   * @param whose where it comes from, for reports
   */
  public static SevChainProof join(
      SevChain chain, SevCertificate signed, String whose, Anchors anchors) {
    if (sameKey(chain.cek(), signed)) {
      return SevChainProver.prove(chain.withCek(signed), anchors);
    }
    return SevChainProver.anchorOf(signed, anchors).isPresent()
        ? new SevChainProof.OtherChip(
            SevChainProver.prove(chain, anchors).links(), whose, ChipBinding.NONE)
        : SevChainProver.prove(chain.withCek(signed), anchors);
  }

  /** What a signed CEK and the one that a host hands out must have in common. */
  private static boolean sameKey(SevCertificate one, SevCertificate other) {
    return one.usage() == other.usage()
        && one.algorithm() == other.algorithm()
        && one.publicKey().equals(other.publicKey());
  }
}
