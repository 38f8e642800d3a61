package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.exposure.KernelCommandLineRules;
import dev.remit.exposure.Samples;
import java.util.List;

/** A command line of a kernel, and the rules over it. */
public final class KernelCommandLineFuzz {
  private KernelCommandLineFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Expected.ofText(
        input,
        (text, place, findings, unreadable) -> KernelCommandLineRules.check(text, place, findings));
  }

  static List<Bytes> seeds() {
    return Envelope.texts(Samples.kernelCommandLines());
  }
}
