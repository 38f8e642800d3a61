package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Location;
import java.io.IOException;
import java.util.List;

/**
 * A disk that should be encrypted by LUKS2, and whether its header keeps that promise.
 *
 * <p>LUKS2 does not authenticate its header: one that names the null cipher opens with the right
 * passphrase, and what the guest writes then lies readable on the host's disk.
 */
public final class LuksVolume {
  private final String headerFile;
  private final SeekableBytes header;
  private final String dataFile;
  private final SeekableBytes data;

  private LuksVolume(String headerFile, SeekableBytes header, String dataFile, SeekableBytes data) {
    this.headerFile = headerFile;
    this.header = header;
    this.dataFile = dataFile;
    this.data = data;
  }

  /** The header in a file of its own, as "cryptsetup --header" makes and opens it. */
  public static LuksVolume detached(
      String headerFile, SeekableBytes header, String dataFile, SeekableBytes data) {
    return new LuksVolume(headerFile, header, dataFile, data);
  }

  /** Everything that is wrong; empty where the header protects the disk. */
  public List<Diagnostic> problems() throws IOException {
    if (!LuksCopy.isAtStartOf(header)) {
      var contents = Examination.marksOf(header);
      return List.of(
          Diagnostic.at(
              new Location.InFile(headerFile),
              Code.NOT_LUKS,
              "the file is not a LUKS2 volume: it is "
                  + (contents.isEmpty()
                      ? "nothing that Remit recognises"
                      : Content.titles(contents)),
              "a disk that the guest does not encrypt is the host's to read and to change",
              LuksWeakness.NEW_HEADER));
    }
    try {
      return LuksWeakness.of(LuksHeader.parse(header), header, data, Examination.alone()).stream()
          .map(this::problem)
          .toList();
    } catch (MalformedException e) {
      return List.of(
          Diagnostic.at(
              new Location.InBytes(headerFile, e.offset()),
              Code.WEAK_LUKS,
              "the LUKS2 header is damaged",
              String.valueOf(e.getMessage()),
              "restore it with \"cryptsetup luksHeaderRestore\", or " + LuksWeakness.NEW_HEADER));
    }
  }

  private Diagnostic problem(LuksWeakness weakness) {
    var at =
        switch (weakness.place()) {
          case LuksWeakness.Place.Header _ -> new Location.InFile(headerFile);
          case LuksWeakness.Place.Data _ -> new Location.InFile(dataFile);
          case LuksWeakness.Place.InData in -> new Location.InBytes(dataFile, in.offset());
        };
    return Diagnostic.at(at, Code.WEAK_LUKS, weakness.what(), weakness.why(), weakness.fix());
  }
}
