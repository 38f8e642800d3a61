package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Walks the folders of a FAT volume. */
final class FatFiles {
  /** No folder is larger (FAT specification, "FAT Directory Structure"). */
  private static final int LARGEST_FOLDER = 65_536 * FatEntry.SIZE;

  /** What stands in the boot sector where there is no label. */
  private static final String NO_LABEL = "NO NAME";

  /** What a run of clusters takes in memory, about. */
  private static final int PART_SIZE = 64;

  /** A short name that was made for a long one says nothing more. */
  private static final Pattern MADE = Pattern.compile(".*~[0-9]+(\\..*)?");

  private final FatVolume volume;
  private final Budget budget;
  private final Listing listing;
  private final Set<HostText> labels = new LinkedHashSet<>();
  private final Set<Long> walked = new HashSet<>();
  private final Deque<Folder> ahead = new ArrayDeque<>();

  private final List<Program> programs = new ArrayList<>();
  private final Set<Extent> looked = new HashSet<>();

  private record Folder(String path, long cluster) {}

  private record Extent(long cluster, long size) {}

  /**
   * What a firmware starts.
   *
   * @param offset of its first octet in the volume
   */
  record Program(HostText path, long offset, SeekableBytes octets) {}

  FatFiles(FatVolume volume, Budget budget) {
    this.volume = volume;
    this.budget = budget;
    this.listing = new Listing(budget);
    label(volume.label());
  }

  List<HostText> labels() {
    return labels.stream().toList();
  }

  FileTree tree() {
    return listing.tree();
  }

  List<Program> programs() {
    return List.copyOf(programs);
  }

  void walk() throws MalformedException, IOException {
    if (volume.hasRootCluster()) {
      read(new Folder("", volume.rootCluster()));
    } else {
      var parts = new LongName();
      read("", volume.rootStart(), volume.rootSize(), parts);
    }
    while (!ahead.isEmpty()) {
      read(ahead.remove());
    }
  }

  private void label(String label) {
    if (!label.isEmpty() && !label.equals(NO_LABEL)) {
      labels.add(new HostText(label));
    }
  }

  private void read(Folder folder) throws MalformedException, IOException {
    var parts = new LongName();
    int most = Math.max(LARGEST_FOLDER / volume.clusterSize(), 1);
    for (long cluster : volume.chain(folder.cluster(), most, budget)) {
      long start = volume.start(cluster);
      Rule.require(walked.add(cluster), start, "a folder lies in two places, or in itself");
      read(folder.path(), start, volume.clusterSize(), parts);
    }
  }

  private void read(String folder, long start, int size, LongName parts)
      throws MalformedException, IOException {
    var entries = volume.read(start, size);
    for (int position = 0; position < size; position += FatEntry.SIZE) {
      var entry = new FatEntry(entries.slice(position, FatEntry.SIZE));
      long at = start + position;
      if (entry.isFree()) {
        parts.clear();
      } else if (entry.isLongName()) {
        budget.step(at);
        parts.add(entry);
      } else if (entry.isLabel()) {
        parts.clear();
        if (folder.isEmpty()) {
          label(entry.label());
        }
      } else if (!entry.isDots()) {
        add(folder, entry, parts.of(entry), at);
        parts.clear();
      }
    }
  }

  private void add(String folder, FatEntry entry, Optional<String> longName, long at)
      throws MalformedException, IOException {
    String shortName = entry.shortName();
    String path = Listing.path(folder, longName.orElse(shortName), at);
    long first = entry.cluster(volume.bits());
    if (entry.isFolder()) {
      Rule.require(volume.has(first), at, "a folder lies outside the volume");
      ahead.add(new Folder(path, first));
    } else {
      Rule.require(entry.size() == 0 || volume.has(first), at, "a file lies outside the volume");
      Rule.require(
          entry.size() <= volume.clusters() * volume.clusterSize(),
          at,
          "a file is larger than the volume");
    }
    add(path, entry, first, at);
    if (longName.isPresent()
        && !MADE.matcher(shortName).matches()
        && !longName.get().toLowerCase(Locale.ROOT).equals(shortName.toLowerCase(Locale.ROOT))) {
      add(Listing.path(folder, shortName, at), entry, first, at);
    }
  }

  private void add(String path, FatEntry entry, long first, long at)
      throws MalformedException, IOException {
    long offset = volume.has(first) ? volume.start(first) : 0;
    if (entry.isFolder()) {
      listing.add(path, FileTree.Kind.FOLDER, 0, offset, Optional.empty(), at);
      return;
    }
    Optional<Bytes> content =
        Interest.in(path).keeps(entry.size(), at)
            ? Optional.of(content(first, (int) entry.size(), at))
            : Optional.empty();
    listing.add(path, FileTree.Kind.FILE, entry.size(), offset, content, at);
    // A file with a long name has a short one too.
    if (entry.size() > 0
        && path.toLowerCase(Locale.ROOT).endsWith(".efi")
        && looked.add(new Extent(first, entry.size()))) {
      budget.keep(path.length(), at);
      programs.add(new Program(new HostText(path), offset, octets(first, entry.size(), at)));
    }
  }

  /** Where they lie: a run of clusters that follow each other is one part. */
  private SeekableBytes octets(long first, long size, long at)
      throws MalformedException, IOException {
    long needed = (size - 1) / volume.clusterSize() + 1;
    var chain = volume.chain(first, needed, budget);
    Rule.require(chain.size() == needed, at, "a file has fewer clusters than its size");
    var parts = new ArrayList<SeekableBytes>();
    int start = 0;
    for (int index = 1; index <= chain.size(); index++) {
      if (index == chain.size() || chain.get(index) != chain.get(index - 1) + 1) {
        budget.keep(PART_SIZE, at);
        parts.add(volume.slice(chain.get(start), (long) (index - start) * volume.clusterSize()));
        start = index;
      }
    }
    return new JoinedBytes(parts).slice(0, size);
  }

  private Bytes content(long first, int size, long at) throws MalformedException, IOException {
    if (size == 0) {
      return Bytes.EMPTY;
    }
    budget.keep(size, at);
    int needed = (size + volume.clusterSize() - 1) / volume.clusterSize();
    var chain = volume.chain(first, needed, budget);
    Rule.require(chain.size() == needed, at, "a file has fewer clusters than its size");
    var parts = new ArrayList<Bytes>();
    int left = size;
    for (long cluster : chain) {
      int part = Math.min(left, volume.clusterSize());
      parts.add(volume.read(volume.start(cluster), part));
      left -= part;
    }
    return Bytes.concat(parts.toArray(Bytes[]::new));
  }

  /** The parts of a long name, which stand before its entry from the last one to the first. */
  private static final class LongName {
    private final List<FatEntry> parts = new ArrayList<>();

    void clear() {
      parts.clear();
    }

    void add(FatEntry part) {
      if (part.isLastPart()) {
        parts.clear();
      }
      parts.add(part);
    }

    /** Empty where the parts are not of this entry: it has its short name alone then. */
    Optional<String> of(FatEntry entry) {
      if (parts.isEmpty() || !parts.getFirst().isLastPart()) {
        return Optional.empty();
      }
      var name = new StringBuilder();
      int number = parts.size();
      for (var part : parts) {
        if (part.part() != number || part.sumOfShort() != entry.sum()) {
          return Optional.empty();
        }
        number--;
        name.insert(0, part.characters());
      }
      return name.isEmpty() ? Optional.empty() : Optional.of(name.toString());
    }
  }
}
