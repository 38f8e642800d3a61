package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Set;

/**
 * One of the two copies of a LUKS2 header, its checksum verified, as far as both must agree: not
 * its magic, salt, offset and checksum (LUKS2 On-Disk Format Specification 1.1, section 2).
 *
 * @param size binary header and JSON area together, in bytes
 */
record LuksCopy(int size, long sequence, Bytes label, Bytes uuid, Bytes subsystem, Bytes json) {
  static final int BINARY_SIZE = 4096;

  static final Bytes PRIMARY = Bytes.of('L', 'U', 'K', 'S', 0xba, 0xbe);

  private static final Bytes SECONDARY = Bytes.of('S', 'K', 'U', 'L', 0xba, 0xbe);
  private static final int VERSION = 2;
  private static final int OFFSET_OFFSET = 256;
  private static final int LABEL_SIZE = 48;
  private static final Bytes CHECKSUM_NAME = ascii("sha256").paddedTo(32);
  private static final int SALT_SIZE = 64;
  private static final int UUID_SIZE = 40;
  private static final int SUBSYSTEM_SIZE = 48;
  private static final int PADDING_SIZE = 184;
  private static final int CHECKSUM_OFFSET = 448;
  private static final int CHECKSUM_SIZE = 64;
  // Table 1 of the section.
  private static final Set<Long> SIZES =
      Set.of(
          0x4000L, 0x8000L, 0x10000L, 0x20000L, 0x40000L, 0x80000L, 0x100000L, 0x200000L,
          0x400000L);

  /** Whether a file begins as one with LUKS2 does. */
  static boolean isAtStartOf(SeekableBytes file) throws IOException {
    return hasMark(file, 0, PRIMARY);
  }

  /** Whether a second copy lies somewhere where one can. */
  static boolean isSecondaryIn(SeekableBytes file) throws IOException {
    for (long offset : SIZES) {
      if (hasMark(file, offset, SECONDARY)
          && Block.of(file, offset + OFFSET_OFFSET, Long.BYTES)
              .filter(block -> block.u64be(0) == offset)
              .isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasMark(SeekableBytes file, long offset, Bytes magic) throws IOException {
    return Block.of(file, offset, magic.size() + 2)
        .filter(block -> block.has(0, magic) && block.u16be(magic.size()) == VERSION)
        .isPresent();
  }

  static LuksCopy primary(SeekableBytes file) throws MalformedException, IOException {
    return read(file, 0, PRIMARY);
  }

  /** The copy that follows the first one. */
  static LuksCopy secondary(SeekableBytes file, LuksCopy primary)
      throws MalformedException, IOException {
    return read(file, primary.size, SECONDARY);
  }

  private static LuksCopy read(SeekableBytes file, int at, Bytes magic)
      throws MalformedException, IOException {
    if (file.size() - at < BINARY_SIZE) {
      throw new MalformedException(at, "the file ends inside the LUKS header");
    }
    var binary = file.read(at, BINARY_SIZE);
    var reader = binary.reader();
    if (!reader.bytes(magic.size()).equals(magic) || reader.u16be() != VERSION) {
      throw new MalformedException(at, "there is no copy of a LUKS2 header");
    }
    long size = reader.u64be();
    if (!SIZES.contains(size)) {
      throw new MalformedException(at, "the size of the LUKS header is none that LUKS2 has");
    }
    if (file.size() - at < size) {
      throw new MalformedException(at, "the file ends inside the LUKS header");
    }
    var json = file.read((long) at + BINARY_SIZE, (int) size - BINARY_SIZE);
    long sequence = reader.u64be();
    var label = reader.bytes(LABEL_SIZE);
    var checksumName = reader.bytes(CHECKSUM_NAME.size());
    reader.bytes(SALT_SIZE);
    var uuid = reader.bytes(UUID_SIZE);
    var subsystem = reader.bytes(SUBSYSTEM_SIZE);
    long offset = reader.u64be();
    reader.zeros(PADDING_SIZE, "padding of the LUKS header");
    var checksum = reader.bytes(CHECKSUM_SIZE);
    reader.zeros(reader.remaining(), "padding of the LUKS header");
    if (!checksumName.equals(CHECKSUM_NAME)
        || !checksum.equals(checksum(binary, json).paddedTo(CHECKSUM_SIZE))) {
      throw new MalformedException(
          at + CHECKSUM_OFFSET, "the SHA-256 checksum of the LUKS header does not match");
    }
    if (offset != at) {
      throw new MalformedException(at, "the LUKS header says that it belongs elsewhere");
    }
    return new LuksCopy((int) size, sequence, label, uuid, subsystem, json);
  }

  /** Over the whole copy, its checksum taken as zero. */
  private static Bytes checksum(Bytes binary, Bytes json) {
    try {
      var digest = MessageDigest.getInstance("SHA-256", "SUN");
      binary.slice(0, CHECKSUM_OFFSET).updateInto(digest);
      // The padding behind the checksum is zero too.
      Bytes.zeros(BINARY_SIZE - CHECKSUM_OFFSET).updateInto(digest);
      json.updateInto(digest);
      return Bytes.copyOf(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** What stands in the JSON area before the zeros that fill it. */
  Bytes jsonText() throws MalformedException {
    int end = textSize(json);
    if (end == json.size() || !json.slice(end, json.size() - end).isZero()) {
      throw new MalformedException(BINARY_SIZE + end, "the JSON text does not end in zeros");
    }
    return json.slice(0, end);
  }

  HostText uuidText() {
    return new HostText(
        new String(uuid.slice(0, textSize(uuid)).toArray(), StandardCharsets.ISO_8859_1));
  }

  private static int textSize(Bytes field) {
    int size = 0;
    while (size < field.size() && field.at(size) != 0) {
      size++;
    }
    return size;
  }

  private static Bytes ascii(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.US_ASCII));
  }
}
