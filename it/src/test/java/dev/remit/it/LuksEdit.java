package dev.remit.it;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/** What a host does to the header of a disk that it keeps. */
final class LuksEdit {
  private static final int BINARY_SIZE = 4096;
  private static final int SIZE_OFFSET = 8;
  private static final int CHECKSUM_OFFSET = 448;
  private static final int CHECKSUM_SIZE = 64;

  private LuksEdit() {}

  /** Both copies of a LUKS2 header name it, with checksums that are right. */
  static void nullCipher(Path disk) throws IOException {
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(SIZE_OFFSET);
      int size = (int) file.readLong();
      for (int copy = 0; copy < 2; copy++) {
        byte[] header = read(file, (long) copy * size, size);
        edit(header);
        file.seek((long) copy * size);
        file.write(header);
      }
    }
  }

  private static void edit(byte[] header) {
    String json =
        new String(header, BINARY_SIZE, header.length - BINARY_SIZE, StandardCharsets.US_ASCII);
    // That of the segment, which alone has an initial vector.
    String edited =
        json.replaceFirst(
            "(\"iv_tweak\":\"0\",\"encryption\":\")aes-xts-plain64\"", "$1cipher_null-ecb\"");
    if (edited.equals(json)) {
      throw new IllegalStateException("no cipher to replace in " + json.strip());
    }
    byte[] text = edited.strip().replaceAll("\0+$", "").getBytes(StandardCharsets.US_ASCII);
    Arrays.fill(header, BINARY_SIZE, header.length, (byte) 0);
    ByteBuffer.wrap(header).put(BINARY_SIZE, text);
    Arrays.fill(header, CHECKSUM_OFFSET, CHECKSUM_OFFSET + CHECKSUM_SIZE, (byte) 0);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(header);
      ByteBuffer.wrap(header).put(CHECKSUM_OFFSET, digest);
    } catch (GeneralSecurityException cause) {
      throw new IllegalStateException(cause);
    }
  }

  /** Which has no checksum. */
  static void nullCipherOfVersionOne(Path disk) throws IOException {
    try (var file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(8);
      file.write(Arrays.copyOf("cipher_null".getBytes(StandardCharsets.US_ASCII), 32));
      file.write(Arrays.copyOf("ecb".getBytes(StandardCharsets.US_ASCII), 32));
    }
  }

  private static byte[] read(RandomAccessFile file, long at, int size) throws IOException {
    byte[] octets = new byte[size];
    file.seek(at);
    file.readFully(octets);
    return octets;
  }
}
