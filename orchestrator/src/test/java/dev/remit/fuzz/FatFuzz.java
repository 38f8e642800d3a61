package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.image.FatSample;
import java.io.IOException;
import java.util.List;

/** A volume with the mark of FAT12, FAT16 or FAT32. */
public final class FatFuzz {
  private static final long DISK = 1L << 30;

  private FatFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var volume = Envelope.of(input, 512, 512).put(510, 0x55, 0xaa);
    if (volume.u8(0) == 0x32) {
      volume.put(82, "FAT32   ");
    } else {
      volume.put(54, volume.u8(0) == 0x36 ? "FAT16   " : "FAT12   ");
    }
    Expected.ofImage(new Holed(Bytes.copyOf(volume.bytes()), DISK));
  }

  static List<Bytes> seeds() {
    return List.of(
        FatSample.small().bytes(),
        Bytes.concat(Bytes.of(0x36), rest("fat")),
        Bytes.concat(Bytes.of(0x32), rest("fat32")));
  }

  private static Bytes rest(String kind) {
    var head = Sample.of("image/content/" + kind + ".head.gz");
    return head.slice(1, Math.min(head.size(), 1 << 15) - 1);
  }
}
