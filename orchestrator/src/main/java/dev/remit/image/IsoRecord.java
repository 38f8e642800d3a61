package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * A record of a directory (ECMA-119, 9.1).
 *
 * @param at where it stands, in bytes from the start of the image
 * @param start of what it leads to, in bytes from the start of the image
 * @param size of that, in bytes
 * @param id its name as it is written
 * @param systemUse what follows the name
 */
record IsoRecord(long at, long start, long size, int flags, Bytes id, Bytes systemUse) {
  /** Without a name. */
  private static final int HEAD = 33;

  private static final int FOLDER = 1 << 1;
  private static final int MULTI_EXTENT = 1 << 7;

  /**
   * The record that a block starts with; empty where the sector has no more of them.
   *
   * @param limit of the image, in bytes
   */
  static Optional<IsoRecord> of(Block block, long at, long limit) throws MalformedException {
    int length = block.u8(0);
    if (length == 0) {
      return Optional.empty();
    }
    Rule.require(
        length > HEAD && length <= block.raw().size(), at, "a record does not fit in its sector");
    int idSize = block.u8(32);
    // The name is padded so that what follows starts at an even place.
    int idEnd = HEAD + idSize + (1 - idSize % 2);
    Rule.require(
        idSize > 0 && HEAD + idSize <= length, at + 32, "the name of a record does not fit in it");
    Rule.require(
        block.u8(26) == 0 && block.u8(27) == 0, at + 26, "a file is interleaved with others");
    long start = (both32(block, 2, at) + block.u8(1)) * IsoVolume.SECTOR;
    long size = both32(block, 10, at);
    // The place of nothing is often one that is not there.
    Rule.require(
        size == 0 || start <= limit - size, at + 2, "a record leads beyond the end of the image");
    var systemUse = idEnd < length ? block.raw().slice(idEnd, length - idEnd) : Bytes.EMPTY;
    return Optional.of(
        new IsoRecord(at, start, size, block.u8(25), block.raw().slice(HEAD, idSize), systemUse));
  }

  /** A number that stands there in both byte orders (ECMA-119, 7.3.3). */
  static long both32(Block block, int offset, long at) throws MalformedException {
    long number = block.u32le(offset);
    Rule.require(
        number == block.u32be(offset + 4), at + offset, "a number differs in its two byte orders");
    return number;
  }

  boolean isFolder() {
    return (flags & FOLDER) != 0;
  }

  /** Whether the file goes on in the next record. */
  boolean goesOn() {
    return (flags & MULTI_EXTENT) != 0;
  }

  /** Whether it is of the folder itself. */
  boolean isSelf() {
    return id.size() == 1 && id.at(0) == 0;
  }

  /** Whether it is of the folder above. */
  boolean isParent() {
    return id.size() == 1 && id.at(0) == 1;
  }

  /** Without version and the dot of an empty extension, which no guest shows. */
  String name(Charset charset) throws MalformedException {
    Rule.require(
        charset.newEncoder().maxBytesPerChar() < 2 || id.size() % 2 == 0,
        at,
        "a name of two bytes a character has an odd size");
    String name = new String(id.toArray(), charset).replaceFirst(";[0-9]*$", "");
    return name.endsWith(".") && name.length() > 1 ? name.substring(0, name.length() - 1) : name;
  }
}
