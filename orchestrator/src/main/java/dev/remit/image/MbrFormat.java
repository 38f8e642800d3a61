package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A table of four partitions in the first sector, and what extended ones add to it (UEFI
 * Specification 2.10, 5.2). One that only protects a GPT is told with that.
 */
final class MbrFormat implements Format {
  private static final Bytes SIGNATURE = Bytes.of(0x55, 0xaa);
  private static final int SIGNATURE_OFFSET = 510;
  private static final int ENTRIES_OFFSET = 446;
  private static final int ENTRY_SIZE = 16;
  private static final int SECTOR_SIZE = 512;
  private static final int PROTECTIVE = 0xee;
  private static final int FIRST_LOGICAL = 5;
  private static final int MOST_LOGICAL = 128;

  private record Entry(int number, int type, long start, long size) {
    boolean isExtended() {
      return type == 0x05 || type == 0x0f || type == 0x85;
    }
  }

  @Override
  public String title() {
    return "an MBR partition table";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var entries = entries(region, 0);
    // Two octets are little of a mark. Linux goes by these flags too, to tell a table from code.
    if (entries.isEmpty() || entries.get().isEmpty()) {
      return Optional.empty();
    }
    var all = entries.get();
    var others = all.stream().filter(entry -> entry.type() != PROTECTIVE).toList();
    boolean protective = others.size() < all.size();
    boolean gpt = GptFormat.hasMark(region);
    if (protective && others.isEmpty() && gpt) {
      return Optional.empty();
    }

    var list = new PartitionList(region, examination);
    list.table(0, SECTOR_SIZE);
    if (protective && !gpt) {
      list.flaw("it stands for a GPT that is not there");
    }
    if (!protective && gpt) {
      list.flaw("there is a GPT too, and it does not stand for that");
    }
    if (protective && !others.isEmpty()) {
      list.flaw("it lists partitions beside those of a GPT");
    }
    var logical = new ArrayList<Entry>();
    for (var entry : others) {
      if (entry.isExtended()) {
        follow(region, entry, list, logical, examination);
      }
    }
    for (var entry : others) {
      if (!entry.isExtended()) {
        add(entry, list);
      }
    }
    for (var entry : logical) {
      add(entry, list);
    }
    return Optional.of(
        list.finished(protective && !others.isEmpty() ? "a hybrid MBR partition table" : title()));
  }

  /** Whether a table stands for a GPT, without which Linux takes none. */
  static boolean isProtective(SeekableBytes disk) throws IOException {
    return entries(disk, 0)
        .filter(entries -> entries.stream().anyMatch(entry -> entry.type() == PROTECTIVE))
        .isPresent();
  }

  private static void add(Entry entry, PartitionList list) throws MalformedException, IOException {
    list.add(
        entry.number(),
        "%02x".formatted(entry.type()),
        new HostText(""),
        entry.start() * SECTOR_SIZE,
        entry.size() * SECTOR_SIZE);
  }

  /** The chain of an extended partition: each link has one partition, and where the next one is. */
  private static void follow(
      SeekableBytes disk,
      Entry extended,
      PartitionList list,
      List<Entry> logical,
      Examination examination)
      throws MalformedException, IOException {
    var seen = new HashSet<Long>();
    long link = extended.start();
    while (true) {
      long at = link * SECTOR_SIZE;
      examination.budget().step(at);
      require(seen.add(link), at, "a chain of logical partitions comes back to where it was");
      require(
          seen.size() <= MOST_LOGICAL, at, "there are more logical partitions than Remit follows");
      require(
          link >= extended.start() && link < extended.start() + extended.size(),
          at,
          "a chain of logical partitions leaves the extended one");
      list.table(at, SECTOR_SIZE);
      long here = link;
      var entries =
          entries(disk, at)
              .orElseThrow(() ->
                  new MalformedException(at, "a link of a chain of logical partitions is none"));
      Optional<Long> next = Optional.empty();
      for (var entry : entries) {
        if (entry.isExtended()) {
          require(next.isEmpty(), at, "a chain of logical partitions forks");
          next = Optional.of(extended.start() + entry.start());
        } else {
          logical.add(
              new Entry(
                  FIRST_LOGICAL + logical.size(),
                  entry.type(),
                  here + entry.start(),
                  entry.size()));
        }
      }
      if (next.isEmpty()) {
        return;
      }
      link = next.get();
    }
  }

  /** Those in use; empty where the sector is no table. */
  private static Optional<List<Entry>> entries(SeekableBytes disk, long at) throws IOException {
    var sector = Block.of(disk, at, SECTOR_SIZE);
    if (sector.isEmpty() || !sector.get().has(SIGNATURE_OFFSET, SIGNATURE)) {
      return Optional.empty();
    }
    var found = new ArrayList<Entry>();
    for (int number = 1; number <= 4; number++) {
      int start = ENTRIES_OFFSET + (number - 1) * ENTRY_SIZE;
      if ((sector.get().u8(start) & 0x7f) != 0) {
        return Optional.empty();
      }
      long size = sector.get().u32le(start + 12);
      if (size > 0) {
        found.add(
            new Entry(number, sector.get().u8(start + 4), sector.get().u32le(start + 8), size));
      }
    }
    return Optional.of(found);
  }
}
