package dev.remit.cli;

import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Companions;
import dev.remit.plan.InputFiles;
import dev.remit.plan.InputFiles.OpenFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that are given in one run, which an image finds by their names without folders: where
 * its host keeps them says nothing about where they lie here.
 */
final class GivenFiles implements Companions, AutoCloseable {
  private final List<String> arguments;
  private final InputFiles files;
  private final Map<String, Optional<OpenFile>> opened = new HashMap<>();

  GivenFiles(List<String> arguments, InputFiles files) {
    this.arguments = arguments.stream().filter(each -> !each.equals(GivenFile.STDIN)).toList();
    this.files = files;
  }

  /** Empty, too, where two files have the name, or where the one that has it cannot be opened. */
  @Override
  public Optional<SeekableBytes> named(HostText name) {
    String base = base(name.raw());
    var matching =
        arguments.stream().filter(each -> base(each).equals(base)).distinct().limit(2).toList();
    return matching.size() == 1
        ? opened.computeIfAbsent(matching.getFirst(), this::open).map(SeekableBytes.class::cast)
        : Optional.empty();
  }

  private static String base(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private Optional<OpenFile> open(String argument) {
    try {
      return Optional.of(GivenFile.open(argument, files));
    } catch (Failure | BadInput told) {
      // It is told of where the file itself is looked through.
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    opened.values().forEach(file -> file.ifPresent(OpenFile::close));
  }
}
