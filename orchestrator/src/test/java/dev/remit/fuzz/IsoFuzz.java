package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.image.IsoSample;
import java.io.IOException;
import java.util.List;

/** What lies behind the first 32 KiB of an ISO 9660 image. */
public final class IsoFuzz {
  private IsoFuzz() {}

  private static final int START = 0x8000;
  private static final int SECTOR = 2048;

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var image = Envelope.at(START, Envelope.of(input, 3 * SECTOR, SECTOR).bytes());
    for (int i = 0; i < 3; i++) {
      image.put(START + i * SECTOR + 1, "CD001");
    }
    Expected.ofImage(image.bytes());
  }

  static List<Bytes> seeds() {
    var image = IsoSample.small().bytes();
    return List.of(image.slice(START, image.size() - START));
  }
}
