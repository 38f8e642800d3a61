package dev.remit.secret;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.UUID;

/**
 * The secrets of a guest as its firmware hands them to the operating system (edk2, OvmfPkg/AmdSev;
 * Linux, drivers/virt/coco/efi_secret): GUID and length of the table, then GUID, length and value
 * of each secret; zeros up to a multiple of 16 bytes.
 */
public final class SecretTable {
  /** The most that firmware takes in one packet, in bytes (SEV API, LAUNCH_SECRET). */
  public static final int LARGEST = 16384;

  private static final UUID TABLE = UUID.fromString("1e74f542-71dd-4d66-963e-ef4287ff173b");

  /** Bytes of a GUID and a length. */
  private static final int HEADER_SIZE = 20;

  private static final int BLOCK_SIZE = 16;

  private SecretTable() {}

  /** Bytes of the table with its padding, for secrets of these sizes; a multiple of 16. */
  public static long paddedSize(List<Integer> valueSizes) {
    return (unpaddedSize(valueSizes) + BLOCK_SIZE - 1) / BLOCK_SIZE * BLOCK_SIZE;
  }

  /**
   * The table with its padding; the caller closes it.
   *
   * <p>Throws {@link IllegalArgumentException} for no secret, two under one GUID, or more than
   * {@link #LARGEST} bytes.
   */
  @RevealsSecret(because = "the table is made of the values; it stays off the heap")
  static SecretBytes build(List<SecretEntry> entries) {
    var sizes = entries.stream().map(entry -> entry.value().size()).toList();
    long padded = paddedSize(sizes);
    if (entries.isEmpty()
        || entries.stream().map(SecretEntry::guid).distinct().count() < entries.size()) {
      throw new IllegalArgumentException("a table has secrets, each under a GUID of its own");
    }
    if (padded > LARGEST) {
      throw new IllegalArgumentException(
          "firmware takes " + LARGEST + " bytes of secrets, and this table has " + padded);
    }
    var table = SecretBytes.allocate((int) padded);
    var out = table.fill().order(ByteOrder.LITTLE_ENDIAN);
    putHeader(out, TABLE, (int) unpaddedSize(sizes));
    for (var entry : entries) {
      putHeader(out, entry.guid(), HEADER_SIZE + entry.value().size());
      out.put(entry.value().reveal());
    }
    return table;
  }

  /** Counts the header of the table and of each secret, and no padding. */
  private static long unpaddedSize(List<Integer> valueSizes) {
    return HEADER_SIZE + valueSizes.stream().mapToLong(size -> HEADER_SIZE + (long) size).sum();
  }

  private static void putHeader(ByteBuffer out, UUID guid, int size) {
    out.put(Bytes.efiGuid(guid).toArray()).putInt(size);
  }
}
