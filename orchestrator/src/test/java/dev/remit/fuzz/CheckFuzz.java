package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.exposure.Checked;
import dev.remit.exposure.Checks;
import dev.remit.exposure.Samples;
import dev.remit.image.Companions;
import dev.remit.image.CpioSample;
import dev.remit.spec.Documents;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Any file, as the program takes it without being told what it is. */
public final class CheckFuzz {
  private static final Checks CHECKS = new Checks(LocalDate.EPOCH, Companions.NONE);

  private CheckFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var checked = check(input);
    Expected.require(checked.equals(check(input)), "a second check finds the same");
    checked.findings().forEach(Expected::ofFinding);
    checked.unreadable().forEach(Expected::ofDiagnostic);
    Expected.require(
        checked.kind().isPresent() || !checked.unreadable().isEmpty(),
        "what nobody can tell is not called clean");
  }

  private static Checked check(byte[] input) throws IOException {
    return CHECKS.check(Expected.FILE, SeekableBytes.of(Bytes.copyOf(input)), Optional.empty());
  }

  static List<Bytes> seeds() {
    var texts = new ArrayList<String>();
    for (var kind :
        List.of(
            Samples.domains(),
            Samples.commandLines(),
            Samples.kernelCommandLines(),
            Samples.userData(),
            Samples.manifests(),
            Samples.plans(),
            List.of(Documents.SPEC, Documents.HOST))) {
      texts.add(kind.getFirst());
      texts.add(kind.getLast());
    }
    var seeds = new ArrayList<>(Envelope.texts(texts));
    seeds.add(CpioSample.small());
    seeds.add(Bytes.EMPTY);
    return seeds;
  }
}
