package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Walks the trees of an ISO 9660 image. */
final class IsoFiles {
  private final SeekableBytes image;
  private final Budget budget;
  private final Listing listing;

  /** What was kept already: several trees lead to the same files. */
  private final Map<Place, Bytes> kept = new HashMap<>();

  private final Set<Place> walked = new HashSet<>();

  /** A range of the image, whose name in one tree says nothing of another. */
  private record Place(long start, long size, boolean joliet) {}

  /**
   * A folder, by its name in the format itself and by the one that Rock Ridge has for it.
   *
   * @param size empty where only the folder itself knows it
   */
  private record Folder(String plain, String posix, long start, Optional<Long> size) {}

  IsoFiles(SeekableBytes image, Budget budget) {
    this.image = image;
    this.budget = budget;
    this.listing = new Listing(budget);
  }

  FileTree tree() {
    return listing.tree();
  }

  void walk(IsoVolume volume) throws MalformedException, IOException {
    var root = volume.root();
    // Descriptors may share one tree.
    if (!walked.add(new Place(root.start(), root.size(), volume.isJoliet()))) {
      return;
    }
    new Walk(volume).run();
  }

  private final class Walk {
    private final IsoVolume volume;
    private final Optional<RockRidge.Reader> rockRidge;
    private final Deque<Folder> ahead = new ArrayDeque<>();
    private final Set<Long> seen = new HashSet<>();

    Walk(IsoVolume volume) throws MalformedException, IOException {
      this.volume = volume;
      var root = volume.root();
      var self = self(root.start());
      rockRidge = volume.isJoliet() ? Optional.empty() : RockRidge.Reader.of(self, image, budget);
      ahead.add(new Folder("", "", root.start(), Optional.of(root.size())));
    }

    void run() throws MalformedException, IOException {
      while (!ahead.isEmpty()) {
        var folder = ahead.remove();
        Rule.require(seen.add(folder.start()), folder.start(), "a folder lies in two places");
        read(folder, folder.size().isPresent() ? folder.size().get() : self(folder.start()).size());
      }
    }

    private IsoRecord self(long start) throws MalformedException, IOException {
      var sector =
          Block.of(image, start, IsoVolume.SECTOR)
              .orElseThrow(() -> new MalformedException(start, "a folder lies outside the image"));
      return IsoRecord.of(sector, start, image.size())
          .filter(IsoRecord::isSelf)
          .orElseThrow(() -> new MalformedException(start, "a folder does not name itself first"));
    }

    private void read(Folder folder, long size) throws MalformedException, IOException {
      List<IsoRecord> parts = new ArrayList<>();
      for (long at = 0; at < size; at += IsoVolume.SECTOR) {
        budget.step(folder.start() + at);
        // Where the last sector is not whole, it holds what is there.
        int length = (int) Math.min(IsoVolume.SECTOR, size - at);
        var sector = image.read(folder.start() + at, length);
        int position = 0;
        while (position < length) {
          long here = folder.start() + at + position;
          var rest = new Block(sector.slice(position, length - position));
          var record = IsoRecord.of(rest, here, image.size());
          if (record.isEmpty()) {
            break;
          }
          position += rest.u8(0);
          budget.step(here);
          add(folder, record.get(), parts);
        }
      }
      Rule.require(parts.isEmpty(), folder.start(), "the last part of a file is missing");
    }

    private void add(Folder folder, IsoRecord record, List<IsoRecord> parts)
        throws MalformedException, IOException {
      if (record.isSelf() || record.isParent()) {
        return;
      }
      Rule.require(
          parts.isEmpty() || parts.getFirst().id().equals(record.id()),
          record.at(),
          "the last part of a file is missing");
      parts.add(record);
      if (!record.goesOn()) {
        add(folder, List.copyOf(parts));
        parts.clear();
      }
    }

    private void add(Folder folder, List<IsoRecord> parts) throws MalformedException, IOException {
      var record = parts.getLast();
      var extra =
          rockRidge.isPresent()
              ? rockRidge.get().read(record)
              : new RockRidge(
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  false,
                  false);
      if (extra.moved()) {
        return;
      }
      String name = record.name(volume.names());
      String plain = Listing.path(folder.plain(), name, record.at());
      String posix = Listing.path(folder.posix(), extra.name().orElse(name), record.at());
      boolean isFolder = record.isFolder() || extra.movedTo().isPresent();
      var kind = isFolder ? FileTree.Kind.FOLDER : kind(extra);
      if (isFolder) {
        Rule.require(parts.size() == 1, record.at(), "a folder has several parts");
        ahead.add(
            extra.movedTo().isPresent()
                ? new Folder(plain, posix, extra.movedTo().get(), Optional.empty())
                : new Folder(plain, posix, record.start(), Optional.of(record.size())));
      }
      add(posix, kind, parts, extra);
      if (!plain.toLowerCase(Locale.ROOT).equals(posix.toLowerCase(Locale.ROOT))) {
        add(plain, kind, parts, extra);
      }
    }

    private void add(String path, FileTree.Kind kind, List<IsoRecord> parts, RockRidge extra)
        throws MalformedException, IOException {
      long at = parts.getFirst().at();
      long size = 0;
      for (var part : parts) {
        size += part.size();
      }
      Optional<Bytes> content =
          switch (kind) {
            case LINK ->
                extra.link().map(leads -> Bytes.copyOf(leads.getBytes(StandardCharsets.UTF_8)));
            case FILE ->
                Interest.in(path).keeps(size, at)
                    ? Optional.of(content(parts, extra))
                    : Optional.empty();
            case FOLDER, OTHER -> Optional.empty();
          };
      listing.add(path, kind, size, parts.getFirst().start(), content, at);
    }

    private Bytes content(List<IsoRecord> parts, RockRidge extra)
        throws MalformedException, IOException {
      Rule.require(
          !extra.packed(),
          parts.getFirst().at(),
          "a file that has to be looked into is compressed or sparse");
      var read = new Bytes[parts.size()];
      for (int i = 0; i < read.length; i++) {
        var part = parts.get(i);
        var place = new Place(part.start(), part.size(), false);
        var known = kept.get(place);
        if (known == null) {
          budget.keep(part.size(), part.at());
          known = part.size() == 0 ? Bytes.EMPTY : image.read(part.start(), (int) part.size());
          kept.put(place, known);
        }
        read[i] = known;
      }
      return read.length == 1 ? read[0] : Bytes.concat(read);
    }
  }

  private static FileTree.Kind kind(RockRidge extra) {
    if (extra.link().isPresent()) {
      return FileTree.Kind.LINK;
    }
    int mode = extra.mode().orElse(PosixMode.REGULAR);
    return PosixMode.kind(mode);
  }
}
