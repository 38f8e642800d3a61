package dev.remit.firmware;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The table of GUIDs at the end of an OVMF image (edk2, OvmfPkg/ResetVector/Ia16/
 * ResetVectorVtf0.asm). Each entry is content, a length that counts all three parts, and a GUID;
 * the last one, the footer, counts the whole table.
 */
record GuidedTable(Map<Bytes, Entry> entries) {
  static final Bytes SEV_HASH_TABLE = guid("7255371f-3a3b-4b04-927b-1da6efa8d454");
  static final Bytes SEV_SECRET_AREA = guid("4c2eb361-7d9b-4cc3-8081-127c90d3d294");
  static final Bytes SEV_ES_RESET = guid("00f771de-1a7e-4fcb-890e-68c77e2fb44e");
  static final Bytes SEV_METADATA = guid("dc886566-984a-4798-a75e-5585a7bf67cc");

  private static final Bytes FOOTER = guid("96b582de-1fb2-45f7-baea-a366c55a082d");

  private static final int PAGE_SIZE = 4096;
  // The processor's reset vector takes the last bytes of the image; the table ends before it.
  private static final int RESET_VECTOR_SIZE = 0x20;
  private static final int GUID_SIZE = 16;
  private static final int TRAILER_SIZE = 2 + GUID_SIZE;

  /**
   * @param at where the content starts, in bytes from the start of the file
   */
  record Entry(long at, Bytes content) {}

  Optional<Entry> find(Bytes guid) {
    return Optional.ofNullable(entries.get(guid));
  }

  /** From the end of the file towards its start, as QEMU reads it (hw/i386/pc_sysfw_ovmf.c). */
  static GuidedTable read(SeekableBytes file) throws MalformedException, IOException {
    long end = file.size() - RESET_VECTOR_SIZE;
    if (end < TRAILER_SIZE) {
      throw new MalformedException(0, "OVMF's table is missing; " + Lookalike.of(file));
    }
    long trailer = end - TRAILER_SIZE;
    var reader = file.read(trailer, TRAILER_SIZE).reader();
    int size = reader.u16le();
    var guid = reader.bytes(GUID_SIZE);
    // Before OVMF had a table, the SEV-ES reset block stood alone in the footer's place.
    boolean lone = guid.equals(SEV_ES_RESET);
    if (!lone && !guid.equals(FOOTER)) {
      throw new MalformedException(trailer, "OVMF's table is missing; " + Lookalike.of(file));
    }
    if (file.size() % PAGE_SIZE != 0) {
      throw new MalformedException(file.size(), "an OVMF image consists of pages of 4096 bytes");
    }
    if (size < TRAILER_SIZE || size > end) {
      throw new MalformedException(trailer, "the size of OVMF's table is impossible");
    }
    long start = end - size;
    return new GuidedTable(walk(start, file.read(start, lone ? size : size - TRAILER_SIZE)));
  }

  private static Map<Bytes, Entry> walk(long start, Bytes table) throws MalformedException {
    var entries = new HashMap<Bytes, Entry>();
    int end = table.size();
    while (end > 0) {
      if (end < TRAILER_SIZE) {
        throw new MalformedException(start, end + " stray bytes in OVMF's table");
      }
      var trailer = table.slice(end - TRAILER_SIZE, TRAILER_SIZE).reader();
      int size = trailer.u16le();
      if (size < TRAILER_SIZE || size > end) {
        throw new MalformedException(
            start + end - TRAILER_SIZE, "the size of an entry of OVMF's table is impossible");
      }
      var entry = new Entry(start + end - size, table.slice(end - size, size - TRAILER_SIZE));
      if (entries.put(trailer.bytes(GUID_SIZE), entry) != null) {
        throw new MalformedException(entry.at(), "OVMF's table has one GUID twice");
      }
      end -= size;
    }
    return entries;
  }

  private static Bytes guid(String text) {
    return Bytes.efiGuid(UUID.fromString(text));
  }
}
