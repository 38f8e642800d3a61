package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

  private final Companions companions;
  private final Budget budget = new Budget();
  private int depth;

  private Examination(Companions companions) {
    this.companions = companions;
  }

  /** Everything that the file can be taken for by itself. */
  public static Region of(SeekableBytes file) throws IOException {
    return of(file, Companions.NONE);
  }

  /** Everything that the file can be taken for, beside the files that were given with it. */
  public static Region of(SeekableBytes file, Companions companions) throws IOException {
    return new Examination(companions).region(0, file);
  }

  /** The formats whose marks the file has; none where nothing is recognised. */
  static List<Content> marksOf(SeekableBytes file) throws IOException {
    return alone().recognised(file);
  }

  /** A look at something that lies by itself. */
  static Examination alone() {
    return new Examination(Companions.NONE);
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
    return new Region(
        offset,
        region.size(),
        contents.isEmpty() ? List.of(UnknownData.of(region, budget)) : contents);
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
