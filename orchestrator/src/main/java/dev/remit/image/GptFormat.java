package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A table of partitions in the second sector, and again in the last one (UEFI Specification 2.10,
 * 5.3). Where the copies disagree, the partitions of both are told.
 *
 * @param sector size of one, in bytes
 */
record GptFormat(int sector) implements Format {
  private static final Bytes MARK = Block.ascii("EFI PART");
  private static final int HEADER_SIZE = 92;
  private static final int REVISION = 0x10000;
  private static final int CHECKSUM_OFFSET = 16;
  private static final int ENTRY_SIZE = 128;
  private static final int MOST_ENTRIES = 1024;
  private static final int NAME_OFFSET = 56;
  private static final int NAME_SIZE = 72;
  // Beyond all sizes, and far from overflow.
  private static final long MOST_SECTORS = 1L << 50;

  /**
   * One of the two copies.
   *
   * @param lba its sector
   * @param other the sector of the other one
   */
  private record Copy(
      long lba, long other, long first, long last, Bytes disk, long entriesLba, Block entries) {
    boolean agrees(Copy with) {
      return lba == with.other
          && other == with.lba
          && first == with.first
          && last == with.last
          && disk.equals(with.disk)
          && entries.equals(with.entries);
    }
  }

  private record Entry(int number, Bytes raw) {}

  @Override
  public String title() {
    return "a GPT partition table";
  }

  static boolean hasMark(SeekableBytes disk) throws IOException {
    for (int sector : new int[] {512, 4096}) {
      if (hasMark(disk, sector) || hasMark(disk, disk.size() / sector * sector - sector)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasMark(SeekableBytes disk, long offset) throws IOException {
    return Block.of(disk, offset, MARK.size()).filter(block -> block.has(0, MARK)).isPresent();
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    long end = region.size() / sector - 1;
    boolean atStart = hasMark(region, sector);
    // The last cluster of a disk image may be the last sector of its guest's disk, which is not
    // here.
    boolean atEnd = end > 1 && hasMark(region, end * sector) && (atStart || isAt(region, end));
    if (!atStart && !atEnd) {
      return Optional.empty();
    }
    var list = new PartitionList(region, examination);
    var primary = atStart ? copy(region, 1, "first", list) : Optional.<Copy>empty();
    if (!atStart) {
      list.flaw("its first copy is missing");
    }
    var secondary = atEnd ? copy(region, end, "second", list) : Optional.<Copy>empty();
    if (!atEnd) {
      list.flaw("its second copy is not at the end of the disk");
      if (primary.isPresent() && hasMark(region, primary.get().other() * sector)) {
        secondary = copy(region, primary.get().other(), "second", list);
      }
    }
    if (primary.isEmpty() && secondary.isEmpty()) {
      throw new MalformedException(atStart ? sector : end * sector, "no copy of it is whole");
    }
    if (primary.isPresent() && secondary.isPresent() && !primary.get().agrees(secondary.get())) {
      list.flaw("its two copies disagree");
    }
    if (!MbrFormat.isProtective(region)) {
      list.flaw("no MBR stands for it");
    }
    // The first sector belongs to an MBR that protects this table.
    list.table(0, sector);
    var copies = Stream.of(primary, secondary).flatMap(Optional::stream).toList();
    for (var copy : copies) {
      list.table(copy.lba() * sector, sector);
      list.table(copy.entriesLba() * sector, copy.entries().raw().size());
    }
    var told = new HashSet<Entry>();
    for (var copy : copies) {
      partitions(copy, list, told);
    }
    return Optional.of(list.finished(title()));
  }

  private boolean isAt(SeekableBytes disk, long lba) throws IOException {
    return Block.of(disk, lba * sector + 24, 8).filter(block -> block.u64le(0) == lba).isPresent();
  }

  private Optional<Copy> copy(SeekableBytes disk, long lba, String name, PartitionList list)
      throws IOException {
    try {
      return Optional.of(copy(disk, lba));
    } catch (MalformedException e) {
      list.flaw("its " + name + " copy is not whole: " + e.what());
      return Optional.empty();
    }
  }

  private Copy copy(SeekableBytes disk, long lba) throws MalformedException, IOException {
    long at = lba * sector;
    var header =
        Block.of(disk, at, sector)
            .orElseThrow(() -> new MalformedException(at, "the disk ends inside the header"));
    require(header.has(0, MARK), at, "it has no mark");
    require(header.u32le(8) == REVISION, at + 8, "its version is not 1.0");
    require(header.u32le(12) == HEADER_SIZE, at + 12, "its header has a size that none has");
    require(header.u32le(20) == 0, at + 20, "a reserved field is not zero");
    require(
        header.raw().slice(HEADER_SIZE, sector - HEADER_SIZE).isZero(),
        at + HEADER_SIZE,
        "the rest of its sector is not zero");
    var covered =
        Bytes.concat(
            header.raw().slice(0, CHECKSUM_OFFSET),
            Bytes.zeros(4),
            header.raw().slice(CHECKSUM_OFFSET + 4, HEADER_SIZE - CHECKSUM_OFFSET - 4));
    require(
        header.u32le(CHECKSUM_OFFSET) == checksum(covered),
        at + CHECKSUM_OFFSET,
        "the checksum of its header does not match");
    require(header.u64le(24) == lba, at + 24, "its header says that it belongs elsewhere");
    long other = header.u64le(32);
    require(other > 0 && other < MOST_SECTORS, at + 32, "its other copy does not lie on the disk");
    long entriesLba = header.u64le(72);
    long count = header.u32le(80);
    require(header.u32le(84) == ENTRY_SIZE, at + 84, "its entries have a size that none have");
    require(count >= 1 && count <= MOST_ENTRIES, at + 80, "it has more entries than Remit reads");
    require(
        entriesLba > (lba == 1 ? 1 : 0) && entriesLba < MOST_SECTORS,
        at + 72,
        "its entries do not lie on the disk");
    var entries =
        Block.of(disk, entriesLba * sector, (int) count * ENTRY_SIZE)
            .orElseThrow(
                () -> new MalformedException(at + 72, "its entries do not lie on the disk"));
    require(
        header.u32le(88) == checksum(entries.raw()),
        at + 88,
        "the checksum of its entries does not match");
    return new Copy(
        lba,
        other,
        header.u64le(40),
        header.u64le(48),
        header.raw().slice(56, 16),
        entriesLba,
        entries);
  }

  private void partitions(Copy copy, PartitionList list, Set<Entry> told)
      throws MalformedException, IOException {
    var entries = copy.entries();
    for (int number = 1; number <= entries.raw().size() / ENTRY_SIZE; number++) {
      int at = (number - 1) * ENTRY_SIZE;
      var raw = entries.raw().slice(at, ENTRY_SIZE);
      if (raw.slice(0, 16).isZero() || !told.add(new Entry(number, raw))) {
        continue;
      }
      long first = entries.u64le(at + 32);
      long last = entries.u64le(at + 40);
      if (first < copy.first() || last > copy.last()) {
        list.flaw("partition %d lies outside the room for partitions".formatted(number));
      }
      if (first < 0 || last < first || last >= MOST_SECTORS) {
        throw new MalformedException(
            copy.entriesLba() * sector + at + 32, "a partition ends before it starts");
      }
      list.add(
          number,
          guid(entries, at),
          entries.text(at + NAME_OFFSET, NAME_SIZE, StandardCharsets.UTF_16LE),
          first * sector,
          (last - first + 1) * sector);
    }
  }

  /** As EFI stores it: the first three fields are little-endian (UEFI, appendix A). */
  private static String guid(Block block, int at) {
    return "%08x-%04x-%04x-%s-%s"
        .formatted(
            block.u32le(at),
            block.u16le(at + 4),
            block.u16le(at + 6),
            block.raw().slice(at + 8, 2).hex(),
            block.raw().slice(at + 10, 6).hex());
  }

  private static long checksum(Bytes octets) {
    var crc = new CRC32();
    crc.update(octets.toArray());
    return crc.getValue();
  }
}
