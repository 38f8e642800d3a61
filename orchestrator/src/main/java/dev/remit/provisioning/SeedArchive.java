package dev.remit.provisioning;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;

/**
 * What makes an initrd that of one sealed volume: the volume's header and the SHA-256 of its
 * ciphertext, as an archive of its own. The kernel unpacks archives that follow each other, and the
 * launch measures all of them. The same volume makes the same octets.
 */
public final class SeedArchive {
  // The kernel's driver-api/early-userspace/buffer-format: six characters, thirteen numbers of
  // eight hex digits, the name with its NUL, the content; name and content end at multiples of 4.
  private static final String MAGIC = "070701";
  private static final int HEADER_SIZE = 110;
  private static final int ALIGNMENT = 4;
  private static final int FOLDER = 0040755;
  private static final int FILE = 0100444;

  private SeedArchive() {}

  /**
   * Files of a folder that no initrd has: an entry for one that is a link there would replace it.
   *
   * @param header the whole detached header
   * @param imageDigest SHA-256 of the encrypted image, 32 bytes
   */
  public static Bytes of(Bytes header, Bytes imageDigest) {
    if (imageDigest.size() != 32) {
      throw new IllegalArgumentException("a digest of SHA-256 has 32 bytes");
    }
    return Bytes.concat(
        entry("remit", FOLDER, Bytes.zeros(0)),
        entry("remit/seed.header", FILE, header),
        entry("remit/seed.sha256", FILE, ascii(imageDigest.hex() + "\n")),
        entry("TRAILER!!!", 0, Bytes.zeros(0)));
  }

  /**
   * An initrd with an archive behind it. Between them are zeros, as many as the kernel needs to see
   * that the second one begins.
   *
   * @param size of the initrd in bytes
   */
  public static ByteSource appendedTo(ByteSource initrd, long size, Bytes archive) {
    byte[] gap = new byte[gap(size)];
    return () ->
        new SequenceInputStream(
            Collections.enumeration(
                List.<InputStream>of(
                    initrd.open(),
                    new ByteArrayInputStream(gap),
                    new ByteArrayInputStream(archive.toArray()))));
  }

  private static Bytes entry(String name, int mode, Bytes content) {
    int nameSize = name.length() + 1;
    // Inode, mode, owner, group, links, time, size, two numbers each of two devices, name, sum.
    int[] numbers = {0, mode, 0, 0, 1, 0, content.size(), 0, 0, 0, 0, nameSize, 0};
    var head = new StringBuilder(MAGIC);
    for (int number : numbers) {
      head.append("%08x".formatted(number));
    }
    head.append(name).append('\0');
    return Bytes.concat(
        ascii(head.toString()),
        Bytes.zeros(gap((long) HEADER_SIZE + nameSize)),
        content,
        Bytes.zeros(gap(content.size())));
  }

  private static int gap(long size) {
    return (int) (-size & (ALIGNMENT - 1));
  }

  private static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }
}
