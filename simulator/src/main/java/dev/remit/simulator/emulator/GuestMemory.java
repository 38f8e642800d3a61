package dev.remit.simulator.emulator;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.monitor.QemuMonitor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The memory of the guest: written through the file that backs it, read through QEMU's eyes. */
final class GuestMemory implements AutoCloseable {
  /** Below this address, addresses of a q35 machine are offsets in its memory. */
  private static final long LOW_MEMORY_END = 0x8000_0000L;

  private final Path file;
  private final FileChannel memory;
  private final long size;

  private GuestMemory(Path file, FileChannel memory, long size) {
    this.file = file;
    this.memory = memory;
    this.size = size;
  }

  /** Makes the file, which QEMU then maps. */
  static GuestMemory create(Path file, long size) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var memory =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            ownerOnly);
    memory.write(ByteBuffer.allocate(1), size - 1);
    return new GuestMemory(file, memory, size);
  }

  Path file() {
    return file;
  }

  /** Takes the file's name away: once QEMU and we hold it, nothing can be left behind. */
  void unlink() throws IOException {
    Files.delete(file);
  }

  /** Whether all of a range is memory that {@link #write} reaches. */
  boolean holds(long address, long length) {
    long end = Math.min(size, LOW_MEMORY_END);
    return address >= 0 && length >= 0 && address <= end - length;
  }

  void write(long address, byte[] octets) throws IOException {
    if (!holds(address, octets.length)) {
      throw new IOException("no memory at 0x%x".formatted(address));
    }
    var rest = ByteBuffer.wrap(octets);
    while (rest.hasRemaining()) {
      memory.write(rest, address + rest.position());
    }
  }

  /** What QEMU finds at a physical address: memory, flash or ROM. */
  static Bytes read(QemuMonitor qemu, long address, long length, Path scratch) throws IOException {
    try {
      qemu.execute(
          "pmemsave",
          json -> {
            json.writeNumberProperty("val", address);
            json.writeNumberProperty("size", length);
            json.writeStringProperty("filename", scratch.toString());
          });
      return Bytes.copyOf(Files.readAllBytes(scratch));
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    memory.close();
  }
}
