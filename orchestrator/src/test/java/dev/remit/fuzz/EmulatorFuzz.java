package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.exposure.CommandLineRules;
import dev.remit.exposure.EmulatorArguments;
import dev.remit.exposure.Samples;
import java.util.List;

/** A command line of QEMU, and the rules over it. */
public final class EmulatorFuzz {
  private EmulatorFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Expected.ofText(
        input,
        (text, place, findings, unreadable) -> {
          var line = EmulatorArguments.parse(Expected.FILE, text);
          CommandLineRules.check(line, findings);
          Expected.require(
              !CommandLineRules.technologies(line).isEmpty(), "it is judged for a technology");
        });
  }

  static List<Bytes> seeds() {
    return Envelope.texts(Samples.commandLines());
  }
}
