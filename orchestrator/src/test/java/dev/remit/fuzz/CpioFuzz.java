package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.image.CpioSample;
import java.io.IOException;
import java.util.List;

/** An archive as initial RAM disks are. */
public final class CpioFuzz {
  private CpioFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Expected.ofImage(Envelope.of(input, 110, 1).put(0, "07070").bytes());
  }

  static List<Bytes> seeds() {
    return List.of(
        CpioSample.small(), Bytes.concat(CpioSample.small(), Bytes.zeros(512), CpioSample.small()));
  }
}
