package dev.remit.measurement;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.firmware.FirmwareImage;
import dev.remit.firmware.KnownFirmware;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;

/** A firmware that was hashed once, from which SHA-256 goes on as often as wanted. */
public final class HashedFirmware {
  private final Bytes digest;
  private final boolean checksKernel;
  private final Optional<Long> sevEsResetAddress;
  // Only ever copied.
  private final MessageDigest behind;

  private HashedFirmware(
      Bytes digest, boolean checksKernel, Optional<Long> sevEsResetAddress, MessageDigest behind) {
    this.digest = digest;
    this.checksKernel = checksKernel;
    this.sevEsResetAddress = sevEsResetAddress;
    this.behind = behind;
  }

  /**
   * Reads the firmware once, 64 KiB at a time.
   *
   * @param image what was parsed of the same file
   */
  public static HashedFirmware of(FirmwareImage image, ByteSource file) throws IOException {
    var behind = Sha256.begin();
    if (Sha256.update(behind, file) != image.size()) {
      throw new IOException("the firmware changed while it was read");
    }
    return new HashedFirmware(
        Sha256.soFar(behind),
        image.hashTable().filter(a -> a.size() >= FirmwareImage.HASH_TABLE_SIZE).isPresent(),
        image.sevEsResetAddress(),
        behind);
  }

  /** One that is not at hand. */
  public static HashedFirmware of(KnownFirmware known) {
    return new HashedFirmware(
        known.sha256(),
        known.checksKernel(),
        known.sevEsResetAddress(),
        ContinuedSha256.after(known.sha256State(), known.size()));
  }

  /** SHA-256 of the file, 32 bytes. */
  public Bytes digest() {
    return digest;
  }

  boolean checksKernel() {
    return checksKernel;
  }

  Optional<Long> sevEsResetAddress() {
    return sevEsResetAddress;
  }

  /** SHA-256 behind the file, the caller's own. */
  MessageDigest behind() {
    return Sha256.copy(behind);
  }
}
