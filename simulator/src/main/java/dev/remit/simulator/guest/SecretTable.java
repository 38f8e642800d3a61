package dev.remit.simulator.guest;

import dev.remit.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What a secret table names, without what it holds (edk2, OvmfPkg/AmdSev/SecretDxe). */
public final class SecretTable {
  private static final Bytes TABLE = Guid.of("1e74f542-71dd-4d66-963e-ef4287ff173b");
  private static final int HEADER_SIZE = Guid.SIZE + 4;

  private SecretTable() {}

  /**
   * One secret.
   *
   * @param size of its value, in bytes
   */
  public record Entry(UUID guid, int size) {}

  /** No entries where the octets are not such a table: the processor takes any octets. */
  public static List<Entry> entries(byte[] octets) {
    var entries = new ArrayList<Entry>();
    if (octets.length < HEADER_SIZE || !guidAt(octets, 0).equals(TABLE)) {
      return List.of();
    }
    var table = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    int end = table.getInt(Guid.SIZE);
    if (end < HEADER_SIZE || end > octets.length) {
      return List.of();
    }
    for (int at = HEADER_SIZE; at < end; ) {
      int length = end - at < HEADER_SIZE ? 0 : table.getInt(at + Guid.SIZE);
      if (length < HEADER_SIZE || length > end - at) {
        return List.of();
      }
      entries.add(new Entry(Guid.read(guidAt(octets, at)), length - HEADER_SIZE));
      at += length;
    }
    return List.copyOf(entries);
  }

  private static Bytes guidAt(byte[] octets, int at) {
    return Bytes.copyOf(octets, at, Guid.SIZE);
  }
}
