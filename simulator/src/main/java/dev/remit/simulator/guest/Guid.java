package dev.remit.simulator.guest;

import dev.remit.bytes.Bytes;
import java.util.UUID;

/** GUIDs as EFI writes them: the first three fields least significant octet first. */
final class Guid {
  static final int SIZE = 16;

  private Guid() {}

  static Bytes of(String text) {
    var bigEndian = Bytes.ofHex(text.replace("-", ""));
    return Bytes.concat(
        bigEndian.slice(0, 4).reversed(),
        bigEndian.slice(4, 2).reversed(),
        bigEndian.slice(6, 2).reversed(),
        bigEndian.slice(8, 8));
  }

  static UUID read(Bytes guid) {
    var hex =
        Bytes.concat(
                guid.slice(0, 4).reversed(),
                guid.slice(4, 2).reversed(),
                guid.slice(6, 2).reversed(),
                guid.slice(8, 8))
            .hex();
    return new UUID(
        Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
  }
}
