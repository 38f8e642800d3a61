package dev.remit.endorsement;

import dev.remit.endorsement.Link.State;
import java.util.List;

/**
 * What became of the attempt to prove a chain. The links stand from the root to the PDH, as far as
 * they could be tried.
 */
public sealed interface SevChainProof {
  List<Link> links();

  /** Which chip this is, by whose word. */
  ChipBinding chip();

  /** The same with something said of the chip. */
  SevChainProof with(ChipBinding said);

  /** Every link holds, up to an anchor. */
  record Proven(SevPlatform platform, List<Link> links, ChipBinding chip) implements SevChainProof {
    public Proven {
      links = List.copyOf(links);
      if (links.isEmpty() || !links.stream().allMatch(link -> link.state() == State.VALID)) {
        throw new IllegalArgumentException("every link of a proven chain is valid");
      }
    }

    @Override
    public Proven with(ChipBinding said) {
      return new Proven(platform, links, said);
    }
  }

  /** A link does not hold. */
  record Broken(List<Link> links, ChipBinding chip) implements SevChainProof {
    public Broken {
      links = List.copyOf(links);
      if (links.stream().allMatch(link -> link.state() == State.VALID)) {
        throw new IllegalArgumentException("a broken chain names the link that does not hold");
      }
    }

    @Override
    public Broken with(ChipBinding said) {
      return new Broken(links, said);
    }
  }

  /**
   * The CEK carries no signature of AMD, and nothing else is wrong: what libvirt hands out. AMD's
   * key service has the signed CEK.
   */
  record Incomplete(List<Link> links, ChipBinding chip) implements SevChainProof {
    public Incomplete {
      links = List.copyOf(links);
      if (links.stream().anyMatch(link -> link.state() == State.BROKEN)
          || links.stream().allMatch(link -> link.state() == State.VALID)) {
        throw new IllegalArgumentException("an incomplete chain has links missing, none broken");
      }
    }

    @Override
    public Incomplete with(ChipBinding said) {
      return new Incomplete(links, said);
    }
  }

  /**
   * A supplied ASK or ARK is not, byte for byte, one that is believed.
   *
   * @param which {@code ASK} or {@code ARK}
   */
  record NotPinned(List<Link> links, String which, ChipBinding chip) implements SevChainProof {
    public NotPinned {
      links = List.copyOf(links);
      if (links.stream().noneMatch(link -> link.state() == State.BROKEN)) {
        throw new IllegalArgumentException("a chain that is not pinned names the broken link");
      }
    }

    @Override
    public NotPinned with(ChipBinding said) {
      return new NotPinned(links, which, said);
    }
  }

  /**
   * The signed CEK of the chip that the host claims to have, or that was given for it, is genuine
   * and of another key than the chain's: the host shows an identity that is not its own.
   *
   * @param links what the chain is worth by itself
   * @param found whose CEK it is, for reports
   */
  record OtherChip(List<Link> links, String found, ChipBinding chip) implements SevChainProof {
    public OtherChip {
      links = List.copyOf(links);
    }

    @Override
    public OtherChip with(ChipBinding said) {
      return new OtherChip(links, found, said);
    }
  }
}
