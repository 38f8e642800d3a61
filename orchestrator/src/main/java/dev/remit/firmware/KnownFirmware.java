package dev.remit.firmware;

import dev.remit.bytes.Bytes;
import java.util.Optional;

/**
 * A build of OVMF of which the manifest tells what a launch digest needs, so that the file itself
 * need not be at hand.
 *
 * @param version of the package that has it
 * @param sha256 of the file, 32 bytes
 * @param size of the file in bytes, whole pages of 4096
 * @param sha256State the eight words of SHA-256 after the whole file and before any padding, 32
 *     bytes big-endian (FIPS 180-4, 6.2.2): whatever follows the file can be hashed from there on
 * @param checksKernel whether it has a table for the hashes of kernel, initrd and command line
 * @param sevEsResetAddress where vCPUs other than the first start under SEV-ES, 32 bits, not 0
 */
public record KnownFirmware(
    String name,
    String version,
    Bytes sha256,
    long size,
    Bytes sha256State,
    boolean checksKernel,
    Optional<Long> sevEsResetAddress) {
  private static final int PAGE_SIZE = 4096;

  public KnownFirmware {
    if (sha256.size() != 32 || sha256State.size() != 32) {
      throw new IllegalArgumentException("a SHA-256 hash and a state of it have 32 bytes each");
    }
    if (size < PAGE_SIZE || size % PAGE_SIZE != 0) {
      throw new IllegalArgumentException("an OVMF image consists of pages of 4096 bytes");
    }
    if (sevEsResetAddress.filter(address -> address < 1 || address >>> 32 != 0).isPresent()) {
      throw new IllegalArgumentException("a reset address has 32 bits and is not 0");
    }
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}
