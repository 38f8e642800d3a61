package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.exposure.KubeVirtManifest;
import dev.remit.exposure.Samples;
import java.util.List;

/** A manifest of KubeVirt, and the rules over it. */
public final class KubeVirtFuzz {
  private KubeVirtFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Expected.ofText(
        input,
        (text, place, findings, unreadable) ->
            Expected.require(
                !KubeVirtManifest.check(
                        text,
                        place,
                        findings,
                        refused -> Expected.require(refused.offset() >= 0, "it has a place"))
                    .isEmpty(),
                "it is judged for a technology"));
  }

  static List<Bytes> seeds() {
    return Envelope.texts(Samples.manifests());
  }
}
