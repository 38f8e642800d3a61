package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * An LVM2 physical volume: a label, areas with metadata as text, and what that says of logical
 * volumes (lvm2, lib/label/label.h, lib/format_text/layout.h).
 */
final class LvmFormat implements Format {
  private static final Bytes LABEL = Block.ascii("LABELONE");
  private static final Bytes TYPE = Block.ascii("LVM2 001");
  private static final Bytes AREA = Block.ascii(" LVM2 x[5A%r0N*>");
  private static final String VOLUME = "a logical volume";

  private static final int SECTOR_SIZE = 512;
  private static final int LABEL_SECTORS = 4;
  private static final int CHECKED_OFFSET = 20;
  private static final int ID_SIZE = 32;
  private static final int AREA_HEADER = 512;
  private static final int MOST_TEXT = 4 << 20;
  private static final int MOST_AREAS = 8;
  private static final long IGNORED = 1;
  private static final int INITIAL_CHECKSUM = 0xf597a6cf;
  private static final int POLYNOMIAL = 0xedb88320;

  private record Range(long from, long to) {}

  @Override
  public String title() {
    return "an LVM physical volume";
  }

  /** The label stands in one of the first four sectors. */
  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    for (int i = 0; i < LABEL_SECTORS; i++) {
      long at = (long) i * SECTOR_SIZE;
      if (Block.of(region, at, LABEL.size()).filter(block -> block.has(0, LABEL)).isPresent()) {
        var sector =
            Block.of(region, at, SECTOR_SIZE)
                .orElseThrow(() -> new MalformedException(at, "it ends inside its label"));
        return Optional.of(volume(sector, at, region, examination));
      }
    }
    return Optional.empty();
  }

  private static Content volume(Block label, long at, SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    require(label.u64le(8) == at / SECTOR_SIZE, at + 8, "its label says that it belongs elsewhere");
    require(label.has(24, TYPE), at + 24, "its label is of another version");
    require(
        label.u32le(16) == checksum(label.raw(), CHECKED_OFFSET),
        at + 16,
        "the checksum of its label does not match");
    long header = label.u32le(20);
    require(
        header >= 32 && header <= SECTOR_SIZE - ID_SIZE - 8 - 32,
        at + 20,
        "its header does not follow its label");
    String id = label.text((int) header, ID_SIZE).raw();
    Optional<String> text = Optional.empty();
    for (var area : areas(label, (int) header + ID_SIZE + 8, at)) {
      var found = metadata(area, region, examination);
      require(
          text.isEmpty() || found.isEmpty() || text.equals(found),
          area.from(),
          "two copies of its metadata disagree");
      text = text.or(() -> found);
    }
    if (text.isEmpty()) {
      return new Content.Lvm(List.of());
    }
    return new Content.Lvm(
        volumes(LvmText.parse(text.get(), at, examination.budget()), id, region, examination));
  }

  /** Behind a list of areas for data, each list ended by zeros. */
  private static List<Range> areas(Block label, int start, long at) throws MalformedException {
    var areas = new ArrayList<Range>();
    int position = start;
    for (int list = 0; list < 2; list++) {
      while (true) {
        require(position <= SECTOR_SIZE - 16, at + position, "its list of areas does not end");
        long offset = label.u64le(position);
        long size = label.u64le(position + 8);
        position += 16;
        if (offset == 0) {
          break;
        }
        if (list == 1) {
          areas.add(new Range(offset, size));
        }
      }
    }
    require(areas.size() <= MOST_AREAS, at + start, "it has more metadata than Remit reads");
    return areas;
  }

  /** Empty where an area holds none yet. */
  private static Optional<String> metadata(
      Range area, SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    long start = area.from();
    long size = area.to();
    require(
        start > 0 && size > AREA_HEADER && size <= region.size() && start <= region.size() - size,
        0,
        "its metadata does not lie in it");
    var header = new Block(region.read(start, AREA_HEADER));
    require(header.has(4, AREA), start + 4, "there is no metadata where it says");
    require(
        header.u32le(0) == checksum(header.raw(), 4),
        start,
        "the checksum of its metadata does not match");
    require(header.u32le(20) == 1, start + 20, "its metadata is of another version");
    require(
        header.u64le(24) == start && header.u64le(32) == size,
        start + 24,
        "its metadata says that it belongs elsewhere");
    long offset = header.u64le(40);
    long length = header.u64le(48);
    if (offset == 0 || (header.u32le(60) & IGNORED) != 0) {
      return Optional.empty();
    }
    require(
        offset >= AREA_HEADER
            && offset < size
            && length >= 1
            && length <= Math.min(size - AREA_HEADER, MOST_TEXT),
        start + 40,
        "its metadata does not lie in its area");
    examination.budget().keep(length, start);
    // The area is a ring behind its header.
    long first = Math.min(length, size - offset);
    var text = region.read(start + offset, (int) first);
    if (first < length) {
      text = Bytes.concat(text, region.read(start + AREA_HEADER, (int) (length - first)));
    }
    require(
        header.u32le(56) == checksum(text, 0),
        start + 56,
        "the checksum of its metadata does not match");
    String whole = new String(text.toArray(), StandardCharsets.ISO_8859_1);
    int end = whole.indexOf('\0');
    require(
        end < 0 || text.slice(end, text.size() - end).isZero(),
        start + offset,
        "its metadata goes on behind its end");
    return Optional.of(end < 0 ? whole : whole.substring(0, end));
  }

  private static List<Region> volumes(
      LvmText metadata, String id, SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var groups = metadata.sections();
    require(groups.size() == 1, 0, "its metadata is not of one group of volumes");
    var group = groups.values().iterator().next();
    long extent = group.number("extent_size") * SECTOR_SIZE;
    require(extent > 0, 0, "its extents have no size");
    String name = "";
    long start = 0;
    for (var device : group.section("physical_volumes").sections().entrySet()) {
      if (device.getValue().text("id").replace("-", "").equals(id)) {
        require(name.isEmpty(), 0, "its metadata lists it twice");
        name = device.getKey();
        start = device.getValue().number("pe_start") * SECTOR_SIZE;
      }
    }
    require(!name.isEmpty(), 0, "its metadata does not list it");
    require(start > 0 && start <= region.size(), 0, "its extents do not lie in it");

    var found = new ArrayList<Region>();
    var taken = new ArrayList<Range>();
    for (var volume : group.section("logical_volumes").sections().values()) {
      examination.budget().step(0);
      var extents = new Extents(volume, name, start, extent, region);
      taken.addAll(extents.here);
      if (extents.linear) {
        var parts =
            extents.here.stream()
                .map(part -> region.slice(part.from(), part.to() - part.from()))
                .toList();
        var whole = parts.size() == 1 ? parts.getFirst() : new JoinedBytes(parts);
        found.add(examination.region(extents.here.getFirst().from(), whole));
      } else {
        found.add(
            new Region(
                extents.here.isEmpty() ? 0 : extents.here.getFirst().from(),
                extents.size,
                List.of(new Content.Malformed(VOLUME, 0, "it does not lie here in plain order"))));
      }
    }
    found.addAll(free(taken, start, region, examination));
    return found;
  }

  /** Where a logical volume lies. */
  private static final class Extents {
    private final List<Range> here = new ArrayList<>();
    private final boolean linear;
    private final long size;

    Extents(LvmText volume, String device, long start, long extent, SeekableBytes region)
        throws MalformedException {
      boolean plain = true;
      long extents = 0;
      long count = volume.number("segment_count");
      var segments = volume.sections();
      for (long i = 1; i <= count; i++) {
        // As many as it says, or there is none of the name and this ends.
        var segment = segments.get("segment" + i);
        if (segment == null) {
          throw new MalformedException(0, "a segment is missing");
        }
        require(segment.number("start_extent") == extents, 0, "a segment is out of order");
        long length = segment.number("extent_count");
        extents += length;
        require(length > 0 && extents <= Long.MAX_VALUE / extent, 0, "a segment has no size");
        boolean striped = segment.text("type").equals("striped");
        if (!striped) {
          plain = false;
          continue;
        }
        var stripes = segment.list("stripes");
        require(stripes.size() % 2 == 0, 0, "a segment has half a stripe");
        plain &= stripes.size() == 2;
        for (int stripe = 0; stripe + 1 < stripes.size(); stripe += 2) {
          if (!(stripes.get(stripe + 1) instanceof Long first)) {
            throw new MalformedException(0, "a stripe begins nowhere");
          }
          if (!device.equals(stripes.get(stripe))) {
            plain = false;
            continue;
          }
          long blocks = length / (stripes.size() / 2);
          require(
              first >= 0
                  && blocks <= (region.size() - start) / extent
                  && first <= (region.size() - start) / extent - blocks,
              0,
              "a logical volume does not lie in it");
          long from = start + first * extent;
          here.add(new Range(from, from + blocks * extent));
        }
      }
      linear = plain && !here.isEmpty();
      size = extents * extent;
    }
  }

  private static List<Region> free(
      List<Range> taken, long start, SeekableBytes region, Examination examination)
      throws IOException {
    var found = new ArrayList<Region>();
    var all = new ArrayList<>(taken);
    all.add(new Range(region.size(), region.size()));
    all.sort(Comparator.comparingLong(Range::from));
    long at = start;
    for (var range : all) {
      if (range.from() > at) {
        var gap = examination.region(at, region.slice(at, range.from() - at));
        if (!gap.contents().equals(List.of(new Content.Blank()))) {
          found.add(gap);
        }
      }
      at = Math.max(at, range.to());
    }
    return found;
  }

  /** CRC-32 from another beginning, and not inverted at the end (lvm2, lib/misc/crc.c). */
  private static long checksum(Bytes octets, int from) {
    int crc = INITIAL_CHECKSUM;
    for (int i = from; i < octets.size(); i++) {
      crc ^= octets.at(i);
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ (POLYNOMIAL & -(crc & 1));
      }
    }
    return Integer.toUnsignedLong(crc);
  }
}
