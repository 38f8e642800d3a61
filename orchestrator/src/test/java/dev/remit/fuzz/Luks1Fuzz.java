package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import java.io.IOException;
import java.util.List;

/** The header of a LUKS1 volume, whose keyslots are in use or free. */
public final class Luks1Fuzz {
  private Luks1Fuzz() {}

  private static final long DISK = 4L << 20;
  private static final int SIZE = 592;

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var header = Envelope.of(input, SIZE, 1).put(0, 0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe, 0, 1);
    for (int at = 208; at < SIZE; at += 48) {
      header.be32(at, (header.u8(at + 3) & 2) != 0 ? 0x00ac71f3 : 0x0000dead).be32(at + 44, 4000);
    }
    Expected.ofImage(new Holed(Bytes.copyOf(header.bytes()), DISK));
  }

  static List<Bytes> seeds() {
    return List.of(Sample.of("image/content/luks1.head.gz"));
  }
}
