package dev.remit.measurement;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.firmware.FirmwareImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * The hashes by which OVMF checks kernel, initrd and command line before it starts them (QEMU,
 * target/i386/sev.c, sev_add_kernel_loader_hashes). SHA-256 each, 32 bytes.
 *
 * @param kernel of the whole file as on disk: QEMU leaves its setup header alone under SEV
 * @param initrd of the whole file, or of nothing where there is none
 * @param cmdline of the command line and a NUL, or of the NUL alone where there is none
 */
public record KernelHashes(Bytes kernel, Bytes initrd, Bytes cmdline) {
  private static final Bytes TABLE = guid("9438d606-4f22-4cc9-b479-a793d411fd21");
  private static final Bytes KERNEL = guid("4de79437-abd2-427f-b835-d5b172d2045b");
  private static final Bytes INITRD = guid("44baf731-3a2f-4bd7-9af1-41e29169781d");
  private static final Bytes CMDLINE = guid("97d02dd8-bd20-4c94-aa78-e7714d36ab2a");
  // Both lengths count the GUID and themselves.
  private static final int ENTRY_SIZE = 16 + 2 + Sha256.SIZE;
  private static final int TABLE_SIZE = 16 + 2 + 3 * ENTRY_SIZE;

  public KernelHashes {
    if (kernel.size() != Sha256.SIZE
        || initrd.size() != Sha256.SIZE
        || cmdline.size() != Sha256.SIZE) {
      throw new IllegalArgumentException("a SHA-256 hash has 32 bytes");
    }
  }

  /** Reads each file once, 64 KiB at a time. */
  public static KernelHashes of(ByteSource kernel, Optional<ByteSource> initrd, String cmdline)
      throws IOException {
    return new KernelHashes(
        Sha256.of(kernel),
        initrd.isPresent() ? Sha256.of(initrd.get()) : Sha256.of(Bytes.EMPTY),
        ofCmdline(cmdline));
  }

  /** Of exactly these characters in UTF-8, blanks at the ends included, and the NUL after them. */
  public static Bytes ofCmdline(String cmdline) {
    if (cmdline.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a command line ends at its first NUL");
    }
    return ofMeasured(cmdline + "\0");
  }

  /** Of these characters and nothing after them: QEMU never measures a command line so. */
  static Bytes ofMeasured(String octets) {
    return Sha256.of(Bytes.copyOf(octets.getBytes(StandardCharsets.UTF_8)));
  }

  /** The 176 bytes that QEMU writes into the guest's hash table and that are measured. */
  public Bytes table() {
    return Bytes.concat(
            TABLE,
            u16le(TABLE_SIZE),
            entry(CMDLINE, cmdline),
            entry(INITRD, initrd),
            entry(KERNEL, kernel))
        .paddedTo(FirmwareImage.HASH_TABLE_SIZE);
  }

  private static Bytes entry(Bytes guid, Bytes hash) {
    return Bytes.concat(guid, u16le(ENTRY_SIZE), hash);
  }

  private static Bytes u16le(int value) {
    return Bytes.le32(value).slice(0, 2);
  }

  private static Bytes guid(String text) {
    return Bytes.efiGuid(UUID.fromString(text));
  }
}
