package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.exposure.KcliPlan;
import dev.remit.exposure.Samples;
import java.util.List;

/** A plan of kcli, and the rules over it. */
public final class KcliFuzz {
  private KcliFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Expected.ofText(
        input, (text, place, findings, unreadable) -> KcliPlan.check(text, place, findings));
  }

  static List<Bytes> seeds() {
    return Envelope.texts(Samples.plans());
  }
}
