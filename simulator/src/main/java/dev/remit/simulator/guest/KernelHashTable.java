package dev.remit.simulator.guest;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.util.Optional;

/** The table by which firmware recognises kernel, initrd and command line, 176 bytes. */
public final class KernelHashTable {
  public static final int SIZE = 176;

  private static final Bytes TABLE = Guid.of("9438d606-4f22-4cc9-b479-a793d411fd21");
  private static final Bytes CMDLINE = Guid.of("97d02dd8-bd20-4c94-aa78-e7714d36ab2a");
  private static final Bytes INITRD = Guid.of("44baf731-3a2f-4bd7-9af1-41e29169781d");
  private static final Bytes KERNEL = Guid.of("4de79437-abd2-427f-b835-d5b172d2045b");
  private static final int HEADER_SIZE = Guid.SIZE + 2;
  private static final int ENTRY_SIZE = HEADER_SIZE + 32;

  private KernelHashTable() {}

  /**
   * Hashes the three inputs of a direct boot.
   *
   * @param initrd none counts as an empty one
   * @param cmdline hashed with the NUL that ends it in the guest's memory
   */
  public static Bytes of(ByteSource kernel, Optional<ByteSource> initrd, String cmdline)
      throws IOException {
    var line = Bytes.copyOf((cmdline + '\0').getBytes(StandardCharsets.UTF_8));
    return Bytes.concat(
            header(TABLE, HEADER_SIZE + 3 * ENTRY_SIZE),
            header(CMDLINE, ENTRY_SIZE),
            sha256(() -> new ByteArrayInputStream(line.toArray())),
            header(INITRD, ENTRY_SIZE),
            sha256(initrd.orElse(InputStream::nullInputStream)),
            header(KERNEL, ENTRY_SIZE),
            sha256(kernel))
        .paddedTo(SIZE);
  }

  private static Bytes header(Bytes guid, int length) {
    return Bytes.concat(guid, Bytes.of(length & 0xff, length >>> 8));
  }

  private static Bytes sha256(ByteSource source) throws IOException {
    try (var in = source.open()) {
      var digest = MessageDigest.getInstance("SHA-256", "SUN");
      byte[] chunk = new byte[1 << 16];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        digest.update(chunk, 0, count);
      }
      return Bytes.copyOf(digest.digest());
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new IllegalStateException("the JDK has SHA-256", e);
    }
  }
}
