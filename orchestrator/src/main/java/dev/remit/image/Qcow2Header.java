package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content.HostEncryption;
import java.io.IOException;
import java.util.Optional;

/**
 * The header of a qcow2 image, its numbers held against each other and the file (QEMU,
 * docs/interop/qcow2.rst).
 *
 * @param clusterBits the logarithm of the size of a cluster, in bytes
 * @param size of the guest's disk, in bytes
 * @param level1 offset of the first table, in bytes
 * @param level1Entries as many as the disk needs, or more
 * @param counts offset of the table of reference counts, in bytes
 * @param countClusters of that table; what is in it is not judged
 * @param extended whether the second tables describe parts of a cluster
 * @param zstd whether compressed clusters are by Zstandard, not Deflate
 * @param external whether the data lies in another file
 * @param backingFormat by the name that QEMU gives to it
 */
record Qcow2Header(
    int version,
    int clusterBits,
    long size,
    HostEncryption encryption,
    long snapshots,
    long level1,
    int level1Entries,
    long counts,
    long countClusters,
    boolean extended,
    boolean zstd,
    boolean external,
    Optional<HostText> backingFile,
    Optional<HostText> backingFormat,
    Optional<HostText> dataFile) {
  static final Bytes MAGIC = Bytes.of('Q', 'F', 'I', 0xfb);

  private static final int SIZE_V2 = 72;
  private static final int SIZE_V3 = 104;
  private static final int LARGEST_HEADER = 4096;
  private static final int COMPRESSION_TYPE = 104;
  private static final int INCOMPATIBLE = 72;

  private static final long CORRUPT = 1 << 1;
  private static final long EXTERNAL = 1 << 2;
  private static final long COMPRESSION = 1 << 3;
  private static final long EXTENDED = 1 << 4;
  private static final long KNOWN = (1 << 5) - 1;

  private static final int BACKING_FORMAT = 0xe2792aca;
  private static final int KEY_HEADER = 0x0537be77;
  private static final int DATA_FILE = 0x44415441;
  private static final int LONGEST_NAME = 1023;

  // As QEMU has them (block/qcow2.h).
  private static final int MOST_LEVEL1 = (32 << 20) / 8;
  private static final int MOST_SNAPSHOTS = 65_536;

  static Qcow2Header parse(SeekableBytes file) throws MalformedException, IOException {
    var head = part(file, 0, SIZE_V2);
    int version = (int) head.u32be(4);
    require(version == 2 || version == 3, 4, "its version is neither 2 nor 3");
    int clusterBits = (int) Math.min(head.u32be(20), 64);
    require(clusterBits >= 9 && clusterBits <= 21, 20, "its clusters have a size that none have");

    int headerSize = SIZE_V2;
    long features = 0;
    int compression = 0;
    if (version == 3) {
      var rest = part(file, 0, SIZE_V3);
      features = rest.u64be(INCOMPATIBLE);
      headerSize = (int) Math.min(rest.u32be(100), Integer.MAX_VALUE);
      require(
          headerSize >= SIZE_V3 && headerSize <= LARGEST_HEADER && headerSize % 8 == 0,
          100,
          "its header has a length that none has");
      if (headerSize > SIZE_V3) {
        var more = part(file, COMPRESSION_TYPE, headerSize - COMPRESSION_TYPE);
        compression = more.u8(0);
        require(
            more.raw().slice(1, more.raw().size() - 1).isZero(),
            COMPRESSION_TYPE + 1,
            "it has fields that Remit does not know");
      }
      require(
          (features & ~KNOWN) == 0, INCOMPATIBLE, "it needs a feature that Remit does not know");
      require((features & CORRUPT) == 0, INCOMPATIBLE, "it is marked as corrupt");
      require(
          compression == ((features & COMPRESSION) == 0 ? 0 : 1),
          COMPRESSION_TYPE,
          "it names a compression that Remit does not know");
    }
    boolean extended = (features & EXTENDED) != 0;
    require(!extended || clusterBits >= 14, 20, "its clusters are too small for parts");

    long encryption = head.u32be(32);
    long size = head.u64be(24);
    long level1Entries = head.u32be(36);
    long level1 = head.u64be(40);
    long covered = 1L << (2 * clusterBits - (extended ? 4 : 3));
    require(size >= 0, 24, "its disk is larger than any");
    require(
        level1Entries <= MOST_LEVEL1
            && level1Entries >= size / covered + (size % covered > 0 ? 1 : 0),
        36,
        "its first table does not fit its disk");
    require(
        level1Entries == 0 || isPart(file, level1, level1Entries * 8, clusterBits),
        40,
        "its first table does not lie in the file");
    long snapshots = head.u32be(60);
    require(snapshots <= MOST_SNAPSHOTS, 60, "it has more snapshots than QEMU makes");

    var extensions = new Extensions();
    long names = head.u64be(8);
    long nameSize = head.u32be(16);
    long cluster = 1L << clusterBits;
    if (names != 0) {
      require(
          nameSize >= 1 && nameSize <= LONGEST_NAME, 16, "the name of its backing file is none");
      require(
          names >= headerSize && names <= cluster - nameSize,
          8,
          "the name of its backing file lies outside its first cluster");
    }
    extensions.read(file, headerSize, Math.min(names == 0 ? cluster : names, file.size()));
    require(
        !extensions.keyHeader || encryption == 2,
        32,
        "it has keys of an encryption that it does not name");
    boolean external = (features & EXTERNAL) != 0;
    require(
        external || extensions.dataFile.isEmpty(),
        INCOMPATIBLE,
        "it names a data file that it does not need");
    return new Qcow2Header(
        version,
        clusterBits,
        size,
        encryption(encryption),
        snapshots,
        level1,
        (int) level1Entries,
        head.u64be(48),
        head.u32be(56),
        extended,
        compression == 1,
        external,
        names == 0
            ? Optional.empty()
            : Optional.of(part(file, names, (int) nameSize).text(0, (int) nameSize)),
        extensions.backingFormat,
        extensions.dataFile);
  }

  private static HostEncryption encryption(long method) {
    return switch ((int) method) {
      case 0 -> HostEncryption.NONE;
      case 1 -> HostEncryption.AES;
      case 2 -> HostEncryption.LUKS;
      default -> HostEncryption.UNKNOWN;
    };
  }

  /**
   * What follows the header up to a mark, the end of the first cluster or the backing file's name.
   */
  private static final class Extensions {
    private Optional<HostText> backingFormat = Optional.empty();
    private Optional<HostText> dataFile = Optional.empty();
    private boolean keyHeader;

    void read(SeekableBytes file, long start, long end) throws MalformedException, IOException {
      long at = start;
      while (at <= end - 8) {
        var head = part(file, at, 8);
        int type = (int) head.u32be(0);
        long size = head.u32be(4);
        if (type == 0) {
          return;
        }
        require(size <= end - at - 8, at, "an extension of its header reaches too far");
        // Names are short; others are not looked into.
        var content = part(file, at + 8, (int) Math.min(size, LONGEST_NAME));
        switch (type) {
          case BACKING_FORMAT -> backingFormat = only(backingFormat, content, at);
          case DATA_FILE -> dataFile = only(dataFile, content, at);
          case KEY_HEADER -> keyHeader = true;
          default -> {}
        }
        at += 8 + (size + 7) / 8 * 8;
      }
    }

    private static Optional<HostText> only(Optional<HostText> earlier, Block content, long at)
        throws MalformedException {
      require(earlier.isEmpty(), at, "an extension of its header is there twice");
      return Optional.of(content.text(0, content.raw().size()));
    }
  }

  /** Whether a table lies whole in the file, behind the header, and begins with a cluster. */
  static boolean isPart(SeekableBytes file, long offset, long size, int clusterBits) {
    long cluster = 1L << clusterBits;
    return offset >= cluster
        && (offset & (cluster - 1)) == 0
        && size <= file.size()
        && offset <= file.size() - size;
  }

  private static Block part(SeekableBytes file, long offset, int size)
      throws MalformedException, IOException {
    return Block.of(file, offset, size)
        .orElseThrow(() -> new MalformedException(offset, "the file ends inside the header"));
  }
}
