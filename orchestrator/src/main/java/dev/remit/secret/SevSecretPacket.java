package dev.remit.secret;

import dev.remit.bytes.Bytes;

/**
 * What LAUNCH_SECRET takes (SEV API), for a guest that its owner starts by other means.
 *
 * @param header 52 bytes: flags, 4, initialisation vector, 16, MAC, 32
 * @param payload the encrypted secret table, a multiple of 16 bytes
 */
public record SevSecretPacket(Bytes header, Bytes payload) {
  public static final int HEADER_SIZE = 52;

  public SevSecretPacket {
    requireSizes(header, payload);
  }

  static void requireSizes(Bytes header, Bytes payload) {
    if (header.size() != HEADER_SIZE || payload.size() % 16 != 0 || payload.size() == 0) {
      throw new IllegalArgumentException(
          "a launch secret has a header of 52 bytes and a payload of whole 16-byte blocks");
    }
  }
}
