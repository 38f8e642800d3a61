package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One tree of an ISO 9660 image, as its volume descriptor names it (ECMA-119, 8.4 to 8.6).
 *
 * @param at where the descriptor stands
 * @param names of its files and of itself are written so
 */
record IsoVolume(long at, Charset names, HostText label, IsoRecord root) {
  static final int SECTOR = 2048;
  private static final int FIRST = 16;
  private static final Bytes ID = Block.ascii("CD001");

  /** Of the format before ECMA-119, which Linux still mounts (Linux, fs/isofs/rock.h). */
  private static final Bytes HIGH_SIERRA = Block.ascii("CDROM");

  /** Linux looks at as many (fs/isofs/inode.c, isofs_fill_super). */
  private static final int MOST_DESCRIPTORS = 100;

  private static final int PRIMARY = 1;
  private static final int SUPPLEMENTARY = 2;
  private static final int TERMINATOR = 255;

  // ECMA-119, table 4.
  private static final int LABEL = 40;
  private static final int LABEL_SIZE = 32;
  private static final int SPACE_SIZE = 80;
  private static final int ESCAPES = 88;
  private static final int BLOCK_SIZE = 128;
  private static final int ROOT = 156;
  private static final int ROOT_SIZE = 34;

  /** UCS-2 of levels 1 to 3 (Joliet Specification, "SVD Escape Sequences Field"). */
  private static final Set<Bytes> JOLIET =
      Set.of(Block.ascii("%/@"), Block.ascii("%/C"), Block.ascii("%/E"));

  static boolean isMarked(SeekableBytes region) throws IOException {
    var first = Block.of(region, FIRST * SECTOR, SECTOR);
    return first.isPresent() && (first.get().has(1, ID) || first.get().has(9, HIGH_SIERRA));
  }

  /** The descriptors up to their terminator, each in a sector of its own (ECMA-119, 8.1). */
  static List<Block> descriptors(SeekableBytes region) throws MalformedException, IOException {
    var found = new ArrayList<Block>();
    for (int i = 0; i < MOST_DESCRIPTORS; i++) {
      long at = sector(i);
      var descriptor =
          Block.of(region, at, SECTOR)
              .orElseThrow(() -> new MalformedException(at, "it ends before its descriptors do"));
      Rule.require(!descriptor.has(9, HIGH_SIERRA), at, "it is of High Sierra, not ISO 9660");
      Rule.require(descriptor.has(1, ID), at, "a volume descriptor has no mark");
      if (descriptor.u8(0) == TERMINATOR) {
        return found;
      }
      found.add(descriptor);
    }
    throw new MalformedException(sector(MOST_DESCRIPTORS), "its descriptors have no end");
  }

  /** Where a descriptor stands. */
  static long sector(int index) {
    return (FIRST + index) * (long) SECTOR;
  }

  /** Every volume that the descriptors name. */
  static List<IsoVolume> all(SeekableBytes region) throws MalformedException, IOException {
    var volumes = new ArrayList<IsoVolume>();
    boolean hasPrimary = false;
    var descriptors = descriptors(region);
    for (int i = 0; i < descriptors.size(); i++) {
      int type = descriptors.get(i).u8(0);
      hasPrimary |= type == PRIMARY;
      if (type == PRIMARY || type == SUPPLEMENTARY) {
        volumes.add(of(descriptors.get(i), sector(i), region.size()));
      }
    }
    Rule.require(hasPrimary, sector(0), "it has no primary volume descriptor");
    return volumes;
  }

  private static IsoVolume of(Block descriptor, long at, long size) throws MalformedException {
    int type = descriptor.u8(0);
    int version = descriptor.u8(6);
    // An enhanced descriptor is a supplementary one of version 2 (ISO 9660:1999, 8.5).
    Rule.require(
        version == 1 || (version == 2 && type == SUPPLEMENTARY),
        at + 6,
        "a volume descriptor has an unknown version");
    boolean joliet = type == SUPPLEMENTARY && JOLIET.contains(descriptor.raw().slice(ESCAPES, 3));
    Charset names = joliet ? StandardCharsets.UTF_16BE : StandardCharsets.ISO_8859_1;
    Rule.require(
        descriptor.u16le(BLOCK_SIZE) == SECTOR && descriptor.u16be(BLOCK_SIZE + 2) == SECTOR,
        at + BLOCK_SIZE,
        "its blocks are not of " + SECTOR + " bytes");
    long blocks = IsoRecord.both32(descriptor, SPACE_SIZE, at);
    Rule.require(
        blocks <= size / SECTOR, at + SPACE_SIZE, "the volume is larger than what holds it");
    var root =
        IsoRecord.of(new Block(descriptor.raw().slice(ROOT, ROOT_SIZE)), at + ROOT, size)
            .orElseThrow(() -> new MalformedException(at + ROOT, "a volume has no root"));
    Rule.require(root.isFolder(), at + ROOT, "the root of a volume is not a folder");
    return new IsoVolume(at, names, descriptor.text(LABEL, LABEL_SIZE, names), root);
  }

  boolean isJoliet() {
    return names.equals(StandardCharsets.UTF_16BE);
  }

  Optional<HostText> named() {
    return label.raw().isEmpty() ? Optional.empty() : Optional.of(label);
  }
}
