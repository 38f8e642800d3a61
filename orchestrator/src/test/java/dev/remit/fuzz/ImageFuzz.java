package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.image.CpioSample;
import dev.remit.image.FatSample;
import dev.remit.image.IsoSample;
import dev.remit.image.PeSample;
import java.io.IOException;
import java.util.List;

/** Any file, through all formats of images. */
public final class ImageFuzz {
  private ImageFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Expected.ofImage(input);
  }

  static List<Bytes> seeds() {
    return List.of(
        Bytes.EMPTY,
        CpioSample.small(),
        FatSample.small().bytes(),
        IsoSample.small().bytes(),
        PeSample.small().bytes());
  }
}
