package dev.remit.platform;

import dev.remit.bytes.Bytes;

/** The identity that AMD gave a chip, 64 bytes ({@code cpu0-id}; SEV API, GET_ID). */
public record ChipId(Bytes value) {
  public static final int SIZE = 64;

  public ChipId {
    if (value.size() != SIZE) {
      throw new IllegalArgumentException("a chip id has 64 bytes, not " + value.size());
    }
  }

  @Override
  public String toString() {
    return value.hex();
  }
}
