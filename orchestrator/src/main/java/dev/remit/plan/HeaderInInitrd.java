package dev.remit.plan;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.image.Content;
import dev.remit.image.FileTree;
import dev.remit.image.Region;
import dev.remit.provisioning.SealedVolume;
import dev.remit.spec.Spec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The header by which the guest opens its first disk: the one in its initrd (guest/README.md). A
 * spec names a copy of it, and what is true of the copy must be true of the other.
 */
final class HeaderInInitrd {
  /** In Debian's initrd the first folder is a link to the second one. */
  private static final Set<String> PATHS =
      Set.of("lib/remit/disk.header", "usr/lib/remit/disk.header");

  private static final String NAME = "lib/remit/disk.header";

  /** Of an entry's name in an archive: a zero ends it, and up to three more fill it up. */
  private static final int LONGEST_END = 4;

  private HeaderInInitrd() {}

  /**
   * The problem where the initrd has another header than the disk; none where it has no header.
   *
   * @param looked what the initrd is
   */
  static Optional<Diagnostic> problem(
      Spec.Disk disk, Path initrd, Region looked, InputFiles files) {
    try (var archive = files.open(initrd);
        var header = files.open(disk.header().path())) {
      for (var entry : entries(looked)) {
        if (differs(entry, archive, header)) {
          return Optional.of(
              Diagnostic.at(
                  disk.header().at(),
                  Code.CONTRADICTION,
                  "the initrd has another header for disk " + disk.name() + " than the spec",
                  "the guest opens the disk by %s in %s, and that is not %s"
                      .formatted(entry.path(), initrd, disk.header().path()),
                  "name the header that is in the initrd, or build the initrd with the right one"));
        }
      }
    } catch (Failure | IOException cause) {
      // The same file is reported where it is measured, or where leaks are searched for.
    }
    return Optional.empty();
  }

  private static List<FileTree.Entry> entries(Region looked) {
    return looked.contents().stream()
        .flatMap(content ->
            content instanceof Content.Initrd initrd
                ? initrd.files().entries().stream()
                : Stream.empty())
        .filter(entry -> PATHS.contains(entry.path().raw()))
        .toList();
  }

  private static boolean differs(FileTree.Entry entry, SeekableBytes archive, SeekableBytes header)
      throws IOException {
    if (entry.kind() != FileTree.Kind.FILE
        || entry.size() != header.size()
        || header.size() > SealedVolume.LARGEST_HEADER) {
      return true;
    }
    var content = content(entry, archive);
    return content.isPresent() && !content.get().equals(header.read(0, (int) header.size()));
  }

  /** Nothing where the archive is compressed and what is in the file was not kept. */
  private static Optional<Bytes> content(FileTree.Entry entry, SeekableBytes archive)
      throws IOException {
    if (entry.content().isPresent() || !isPlain(entry, archive)) {
      return entry.content();
    }
    return Optional.of(archive.read(entry.offset(), (int) entry.size()));
  }

  /** Whether the entry stands in the file itself: then its name is right before its content. */
  private static boolean isPlain(FileTree.Entry entry, SeekableBytes archive) throws IOException {
    int length = NAME.length() + LONGEST_END;
    long start = entry.offset() - length;
    if (start < 0 || start > archive.size() - length - entry.size()) {
      return false;
    }
    String before = new String(archive.read(start, length).toArray(), StandardCharsets.ISO_8859_1);
    return before.endsWith("\0") && before.replaceFirst("\0+$", "").endsWith(NAME);
  }
}
