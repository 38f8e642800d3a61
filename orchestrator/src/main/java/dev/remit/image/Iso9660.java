package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * ISO 9660 (ECMA-119; the enhanced descriptors of ISO 9660:1999; Joliet Specification; Rock Ridge,
 * IEEE P1282). All its trees are listed, each with all its names.
 */
final class Iso9660 implements Format {
  @Override
  public String title() {
    return "an ISO 9660 image";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    if (!IsoVolume.isMarked(region)) {
      return Optional.empty();
    }
    Set<HostText> labels = new LinkedHashSet<>();
    var files = new IsoFiles(region, examination.budget());
    for (var volume : IsoVolume.all(region)) {
      volume.named().ifPresent(labels::add);
      files.walk(volume);
    }
    return Optional.of(
        new Content.FileSystem(title(), labels.stream().toList(), Optional.of(files.tree())));
  }
}
