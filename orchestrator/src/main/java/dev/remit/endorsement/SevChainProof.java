package dev.remit.endorsement;

import dev.remit.endorsement.Link.State;
import java.util.List;

/**
 * What became of the attempt to prove a chain. The links stand from the root to the PDH, as far as
 * they could be tried.
 */
public sealed interface SevChainProof {
  List<Link> links();

  /** Every link holds, up to an anchor. */
  record Proven(SevPlatform platform, List<Link> links) implements SevChainProof {
    public Proven {
      links = List.copyOf(links);
      if (links.isEmpty() || !links.stream().allMatch(link -> link.state() == State.VALID)) {
        throw new IllegalArgumentException("every link of a proven chain is valid");
      }
    }
  }

  /** A link does not hold. */
  record Broken(List<Link> links) implements SevChainProof {
    public Broken {
      links = List.copyOf(links);
      if (links.stream().allMatch(link -> link.state() == State.VALID)) {
        throw new IllegalArgumentException("a broken chain names the link that does not hold");
      }
    }
  }

  /**
   * The CEK carries no signature of AMD, and nothing else is wrong: what libvirt hands out. AMD's
   * key service has the signed CEK.
   */
  record Incomplete(List<Link> links) implements SevChainProof {
    public Incomplete {
      links = List.copyOf(links);
      if (links.stream().anyMatch(link -> link.state() == State.BROKEN)
          || links.stream().allMatch(link -> link.state() == State.VALID)) {
        throw new IllegalArgumentException("an incomplete chain has links missing, none broken");
      }
    }
  }

  /**
   * A supplied ASK or ARK is not, byte for byte, one that is believed.
   *
   * @param which {@code ASK} or {@code ARK}
   */
  record NotPinned(List<Link> links, String which) implements SevChainProof {
    public NotPinned {
      links = List.copyOf(links);
      if (links.stream().noneMatch(link -> link.state() == State.BROKEN)) {
        throw new IllegalArgumentException("a chain that is not pinned names the broken link");
      }
    }
  }
}
