package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.image.Examination;
import java.io.IOException;

/** Any file, through all formats of images. */
public final class ImageFuzz {
  private ImageFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Examination.of(SeekableBytes.of(Bytes.copyOf(input)));
  }
}
