package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.image.PeSample;
import java.io.IOException;
import java.util.List;

/** A program for the firmware, whose headers lie in the file. */
public final class PeFuzz {
  private PeFuzz() {}

  private static final int POINTER = 0x3c;

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var file = Envelope.of(input, 1024, 1).put(0, "MZ");
    int headers = 0x40 + file.u8(POINTER) % 0x80;
    file.le32(POINTER, headers).put(headers, "PE\0\0");
    Expected.ofImage(file.bytes());
  }

  static List<Bytes> seeds() {
    return List.of(
        Bytes.concat(
            Bytes.of(0x4d, 0x5a),
            PeSample.small().bytes().slice(2, 0x3a),
            Bytes.of(0x40),
            PeSample.small().bytes().slice(0x3d, PeSample.small().bytes().size() - 0x3d)));
  }
}
