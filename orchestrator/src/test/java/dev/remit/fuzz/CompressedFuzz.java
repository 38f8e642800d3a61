package dev.remit.fuzz;

import dev.remit.bytes.Bytes;
import dev.remit.image.CpioSample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

/** What is packed by gzip, xz or Zstandard, as the first octet says. */
public final class CompressedFuzz {
  private CompressedFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    var file = Envelope.of(input, 64, 4);
    switch (file.u8(0) % 3) {
      case 0 -> file.put(0, 0x1f, 0x8b, 0x08);
      case 1 -> xz(file);
      default -> file.put(0, 0x28, 0xb5, 0x2f, 0xfd);
    }
    Expected.ofImage(file.bytes());
  }

  /** With the checksums of its header and its first block (The .xz File Format 1.2.1). */
  private static void xz(Envelope file) {
    file.put(0, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0).le32(8, file.sum(6, 2));
    int header = (file.u8(12) + 1) * 4;
    if (12 + header <= file.size()) {
      file.le32(12 + header - 4, file.sum(12, header - 4));
    }
  }

  static List<Bytes> seeds() {
    var archive = CpioSample.small();
    int size = archive.size();
    var zstd =
        Bytes.concat(
            Bytes.of(0x02, 0xb5, 0x2f, 0xfd, 0xa0),
            Bytes.le32(size),
            Bytes.le32(size << 3 | 1).slice(0, 3),
            archive);
    var packed = new ByteArrayOutputStream();
    var packedByXz = new ByteArrayOutputStream();
    try {
      try (var gzip = new GZIPOutputStream(packed)) {
        archive.writeTo(gzip);
      }
      try (var xz = new XZOutputStream(packedByXz, new LZMA2Options(0), XZ.CHECK_NONE)) {
        archive.writeTo(xz);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] gzip = packed.toByteArray();
    gzip[0] = 0;
    byte[] xz = packedByXz.toByteArray();
    xz[0] = 1;
    return List.of(Bytes.copyOf(gzip), Bytes.copyOf(xz), zstd);
  }
}
