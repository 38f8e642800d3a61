package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import io.airlift.compress.v3.zstd.ZstdJavaDecompressor;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A compressed cluster of a qcow2 image; what follows its end in the last sector is not its. */
final class PackedCluster {
  private static final String BROKEN = "a packed cluster does not unpack to its size";

  private PackedCluster() {}

  /**
   * @param at where the cluster lies, for messages
   */
  static Bytes unpack(Bytes packed, boolean zstd, int size, long at, Budget budget)
      throws MalformedException {
    byte[] unpacked = new byte[size];
    int length = zstd ? unzstd(packed, unpacked, at, budget) : inflate(packed, unpacked, at);
    if (length != size) {
      throw new MalformedException(at, BROKEN);
    }
    return Bytes.copyOf(unpacked);
  }

  private static int inflate(Bytes packed, byte[] unpacked, long at) throws MalformedException {
    try (var inflater = new Inflater(true)) {
      inflater.setInput(packed.toArray());
      int length = 0;
      while (length < unpacked.length) {
        int more = inflater.inflate(unpacked, length, unpacked.length - length);
        if (more == 0) {
          break;
        }
        length += more;
      }
      return length;
    } catch (DataFormatException e) {
      throw new MalformedException(at, BROKEN);
    }
  }

  private static int unzstd(Bytes packed, byte[] unpacked, long at, Budget budget)
      throws MalformedException {
    try {
      // Its decompressor takes what follows a frame for another one.
      int end = (int) ZstdFrame.size(SeekableBytes.of(packed), budget);
      byte[] frame = packed.slice(0, end).toArray();
      return new ZstdJavaDecompressor()
          .decompress(frame, 0, frame.length, unpacked, 0, unpacked.length);
      // A decompressor meets all kinds of broken input, and says so in several ways.
    } catch (MalformedException | IOException | RuntimeException e) {
      throw new MalformedException(at, BROKEN);
    }
  }
}
