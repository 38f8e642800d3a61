package dev.remit.endorsement;

import static java.util.stream.Collectors.joining;

import dev.remit.bytes.MalformedException;
import dev.remit.endorsement.Link.State;
import dev.remit.root.Anchor;
import dev.remit.root.Anchors;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Function;

/**
 * Proves that firmware on a chip of AMD's made a platform's PDH (SEV API, appendices B and C): the
 * ARK signs itself and the ASK, the ASK the CEK, the OCA itself, OCA and CEK the PEK, and the PEK
 * the PDH.
 */
public final class SevChainProver {
  private SevChainProver() {}

  /**
   * Tries every link, also after one that does not hold.
   *
   * <p>Where the chain brings no ASK and ARK, the root is the one whose ASK signed the CEK. Where
   * it does, both must be byte for byte those of one root that is believed.
   */
  public static SevChainProof prove(SevChain chain, Anchors anchors) {
    var root = rootOf(chain, anchors);
    var foreign = notPinned(chain, root);
    var ark = chain.ark().or(() -> root.map(Root::ark));
    var ask = chain.ask().or(() -> root.map(Root::ask));

    var links = new ArrayList<Link>();
    if (ark.isPresent() && ask.isPresent()) {
      links.add(link(KeyUsage.ARK, ark.get(), ark.get()));
      links.add(link(KeyUsage.ASK, ask.get(), ark.get()));
      links.add(link(chain.cek(), ask.get()));
    } else {
      links.add(linkToUnknownRoot(chain.cek(), anchors));
    }
    boolean incomplete = links.getLast().state() == State.MISSING; // AMD's signature of the CEK
    links.add(link(KeyUsage.OCA, chain.oca(), KeyUsage.OCA, chain.oca()));
    links.add(link(KeyUsage.PEK, chain.pek(), KeyUsage.OCA, chain.oca()));
    links.add(link(KeyUsage.PEK, chain.pek(), KeyUsage.CEK, chain.cek()));
    links.add(link(KeyUsage.PDH, chain.pdh(), KeyUsage.PEK, chain.pek()));

    if (foreign.isPresent()) {
      var place = foreign.get();
      links.set(place == KeyUsage.ARK ? 0 : 1, notPinned(place, anchors));
      return new SevChainProof.NotPinned(links, place.name(), ChipBinding.NONE);
    }
    long faults = links.stream().filter(link -> link.state() != State.VALID).count();
    if (faults > (incomplete ? 1 : 0)) {
      return new SevChainProof.Broken(links, ChipBinding.NONE);
    }
    return root.isEmpty() || incomplete
        ? new SevChainProof.Incomplete(links, ChipBinding.NONE)
        : new SevChainProof.Proven(
            new SevPlatform(root.get().anchor(), chain), links, ChipBinding.NONE);
  }

  /** The root of AMD's that stands above a chip's key; empty where none that is believed does. */
  public static Optional<Anchor> anchorOf(SevCertificate cek, Anchors anchors) {
    return anchors.all().stream()
        .flatMap(anchor -> Root.of(anchor).stream())
        .filter(root ->
            link(cek, root.ask()).state() == State.VALID
                && link(KeyUsage.ASK, root.ask(), root.ark()).state() == State.VALID
                && link(KeyUsage.ARK, root.ark(), root.ark()).state() == State.VALID)
        .map(Root::anchor)
        .findFirst();
  }

  /** A platform's key, signed by another one of the platform's keys. */
  static Link link(
      KeyUsage place, SevCertificate subject, KeyUsage signerPlace, SevCertificate signer) {
    if (signer.usage() != signerPlace) {
      return broken(place, signerPlace, wrongUsage(signerPlace, signer.usage()));
    }
    return link(
        place,
        subject,
        signerPlace,
        signature -> {
          if (signature.algorithm() != signer.algorithm()) {
            return wrongAlgorithm(signature, signer.algorithm());
          }
          return badUnless(
              SignatureVerifier.verifies(
                  signer.publicKey(), signature.algorithm(), subject.body(), signature.value()));
        });
  }

  /** A chip's key, signed by AMD's key for its generation. */
  static Link link(SevCertificate cek, CaCertificate ask) {
    if (ask.usage() != KeyUsage.ASK) {
      return broken(KeyUsage.CEK, KeyUsage.ASK, wrongUsage(KeyUsage.ASK, ask.usage()));
    }
    return link(
        KeyUsage.CEK,
        cek,
        KeyUsage.ASK,
        signature -> {
          if (signature.algorithm() != ask.algorithm()) {
            return wrongAlgorithm(signature, ask.algorithm());
          }
          return badUnless(SignatureVerifier.verifies(ask, cek.body(), signature.value()));
        });
  }

  /** AMD's root key or the one for a generation, signed by the root key. */
  static Link link(KeyUsage place, CaCertificate subject, CaCertificate ark) {
    if (subject.usage() != place) {
      return broken(place, KeyUsage.ARK, wrongUsage(place, subject.usage()));
    }
    if (ark.usage() != KeyUsage.ARK) {
      return broken(place, KeyUsage.ARK, wrongUsage(KeyUsage.ARK, ark.usage()));
    }
    if (!subject.certifyingId().equals(ark.keyId())) {
      return broken(place, KeyUsage.ARK, "wrong signer: another key id is named as the signer's");
    }
    return badUnless(SignatureVerifier.verifies(ark, subject.body(), subject.signature()))
        .map(fault -> broken(place, KeyUsage.ARK, fault))
        .orElseGet(() -> valid(place, KeyUsage.ARK, ark.algorithm()));
  }

  /** Finds the one slot of the signer and lets it be judged; the judgement is the fault, if any. */
  private static Link link(
      KeyUsage place,
      SevCertificate subject,
      KeyUsage signer,
      Function<Signature, Optional<String>> judge) {
    if (subject.usage() != place) {
      return broken(place, signer, wrongUsage(place, subject.usage()));
    }
    var signers = subject.signatures().stream().map(Signature::signer).toList();
    if (signers.isEmpty()) {
      return new Link(
          place.name(), signer.name(), State.MISSING, "the certificate carries no signature");
    }
    if (!signers.contains(signer)) {
      return broken(place, signer, "wrong signer: signed by " + signers + " and not by " + signer);
    }
    // Only a PEK has two signers. Nothing covers a further signature, so there must be none.
    if (signers.size() > (place == KeyUsage.PEK ? 2 : 1)
        || signers.stream().distinct().count() < signers.size()) {
      return broken(place, signer, "a signature too many: signed by " + signers);
    }
    var signature = subject.signatures().get(signers.indexOf(signer));
    return judge
        .apply(signature)
        .map(fault -> broken(place, signer, fault))
        .orElseGet(() -> valid(place, signer, signature.algorithm()));
  }

  private static Link linkToUnknownRoot(SevCertificate cek, Anchors anchors) {
    var reason =
        "unknown root: the signature is broken, or of none of the roots that are believed ("
            + names(anchors)
            + ")";
    return link(KeyUsage.CEK, cek, KeyUsage.ASK, signature -> Optional.of(reason));
  }

  static Optional<Root> rootOf(SevChain chain, Anchors anchors) {
    return anchors.all().stream()
        .flatMap(anchor -> Root.of(anchor).stream())
        .filter(root ->
            chain.ark().isPresent()
                ? root.ark().equals(chain.ark().get())
                : link(chain.cek(), root.ask()).state() == State.VALID)
        .findFirst();
  }

  /** Which supplied certificate is not, byte for byte, that of the root. */
  static Optional<KeyUsage> notPinned(SevChain chain, Optional<Root> root) {
    if (chain.ark().isPresent() && root.isEmpty()) {
      return Optional.of(KeyUsage.ARK);
    }
    return chain.ask().isPresent() && !chain.ask().equals(root.map(Root::ask))
        ? Optional.of(KeyUsage.ASK)
        : Optional.empty();
  }

  private static Link notPinned(KeyUsage place, Anchors anchors) {
    return broken(
        place,
        KeyUsage.ARK,
        "not pinned: the supplied certificate is not that of a root that is believed ("
            + names(anchors)
            + ")");
  }

  private static String names(Anchors anchors) {
    return anchors.all().stream()
        .map(anchor -> anchor.origin() + (Root.of(anchor).isEmpty() ? ", which is malformed" : ""))
        .collect(joining("; "));
  }

  private static String wrongUsage(KeyUsage place, KeyUsage actual) {
    return "wrong usage: the certificate in the place of the " + place + " is of a key " + actual;
  }

  private static Optional<String> wrongAlgorithm(Signature signature, KeyAlgorithm due) {
    return Optional.of(
        "wrong algorithm: signed by %s, and the signer's key is for %s"
            .formatted(signature.algorithm().title(), due.title()));
  }

  private static Optional<String> badUnless(boolean verified) {
    return verified
        ? Optional.empty()
        : Optional.of("bad signature: it does not fit the certificate and the signer's key");
  }

  private static Link valid(KeyUsage subject, KeyUsage signer, KeyAlgorithm algorithm) {
    return new Link(subject.name(), signer.name(), State.VALID, algorithm.title());
  }

  private static Link broken(KeyUsage subject, KeyUsage signer, String reason) {
    return new Link(subject.name(), signer.name(), State.BROKEN, reason);
  }

  /** An anchor in its format. */
  record Root(Anchor anchor, CaCertificate ark, CaCertificate ask) {
    /** Empty where the anchor is not in its format, which no built-in one is. */
    static Optional<Root> of(Anchor anchor) {
      try {
        return Optional.of(
            new Root(anchor, CaCertificate.parse(anchor.ark()), CaCertificate.parse(anchor.ask())));
      } catch (MalformedException e) {
        return Optional.empty();
      }
    }
  }
}
