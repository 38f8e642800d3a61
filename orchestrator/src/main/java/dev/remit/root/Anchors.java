package dev.remit.root;

import dev.remit.bytes.Bytes;
import dev.remit.platform.Generation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;

/** The roots that are believed. AMD's are built in; any other one is added by an explicit call. */
public final class Anchors {
  // Fingerprints as sevctl prints them: the hash of the signed body, SHA-256 for Naples' keys of
  // 2048 bits and SHA-384 for the others.
  private static final Anchors BUILT_IN =
      new Anchors(
          List.of(
              load(
                  Generation.NAPLES,
                  "AMD Naples root, built in",
                  "8efddcaaf84990cf6354d93637be270220cf15797332b3d918c3b8cc77349f31",
                  "5dff2a2a4dd59dc095d73a26af28be523192ade830bdd35bacdd81ee75584c45"),
              load(
                  Generation.ROME,
                  "AMD Rome root, built in",
                  "3d2c1157c29ef7bd4207fc0c8b08db080e579ceba267f8c93bec8dce73f5a5e2"
                      + "e60d959ac37ea82176c1a0c61ae203ed",
                  "d8cd9d1798c311c96e009a91552f17b4ddc4886a064ec933697734965b9ab29d"
                      + "b803c79604e2725658f0861bfaf09ad4"),
              load(
                  Generation.MILAN,
                  "AMD Milan root, built in",
                  "569da618dfe64015c343db6d975e77b72fdeacd16edd02d9d09b889b8f0f1d91"
                      + "ffa5dfbd86f7ac574a1a7883b7a1e737",
                  "95cba79ba3c77daea79f741bade8156a50b1c59f6d6fda104d16dd264729f5ee"
                      + "8989522f3711fc7c84719921ceb31bc0"),
              load(
                  Generation.GENOA,
                  "AMD Genoa root, built in",
                  "b66e16ff0ebeed57f0c4dffa154872c4156f2e5b1c2f4e66e58fc37f1d2a60d3"
                      + "1a342ecb6430a9b2510a970c75c37926",
                  "9fa6db577758411b576cfcdc3c2f0851e60f0c69ffdcb6301ad2f7864f91e829"
                      + "f62925888464d9d285612eb03b3fc63d"),
              load(
                  Generation.TURIN,
                  "AMD Turin root, built in",
                  "712a28007da1097e8c4fd3a2e8655012b27e04042323a0a30e111fc0cf698961"
                      + "040c6fc3ff2053abe70432cfef411a0e",
                  "9ae10c44573f0c0dee8044a89ee1ba5acd8f3909651fd3c96bfec3d4419c1bd6"
                      + "0d7d9a35d42509c3a71e307b0f60c1d1")));

  private final List<Anchor> anchors;

  private Anchors(List<Anchor> anchors) {
    this.anchors = anchors;
  }

  /** AMD's roots from Naples to Turin, each equal to its pinned digest. */
  public static Anchors builtIn() {
    return BUILT_IN;
  }

  /**
   * These roots and one more that proves nothing: its generation is {@link Generation#SIMULATED}.
   *
   * <p>Throws {@link IllegalArgumentException} unless both have 832 bytes or both 1600.
   */
  public Anchors withInsecureRoot(Bytes ark, Bytes ask, String origin) {
    var insecure = new Anchor(Generation.SIMULATED, ark, ask, origin);
    return new Anchors(Stream.concat(anchors.stream(), Stream.of(insecure)).toList());
  }

  public List<Anchor> all() {
    return anchors;
  }

  private static Anchor load(
      Generation generation, String origin, String arkFingerprint, String askFingerprint) {
    return new Anchor(
        generation,
        pinned(generation.id() + "-ark.cert", arkFingerprint),
        pinned(generation.id() + "-ask.cert", askFingerprint),
        origin);
  }

  private static Bytes pinned(String resource, String fingerprint) {
    try (var in = Anchors.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("this build lacks the root " + resource);
      }
      return requirePinned(Bytes.copyOf(in.readAllBytes()), Bytes.ofHex(fingerprint), resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Bytes requirePinned(Bytes certificate, Bytes fingerprint, String name) {
    if (!fingerprint(certificate).equals(fingerprint)) {
      throw new IllegalStateException("the root " + name + " is not the one that is pinned");
    }
    return certificate;
  }

  private static Bytes fingerprint(Bytes certificate) {
    int keySize = certificate.size() == Anchor.SMALL ? 256 : 512;
    try {
      // The body is all but the signature, which is as long as the key.
      var hash = MessageDigest.getInstance(keySize == 256 ? "SHA-256" : "SHA-384", "SUN");
      certificate.slice(0, Math.max(0, certificate.size() - keySize)).updateInto(hash);
      return Bytes.copyOf(hash.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks SHA-2", e);
    }
  }
}
