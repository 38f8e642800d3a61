package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.util.List;

/** A file that says of itself that it is a qcow2 image. */
public final class Qcow2Fuzz {
  private Qcow2Fuzz() {}

  private static final int CLUSTER = 512;
  private static final long PACKED = 1L << 62;

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var file = Envelope.of(input, 104, 1);
    file.put(0, 0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 2 + (file.u8(7) & 1));
    Expected.ofImage(file.bytes());
  }

  static List<Bytes> seeds() {
    // A packed cluster: by Zstandard as a block of one octet 512 times, by Deflate as it is.
    var plain = image(0, 104).put(7, 3);
    var zstd = image(8, 112).put(104, 1);
    zstd.be64(2 * CLUSTER + 8, PACKED | 4 * CLUSTER);
    zstd.put(4 * CLUSTER, 0x28, 0xb5, 0x2f, 0xfd, 0x60, 0, 1, 3, 0x10, 0, 0x61);
    var deflate = image(0, 104);
    deflate.be64(2 * CLUSTER + 8, PACKED | 1L << 61 | 4 * CLUSTER);
    deflate.put(4 * CLUSTER, 0x01, 0, 2, 0xff, 0xfd, 0x61);
    return List.of(
        Bytes.copyOf(plain.bytes()), Bytes.copyOf(zstd.bytes()), Bytes.copyOf(deflate.bytes()));
  }

  /** Clusters: header, both tables, two with data. */
  private static Envelope image(long features, int headerSize) {
    return Envelope.of(new byte[0], 6 * CLUSTER, CLUSTER)
        .put(0, 0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3)
        .be32(20, 9)
        .be64(24, 8 * CLUSTER)
        .be32(36, 1)
        .be64(40, CLUSTER)
        .be64(72, features)
        .be32(96, 4)
        .be32(100, headerSize)
        .be64(CLUSTER, 1L << 63 | 2 * CLUSTER)
        .be64(2 * CLUSTER, 1L << 63 | 3 * CLUSTER)
        .put(3 * CLUSTER, "data");
  }
}
