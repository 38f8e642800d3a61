package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One look at an image, through all its layers, at a bounded cost. */
public final class Examination {
  /** All that Remit knows, in the order in which people are told. */
  private static final List<Format> FORMATS =
      Stream.<List<Format>>of(
              List.of(new Qcow2Format()),
              MarkFormat.CONTAINERS,
              List.of(new GptFormat(512), new GptFormat(4096)),
              List.of(new MbrFormat()),
              List.of(new LuksFormat()),
              List.of(new VerityFormat()),
              MarkFormat.PROTECTIONS,
              List.of(new LvmFormat()),
              List.of(new RaidFormat()),
              List.of(new ZfsFormat()),
              List.of(new SwapFormat()),
              List.of(new ExtFormat()),
              List.of(new Iso9660(), new ElTorito(), new Fat()),
              LabelledFileSystem.ALL,
              List.of(new UdfFormat()),
              MarkFormat.FILE_SYSTEMS,
              List.of(new Initrd(), new Executable(), new Linux()),
              List.of(new IgvmFormat(), new SecureExecutionFormat(), new InitdataFormat()))
          .flatMap(List::stream)
          .toList();

  private static final int MOST_TREES = 8;

  /** What is signed has its signatures behind its end, a few KiB each. */
  private static final long SIGNATURES = 64 << 10;

  private final Companions companions;
  private final Budget budget = new Budget();
  private final List<VerityTree> known;
  private final List<VerityTree> met = new ArrayList<>();
  private int depth;

  /**
   * @param known trees of hashes that an earlier look at the same file met
   */
  private Examination(Companions companions, List<VerityTree> known) {
    this.companions = companions;
    this.known = known;
  }

  /** Everything that the file can be taken for by itself. */
  public static Region of(SeekableBytes file) throws IOException {
    return of(file, Companions.NONE);
  }

  /** Everything that the file can be taken for, beside the files that were given with it. */
  public static Region of(SeekableBytes file, Companions companions) throws IOException {
    var first = new Examination(companions, List.of());
    var region = first.region(0, file);
    // A tree may come behind what it is over.
    return first.met.isEmpty()
        ? region
        : new Examination(companions, List.copyOf(first.met)).region(0, file);
  }

  /** The formats whose marks the file has; none where nothing is recognised. */
  static List<Content> marksOf(SeekableBytes file) throws IOException {
    return alone().recognised(file);
  }

  /** A look at something that lies by itself. */
  static Examination alone() {
    return new Examination(Companions.NONE, List.of());
  }

  Budget budget() {
    return budget;
  }

  Companions companions() {
    return companions;
  }

  /**
   * @param offset of the region in what contains it, in bytes
   */
  Region region(long offset, SeekableBytes region) throws IOException {
    var contents = recognised(region);
    if (contents.isEmpty()) {
      return new Region(offset, region.size(), List.of(UnknownData.of(region, budget)));
    }
    var all = new ArrayList<>(contents);
    if (contents.stream().anyMatch(content -> content instanceof Content.FileSystem)) {
      above(region).ifPresent(all::add);
    }
    if (contents.stream().allMatch(Examination::isProgram)) {
      behind(region).ifPresent(all::add);
    }
    return new Region(offset, region.size(), all);
  }

  /** The tree of hashes that is over a region. */
  private Optional<Content> above(SeekableBytes region) throws IOException {
    try {
      for (var tree : known) {
        if (tree.covers(region, budget)) {
          return Optional.of(new Content.UnderVerity());
        }
      }
      return Optional.empty();
    } catch (MalformedException e) {
      return Optional.of(
          new Content.Malformed("data under a tree of hashes", e.offset(), e.what()));
    }
  }

  /** Notes a tree of hashes that holds together. */
  void met(VerityTree tree) {
    if (met.size() < MOST_TREES) {
      met.add(tree);
    }
  }

  private static boolean isProgram(Content content) {
    return content instanceof Content.Kernel
        || content instanceof Content.EfiProgram
        || content instanceof Content.Uki;
  }

  /** A disk can begin like a program: what lies behind that is looked at by itself. */
  private Optional<Content> behind(SeekableBytes region) throws IOException {
    try {
      long end = Math.max(PeSection.end(region, budget), Linux.end(region)) + SIGNATURES;
      return end < region.size()
          ? Optional.of(UnknownData.of(region.from(end), budget))
              .filter(rest -> !(rest instanceof Content.Blank))
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.of(new Content.Malformed("an EFI program", e.offset(), e.what()));
    }
  }

  /** The formats whose marks a region has. */
  List<Content> recognised(SeekableBytes region) throws IOException {
    if (depth == Budget.DEEPEST) {
      return List.of(new Content.Malformed("a layer", 0, "it lies deeper than Remit looks"));
    }
    if (!budget.region()) {
      return List.of(new Content.Malformed("a layer", 0, "there are more than Remit looks at"));
    }
    var contents = new ArrayList<Content>();
    depth++;
    try {
      for (var format : FORMATS) {
        try {
          format.recognise(region, this).ifPresent(contents::add);
        } catch (MalformedException e) {
          contents.add(new Content.Malformed(format.title(), e.offset(), e.what()));
        }
      }
    } finally {
      depth--;
    }
    return contents;
  }
}
