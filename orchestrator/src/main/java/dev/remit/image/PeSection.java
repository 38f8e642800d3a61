package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A section of a PE file (Microsoft, PE Format, "Section Table").
 *
 * @param start in the file, in bytes
 * @param stored in the file, in bytes; the rest of it is zeros
 */
record PeSection(String name, long at, long size, long address, long stored, long start) {
  private static final int DOS_HEADER = 64;
  private static final int NEW_HEADER = 0x3c;

  /** The signature and the COFF file header. */
  private static final int HEADER = 4 + 20;

  private static final int SECTION = 40;

  /** Empty where the region is no PE file. */
  static Optional<List<PeSection>> all(SeekableBytes region, Budget budget)
      throws MalformedException, IOException {
    var dos = Block.of(region, 0, DOS_HEADER);
    if (dos.isEmpty() || !dos.get().has(0, Block.ascii("MZ"))) {
      return Optional.empty();
    }
    long at = dos.get().u32le(NEW_HEADER);
    var header = Block.of(region, at, HEADER);
    if (header.isEmpty() || !header.get().has(0, Block.ascii("PE\0\0"))) {
      return Optional.empty();
    }
    int count = header.get().u16le(6);
    long table = at + HEADER + header.get().u16le(20);
    var sections = new ArrayList<PeSection>();
    for (int i = 0; i < count; i++) {
      long place = table + (long) i * SECTION;
      budget.step(place);
      var entry =
          Block.of(region, place, SECTION)
              .orElseThrow(() -> new MalformedException(place, "the table of sections ends early"));
      sections.add(of(entry, place, region.size(), table + (long) count * SECTION));
    }
    return Optional.of(sections);
  }

  /** Behind the last section; zero where the region is no PE file. */
  static long end(SeekableBytes region, Budget budget) throws MalformedException, IOException {
    return all(region, budget).orElse(List.of()).stream()
        .mapToLong(section -> section.start + section.stored)
        .max()
        .orElse(0);
  }

  private static PeSection of(Block entry, long at, long limit, long headers)
      throws MalformedException {
    String name = entry.text(0, 8, StandardCharsets.UTF_8).raw();
    long stored = entry.u32le(16);
    long start = entry.u32le(20);
    Rule.require(
        stored == 0 || (start >= headers && start <= limit - stored),
        at,
        "a section lies in the headers or outside the file");
    // Of nothing in the file it may say that it lies anywhere.
    return new PeSection(
        name, at, entry.u32le(8), entry.u32le(12), stored, stored == 0 ? 0 : start);
  }

  /** Without what fills it up to a whole sector. */
  long used() {
    return Math.min(size, stored);
  }

  /** Sections that share octets can say one thing to us and another one to the firmware. */
  static void requireApart(List<PeSection> sections) throws MalformedException {
    var inFile =
        sections.stream()
            .filter(section -> section.stored > 0)
            .sorted((a, b) -> Long.compare(a.start, b.start))
            .toList();
    for (int i = 1; i < inFile.size(); i++) {
      Rule.require(
          inFile.get(i - 1).start + inFile.get(i - 1).stored <= inFile.get(i).start,
          inFile.get(i).at,
          "a section overlaps with another one in the file");
    }
    var inMemory =
        sections.stream()
            .filter(section -> section.size > 0)
            .sorted((a, b) -> Long.compare(a.address, b.address))
            .toList();
    for (int i = 1; i < inMemory.size(); i++) {
      Rule.require(
          inMemory.get(i - 1).address + inMemory.get(i - 1).size <= inMemory.get(i).address,
          inMemory.get(i).at,
          "a section overlaps with another one in memory");
    }
  }
}
