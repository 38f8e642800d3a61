package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.Optional;

/** A Linux kernel for x86, a bzImage (Linux, Documentation/arch/x86/boot.rst). */
final class Linux implements Format {
  private static final int SECTOR = 512;

  // "The Real-Mode Kernel Header".
  private static final int SETUP_SECTORS = 0x1f1;
  private static final int SYSTEM_SIZE = 0x1f4;
  private static final int BOOT_FLAG = 0x1fe;
  private static final int HEADER = 0x202;
  private static final int VERSION = 0x206;
  private static final int RELEASE = 0x20e;
  private static final int SETUP_SIZE = 0x268;
  private static final int LONGEST_RELEASE = 256;

  @Override
  public String title() {
    return "a Linux kernel";
  }

  static boolean isMarked(SeekableBytes region) throws IOException {
    return Block.of(region, 0, SETUP_SIZE)
        .filter(setup ->
            setup.has(BOOT_FLAG, Bytes.of(0x55, 0xaa)) && setup.has(HEADER, Block.ascii("HdrS")))
        .isPresent();
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    if (!isMarked(region)) {
      return Optional.empty();
    }
    var setup = new Block(region.read(0, SETUP_SIZE));
    Rule.require(
        setup.u16le(VERSION) >= 0x0204, VERSION, "its boot protocol is older than any in use");
    long setupSize = setupSize(setup);
    Rule.require(end(setup) <= region.size(), SYSTEM_SIZE, "the kernel is larger than its file");
    int release = setup.u16le(RELEASE);
    if (release == 0) {
      return Optional.of(new Content.Kernel(Optional.empty()));
    }
    long at = release + (long) SECTOR;
    Rule.require(at < setupSize, RELEASE, "its version lies outside its setup code");
    int length = (int) Math.min(LONGEST_RELEASE, setupSize - at);
    HostText text = new Block(region.read(at, length)).text(0, length);
    return Optional.of(new Content.Kernel(Optional.of(text)));
  }

  /** Behind the kernel; zero where there is none. */
  static long end(SeekableBytes region) throws IOException {
    return isMarked(region) ? end(new Block(region.read(0, SETUP_SIZE))) : 0;
  }

  private static long end(Block setup) {
    return setupSize(setup) + setup.u32le(SYSTEM_SIZE) * 16;
  }

  /** A number of zero sectors means four, for old reasons. */
  private static long setupSize(Block setup) {
    int sectors = setup.u8(SETUP_SECTORS);
    return ((sectors == 0 ? 4 : sectors) + 1L) * SECTOR;
  }
}
