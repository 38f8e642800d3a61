package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * UDF by its volume recognition sequence, with the labels of its volumes (ECMA-167, parts 2 and 3).
 */
final class UdfFormat implements Format {
  private static final int SEQUENCE_OFFSET = 0x8000;
  private static final int SEQUENCE_SECTOR = 2048;
  private static final int MOST_DESCRIPTORS = 16;
  private static final List<Bytes> MARKS = List.of(Block.ascii("NSR02"), Block.ascii("NSR03"));

  private static final int ANCHOR_SECTOR = 256;
  private static final int PRIMARY = 1;
  private static final int ANCHOR = 2;
  private static final int LOGICAL = 6;

  @Override
  public String title() {
    return "a UDF file system";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws IOException {
    for (int i = 0; i < MOST_DESCRIPTORS; i++) {
      var block = Block.of(region, SEQUENCE_OFFSET + (long) i * SEQUENCE_SECTOR + 1, 5);
      if (block.filter(found -> MARKS.contains(found.raw())).isPresent()) {
        return Optional.of(
            new Content.FileSystem(title(), List.copyOf(labels(region)), Optional.empty()));
      }
    }
    return Optional.empty();
  }

  private static Set<HostText> labels(SeekableBytes region) throws IOException {
    var labels = new LinkedHashSet<HostText>();
    for (int sector = 512; sector <= 4096; sector *= 2) {
      var anchor = Block.of(region, (long) ANCHOR_SECTOR * sector, 512);
      if (anchor.isPresent()
          && anchor.get().u16le(0) == ANCHOR
          && anchor.get().u32le(12) == ANCHOR_SECTOR) {
        long start = anchor.get().u32le(20);
        for (int i = 0; i < MOST_DESCRIPTORS; i++) {
          Block.of(region, (start + i) * sector, 512).ifPresent(block -> label(block, labels));
        }
      }
    }
    return labels;
  }

  private static void label(Block descriptor, Set<HostText> labels) {
    switch (descriptor.u16le(0)) {
      case PRIMARY -> label(descriptor.raw().slice(24, 32), labels);
      case LOGICAL -> label(descriptor.raw().slice(84, 128), labels);
      default -> {}
    }
  }

  /** A field that begins with the width of its characters and ends with how much of it is used. */
  private static void label(Bytes field, Set<HostText> labels) {
    int used = Math.min(field.at(field.size() - 1), field.size() - 1);
    if (used < 2) {
      return;
    }
    var block = new Block(field);
    var text =
        switch (field.at(0)) {
          case 8 -> block.text(1, used - 1, StandardCharsets.ISO_8859_1);
          case 16 -> block.text(1, used - 1, StandardCharsets.UTF_16BE);
          default -> new HostText("");
        };
    labels.addAll(LabelledFileSystem.labels(text));
  }
}
