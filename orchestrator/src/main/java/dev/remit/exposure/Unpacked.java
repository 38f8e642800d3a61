package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** What a gzip file holds, up to a size. */
final class Unpacked {
  /** Bytes; cloud-init's own limits are far below. */
  static final int LARGEST = 8 << 20;

  private Unpacked() {}

  static boolean isGzip(Bytes content) {
    return content.size() > 2 && content.at(0) == 0x1f && content.at(1) == 0x8b;
  }

  static Bytes of(Bytes gzip) throws MalformedException {
    try (var stream = new GZIPInputStream(new ByteArrayInputStream(gzip.toArray()))) {
      byte[] octets = stream.readNBytes(LARGEST + 1);
      if (octets.length > LARGEST) {
        throw new MalformedException(0, "it unpacks to more than Remit looks at");
      }
      return Bytes.copyOf(octets);
    } catch (IOException broken) {
      throw new MalformedException(0, "it is not a whole gzip file");
    }
  }

  /** Its first octets, as far as they can be had. */
  static Bytes start(Bytes gzip, int length) {
    byte[] octets = new byte[length];
    int had = 0;
    try (var stream = new GZIPInputStream(new ByteArrayInputStream(gzip.toArray()))) {
      for (int more; had < length && (more = stream.read(octets, had, length - had)) > 0; ) {
        had += more;
      }
    } catch (IOException broken) {
      return Bytes.copyOf(octets, 0, had);
    }
    return Bytes.copyOf(octets, 0, had);
  }
}
