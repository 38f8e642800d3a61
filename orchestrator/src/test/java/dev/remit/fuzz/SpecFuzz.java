package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.spec.Documents;
import dev.remit.spec.Read;
import dev.remit.spec.SpecReader;
import java.util.List;

/** The document of a VM. */
public final class SpecFuzz {
  private SpecFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    var content = Bytes.copyOf(input);
    var read = read(content);
    Expected.require(read.equals(read(content)), "a second reading finds the same");
    if (read instanceof Read.Rejected<?> rejected) {
      Expected.require(!rejected.problems().isEmpty(), "a refusal has a reason");
      rejected.problems().forEach(Expected::ofDiagnostic);
    }
  }

  private static Read<?> read(Bytes content) {
    return SpecReader.read(Expected.FILE, Documents.FOLDER, content, Documents.TODAY);
  }

  static List<Bytes> seeds() {
    return Envelope.texts(List.of(Documents.SPEC, Documents.HOST));
  }
}
