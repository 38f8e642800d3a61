package dev.remit.simulator.guest;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.util.Optional;

/**
 * What a firmware image tells the hypervisor, in the table of GUIDs that ends 32 bytes before the
 * image does (edk2, OvmfPkg/ResetVector/Ia16/ResetVectorVtf0.asm). Later entries of the same GUID
 * lie closer to the footer and win.
 *
 * @param resetAddress where application CPUs of an SEV-ES guest start
 */
public record FirmwareTable(
    Optional<Area> hashes, Optional<Area> secrets, Optional<Long> resetAddress) {

  private static final Bytes FOOTER = Guid.of("96b582de-1fb2-45f7-baea-a366c55a082d");
  private static final Bytes HASHES = Guid.of("7255371f-3a3b-4b04-927b-1da6efa8d454");
  private static final Bytes SECRETS = Guid.of("4c2eb361-7d9b-4cc3-8081-127c90d3d294");
  private static final Bytes RESET = Guid.of("00f771de-1a7e-4fcb-890e-68c77e2fb44e");

  private static final int AFTER_TABLE = 32;
  private static final int ENTRY_TRAILER = 2 + Guid.SIZE;

  /** A range of guest memory below 4 GiB. */
  public record Area(long base, long size) {}

  /** An image without the table has nothing to tell; a broken table is an error. */
  public static FirmwareTable parse(Bytes image) throws MalformedException {
    Optional<Area> hashes = Optional.empty();
    Optional<Area> secrets = Optional.empty();
    Optional<Long> resetAddress = Optional.empty();

    int end = image.size() - AFTER_TABLE;
    if (end < ENTRY_TRAILER || !image.slice(end - Guid.SIZE, Guid.SIZE).equals(FOOTER)) {
      return new FirmwareTable(hashes, secrets, resetAddress);
    }
    int start = end - length(image, end);
    int at = end - ENTRY_TRAILER;
    if (start < 0 || start > at) {
      throw new MalformedException(at, "the firmware's table must lie within the image");
    }
    while (at > start) {
      if (at - start < ENTRY_TRAILER) {
        throw new MalformedException(at, "a table entry has at least 18 bytes");
      }
      int length = length(image, at);
      if (length < ENTRY_TRAILER || length > at - start) {
        throw new MalformedException(at, "a table entry must lie within the table");
      }
      var guid = image.slice(at - Guid.SIZE, Guid.SIZE);
      var content = image.slice(at - length, length - ENTRY_TRAILER);
      if (guid.equals(HASHES) && hashes.isEmpty()) {
        hashes = Optional.of(area(content));
      } else if (guid.equals(SECRETS) && secrets.isEmpty()) {
        secrets = Optional.of(area(content));
      } else if (guid.equals(RESET) && resetAddress.isEmpty()) {
        resetAddress = Optional.of(content.reader().u32le());
      }
      at -= length;
    }
    return new FirmwareTable(hashes, secrets, resetAddress);
  }

  private static int length(Bytes image, int end) throws MalformedException {
    return image.slice(end - ENTRY_TRAILER, 2).reader().u16le();
  }

  private static Area area(Bytes content) throws MalformedException {
    var in = content.reader();
    return new Area(in.u32le(), in.u32le());
  }
}
