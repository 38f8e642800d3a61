package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The disk that a guest sees in a qcow2 image. All tables are looked through at once, so that what
 * they say is in bounds; clusters are read when they are asked for.
 */
final class Qcow2Disk implements SeekableBytes {
  private static final int ENTRY_SIZE = 8;
  private static final int EXTENDED_ENTRY_SIZE = 16;
  private static final int PARTS = 32;

  // Of the entries of both tables ("L1 table entry", "L2 table entry").
  private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;
  private static final long COPIED = 1L << 63;
  private static final long COMPRESSED = 1L << 62;
  private static final long ZERO = 1;

  private static final int MOST_UNPACKED_KEPT = 4;

  private enum Kind {
    ABSENT,
    ZEROS,
    STORED,
    PACKED
  }

  /**
   * A range of the disk that is all of one kind.
   *
   * @param entry the address of what is stored or packed: of the first octet, of the cluster
   */
  private record Piece(Kind kind, long end, long entry) {}

  private final SeekableBytes file;
  private final Qcow2Header header;
  private final SeekableBytes data;
  private final long dataSize;
  private final Optional<SeekableBytes> backing;
  private final Budget budget;
  private final TablePages tables;
  private final int clusterSize;
  private final int entrySize;
  private final long entries;
  private final Qcow2Strays strays;

  private final Map<Long, Bytes> unpacked =
      new LinkedHashMap<>(MOST_UNPACKED_KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Bytes> eldest) {
          return size() > MOST_UNPACKED_KEPT;
        }
      };

  /**
   * @param data the file that the clusters lie in; where it was not given, nothing may be read
   * @param backing of what the image leaves out; zeros where there is none
   */
  Qcow2Disk(
      SeekableBytes file,
      Qcow2Header header,
      Optional<SeekableBytes> data,
      Optional<SeekableBytes> backing,
      Budget budget)
      throws MalformedException, IOException {
    this.file = file;
    this.header = header;
    this.data = data.orElse(file);
    dataSize = data.map(SeekableBytes::size).orElse(Long.MAX_VALUE);
    this.backing = backing;
    this.budget = budget;
    tables = new TablePages(file);
    clusterSize = 1 << header.clusterBits();
    entrySize = header.extended() ? EXTENDED_ENTRY_SIZE : ENTRY_SIZE;
    entries = clusterSize / entrySize;
    strays = new Qcow2Strays(file, header.clusterBits());
    strays.useCounts(header, budget);
    checkTables();
  }

  /** No two entries share a table, or few octets could claim endless ones. */
  private void checkTables() throws MalformedException, IOException {
    budget.table((long) header.level1Entries() * ENTRY_SIZE, header.level1());
    strays.use(header.level1(), (long) header.level1Entries() * ENTRY_SIZE);
    long[] found = new long[header.level1Entries()];
    int count = 0;
    long end = header.level1() + (long) header.level1Entries() * ENTRY_SIZE;
    for (int i = 0; i < found.length; i++) {
      long at = header.level1() + (long) i * ENTRY_SIZE;
      long entry = tables.u64be(at);
      require((entry & ~(OFFSET | COPIED)) == 0, at, "its first table has reserved bits");
      long table = entry & OFFSET;
      if (table != 0) {
        require(
            Qcow2Header.isPart(file, table, clusterSize, header.clusterBits()),
            at,
            "a table does not lie in the file");
        require(
            table + clusterSize <= header.level1() || table >= end,
            at,
            "a table lies in the first one");
        found[count++] = table;
      } else {
        require(entry == 0, at, "its first table has an entry for nothing");
      }
    }
    Arrays.sort(found, 0, count);
    for (int i = 0; i < count; i++) {
      require(i == 0 || found[i] != found[i - 1], found[i], "two entries share a table");
      checkTable(found[i]);
    }
  }

  private void checkTable(long table) throws MalformedException, IOException {
    budget.table(clusterSize, table);
    strays.use(table, clusterSize);
    for (long at = table; at < table + clusterSize; at += entrySize) {
      long entry = tables.u64be(at);
      if (header.extended()) {
        long parts = tables.u64be(at + ENTRY_SIZE);
        require((entry & COMPRESSED) == 0 || parts == 0, at, "a packed cluster has parts");
        require((entry & ZERO) == 0, at, "a table has reserved bits");
        require((parts & parts >>> PARTS & 0xffff_ffffL) == 0, at, "a part is both there and zero");
        require(
            (parts & 0xffff_ffffL) == 0 || isStored(entry) || (entry & COMPRESSED) != 0,
            at,
            "a part is there and its cluster is not");
      }
      if ((entry & COMPRESSED) != 0) {
        require(!header.external(), at, "a packed cluster lies in a data file");
        require((entry & COPIED) == 0, at, "a packed cluster is marked as used once");
        require(packedOffset(entry) < dataSize, at, "a packed cluster lies behind the file");
        strays.use(packedOffset(entry), packedSize(entry));
        continue;
      }
      require((entry & ~(OFFSET | COPIED | ZERO)) == 0, at, "a table has reserved bits");
      require(header.version() > 2 || (entry & ZERO) == 0, at, "a table has reserved bits");
      if (isStored(entry)) {
        long offset = entry & OFFSET;
        require((offset & (clusterSize - 1)) == 0, at, "a cluster begins in the middle of one");
        require(offset < dataSize, at, "a cluster lies behind the file");
        if (!header.external()) {
          strays.use(offset, clusterSize);
        }
      }
    }
  }

  /** Where something plain lies in the file that is no part of the image. */
  OptionalLong stray() throws MalformedException, IOException {
    return strays.firstPlain(budget);
  }

  private boolean isStored(long entry) {
    return (entry & OFFSET) != 0 || (header.external() && (entry & COPIED) != 0);
  }

  /** Bits 0 to x−1, x being 62 − (cluster_bits − 8) ("Compressed Clusters Descriptor"). */
  private long packedOffset(long entry) {
    return entry & ((1L << (62 - (header.clusterBits() - 8))) - 1);
  }

  private int packedSize(long entry) {
    int bits = header.clusterBits() - 8;
    long sectors = (entry >>> (62 - bits) & ((1L << bits) - 1)) + 1;
    long size = sectors * 512 - (packedOffset(entry) & 511);
    return (int) Math.min(size, dataSize - packedOffset(entry));
  }

  @Override
  public long size() {
    return header.size();
  }

  @Override
  public Bytes read(long offset, int length) throws IOException {
    if (offset < 0 || length < 0 || offset > size() - length) {
      throw new EOFException(length + " bytes at " + offset + " of " + size());
    }
    var parts = new ArrayList<Bytes>();
    long at = offset;
    long end = offset + length;
    while (at < end) {
      var piece = piece(at);
      int part = (int) (Math.min(piece.end(), end) - at);
      parts.add(
          switch (piece.kind()) {
            case ZEROS -> Bytes.zeros(part);
            case ABSENT ->
                backing.isPresent() ? padded(backing.get(), at, part) : Bytes.zeros(part);
            case STORED -> padded(data, piece.entry(), part);
            case PACKED -> unpacked(piece.entry()).slice((int) (at & (clusterSize - 1)), part);
          });
      at += part;
    }
    return parts.size() == 1 ? parts.getFirst() : Bytes.concat(parts.toArray(Bytes[]::new));
  }

  /** A file that ends earlier goes on with zeros, as QEMU reads it. */
  private static Bytes padded(SeekableBytes from, long offset, int length) throws IOException {
    long there = Math.clamp(from.size() - offset, 0, length);
    return there == length
        ? from.read(offset, length)
        : from.read(Math.min(offset, from.size()), (int) there).paddedTo(length);
  }

  @Override
  public long nextData(long from, long to) throws IOException {
    long at = from;
    while (at < to) {
      var piece = piece(at);
      long end = Math.min(piece.end(), to);
      switch (piece.kind()) {
        case STORED, PACKED -> {
          return at;
        }
        case ABSENT -> {
          if (backing.isPresent() && at < backing.get().size()) {
            long last = Math.min(end, backing.get().size());
            long found = backing.get().nextData(at, last);
            if (found < last) {
              return found;
            }
          }
        }
        case ZEROS -> {}
      }
      at = end;
    }
    return to;
  }

  private Piece piece(long at) throws IOException {
    long cluster = at >>> header.clusterBits();
    long first = cluster / entries;
    long table = tables.u64be(header.level1() + first * ENTRY_SIZE) & OFFSET;
    if (table == 0) {
      return new Piece(Kind.ABSENT, Math.min((first + 1) * entries * clusterSize, size()), 0);
    }
    long place = table + cluster % entries * entrySize;
    // The file may have changed since it was checked.
    if (place > file.size() - entrySize) {
      throw new EOFException("the file became shorter");
    }
    long entry = tables.u64be(place);
    long end = Math.min((cluster + 1) * clusterSize, size());
    long inside = at & (clusterSize - 1);
    if ((entry & COMPRESSED) != 0) {
      return new Piece(Kind.PACKED, end, entry);
    }
    long stored = (entry & OFFSET) + inside;
    if (!header.extended()) {
      var kind = (entry & ZERO) != 0 ? Kind.ZEROS : isStored(entry) ? Kind.STORED : Kind.ABSENT;
      return new Piece(kind, end, stored);
    }
    long parts = tables.u64be(place + ENTRY_SIZE);
    int partSize = clusterSize / PARTS;
    int part = (int) (inside / partSize);
    var kind = partKind(parts, part);
    long partEnd = at - inside + (part + 1L) * partSize;
    return new Piece(kind, Math.min(partEnd, size()), stored);
  }

  private static Kind partKind(long parts, int part) {
    if ((parts >>> (PARTS + part) & 1) != 0) {
      return Kind.ZEROS;
    }
    return (parts >>> part & 1) != 0 ? Kind.STORED : Kind.ABSENT;
  }

  private Bytes unpacked(long entry) throws IOException {
    var kept = unpacked.get(entry);
    if (kept == null) {
      long offset = packedOffset(entry);
      try {
        budget.unpack(clusterSize, offset);
        var packed = data.read(offset, packedSize(entry));
        kept = PackedCluster.unpack(packed, header.zstd(), clusterSize, offset, budget);
      } catch (MalformedException e) {
        throw new UnreadableLayerException(this, e);
      }
      unpacked.put(entry, kept);
    }
    return kept;
  }
}
