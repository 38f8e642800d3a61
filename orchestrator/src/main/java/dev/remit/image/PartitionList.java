package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content.Partition;
import dev.remit.image.Content.PartitionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The partitions of a disk while its table is read: what they hold, and what lies beside them. */
final class PartitionList {
  private static final String KIND = "a partition";

  private record Range(String name, long from, long to) {}

  private final SeekableBytes disk;
  private final Examination examination;
  private final List<Partition> partitions = new ArrayList<>();
  private final List<String> flaws = new ArrayList<>();
  private final List<Range> tables = new ArrayList<>();
  private final List<Range> taken = new ArrayList<>();

  PartitionList(SeekableBytes disk, Examination examination) {
    this.disk = disk;
    this.examination = examination;
  }

  void flaw(String phrase) {
    if (!flaws.contains(phrase)) {
      flaws.add(phrase);
    }
  }

  /** A part of the disk that holds the table itself. */
  void table(long offset, long size) {
    tables.add(new Range("the table", offset, Math.min(offset + size, disk.size())));
  }

  /** Each one after all tables. An entry that cannot be true stays in the list, and is a flaw. */
  void add(int number, String type, HostText name, long offset, long size)
      throws MalformedException, IOException {
    examination.budget().step(0);
    String title = "partition " + number;
    if (offset >= disk.size()) {
      flaw(title + " starts behind the end of the disk");
      lost(number, type, name, offset, size, "it starts behind the end of the disk");
      return;
    }
    long end = Math.min(offset + size, disk.size());
    if (offset + size > disk.size()) {
      flaw(title + " ends behind the end of the disk");
    }
    var range = new Range(title, offset, end);
    for (var table : tables) {
      if (overlap(range, table)) {
        flaw(title + " contains a part of the table that lists it");
        lost(number, type, name, offset, size, "it contains a part of the table that lists it");
        return;
      }
    }
    for (var other : taken) {
      if (overlap(range, other)) {
        flaw("%s and %s overlap".formatted(other.name(), title));
      }
    }
    taken.add(range);
    var region = examination.region(offset, disk.slice(offset, end - offset));
    partitions.add(new Partition(number, type, name, region));
  }

  private void lost(int number, String type, HostText name, long offset, long size, String reason) {
    var contents = List.<Content>of(new Content.Malformed(KIND, 0, reason));
    partitions.add(new Partition(number, type, name, new Region(offset, size, contents)));
  }

  private static boolean overlap(Range a, Range b) {
    return a.from() < b.to() && b.from() < a.to();
  }

  PartitionTable finished(String title) throws IOException {
    return new PartitionTable(title, partitions, between(), flaws);
  }

  private List<Region> between() throws IOException {
    var all = new ArrayList<>(tables);
    all.addAll(taken);
    all.add(new Range("the end", disk.size(), disk.size()));
    all.sort(Comparator.comparingLong(Range::from));
    var found = new ArrayList<Region>();
    long at = 0;
    for (var range : all) {
      if (range.from() > at) {
        var gap = examination.region(at, disk.slice(at, range.from() - at));
        if (!gap.contents().equals(List.of(new Content.Blank()))) {
          found.add(gap);
        }
      }
      at = Math.max(at, range.to());
    }
    return found;
  }
}
