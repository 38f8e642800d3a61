package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.image.LuksSample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The JSON text of a LUKS2 header, in both copies, with the right checksums. */
public final class Luks2Fuzz {
  private Luks2Fuzz() {}

  private static final long DISK = 17L << 20;
  private static final int LONGEST = LuksSample.COPY_SIZE - LuksSample.JSON_OFFSET - 1;

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var text = Bytes.copyOf(Arrays.copyOf(input, Math.min(input.length, LONGEST)));
    Expected.ofImage(new Holed(LuksSample.withJson(LuksSample.DETACHED, text), DISK));
  }

  static List<Bytes> seeds() {
    return List.of(LuksSample.WHOLE, LuksSample.DETACHED, LuksSample.REENCRYPTING).stream()
        .map(header -> Bytes.copyOf(LuksSample.json(header).getBytes(StandardCharsets.UTF_8)))
        .toList();
  }
}
