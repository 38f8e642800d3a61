package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A disk that should be encrypted by LUKS2, and whether its header keeps that promise.
 *
 * <p>LUKS2 does not authenticate its header: one that names the null cipher opens with the right
 * passphrase, and what the guest writes then lies readable on the host's disk.
 */
public final class LuksVolume {
  private static final String NEW_HEADER =
      "make the volume anew with \"cryptsetup luksFormat --type luks2\"";

  private static final String FINISH =
      "finish the change with \"cryptsetup reencrypt --resume-only\", or " + NEW_HEADER;

  /** In the kernel's notation; "capi:" is not among them, since it can name any cipher. */
  private static final Pattern CIPHERS =
      Pattern.compile(
          "(aes|camellia|serpent|twofish)-(xts-(plain64|random)|cbc-essiv:sha(256|512))"
              + "|xchacha(12|20),aes-adiantum-(plain64|random)"
              + "|(aegis128|chacha20)-random");

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
    var content = DiskContent.of(header);
    if (content != DiskContent.LUKS2) {
      return List.of(
          Diagnostic.at(
              new Location.InFile(headerFile),
              Code.NOT_LUKS,
              "the file is not a LUKS2 volume: it is " + content.title(),
              "a disk that the guest does not encrypt is the host's to read and to change",
              NEW_HEADER));
    }
    try {
      return problemsOf(LuksHeader.parse(header));
    } catch (MalformedException e) {
      return List.of(
          Diagnostic.at(
              new Location.InBytes(headerFile, e.offset()),
              Code.WEAK_LUKS,
              "the LUKS2 header is damaged",
              String.valueOf(e.getMessage()),
              "restore it with \"cryptsetup luksHeaderRestore\", or " + NEW_HEADER));
    }
  }

  private List<Diagnostic> problemsOf(LuksHeader luks) throws IOException {
    var problems = new ArrayList<Diagnostic>();
    if (!luks.requirements().isEmpty()) {
      problems.add(
          weak(
              "the header requires \"" + joined(luks.requirements()) + "\" of who opens the volume",
              "its encryption is being changed, or is not done by the guest alone",
              FINISH));
    }
    if (luks.segments().size() != 1) {
      problems.add(
          weak(
              "the volume has " + luks.segments().size() + " segments, not one",
              "a volume whose encryption is not being changed has one",
              FINISH));
    }
    for (var segment : luks.segments().entrySet()) {
      problemsOf(segment.getValue(), problems);
      if (!hasKey(segment.getKey(), luks)) {
        problems.add(
            weak(
                "no keyslot holds the key of segment \"" + new HostText(segment.getKey()) + "\"",
                "a digest must join a keyslot and the segment",
                NEW_HEADER));
      }
    }
    for (var keyslot : luks.keyslots().values()) {
      problemsOf(keyslot, luks, problems);
    }
    return List.copyOf(problems);
  }

  private void problemsOf(LuksHeader.Segment segment, List<Diagnostic> problems)
      throws IOException {
    if (!segment.type().raw().equals("crypt")) {
      problems.add(
          weak(
              "the data is in a segment of type \"" + segment.type() + "\", not \"crypt\"",
              "only the guest's own kernel may do the encryption",
              NEW_HEADER));
    }
    if (!segment.flags().isEmpty()) {
      problems.add(
          weak(
              "the segment carries the flag \"" + joined(segment.flags()) + "\"",
              "flags belong to a change of the encryption under way",
              FINISH));
    }
    problemOf(segment.encryption(), "the data").ifPresent(problems::add);

    long room = data.size() - segment.offset();
    if (room < 1 || segment.size().filter(size -> size < 1 || size > room).isPresent()) {
      problems.add(
          Diagnostic.at(
              new Location.InFile(dataFile),
              Code.WEAK_LUKS,
              "the file ends before the encrypted data does",
              "the segment starts at byte " + segment.offset() + " of " + data.size(),
              "take the file that belongs to this header, whole"));
      return;
    }
    var content = DiskContent.of(data.from(segment.offset()));
    if (content != DiskContent.UNKNOWN) {
      problems.add(
          Diagnostic.at(
              new Location.InBytes(dataFile, segment.offset()),
              Code.WEAK_LUKS,
              "the data is not encrypted: it is " + content.title(),
              "encrypted data has no marks that anybody could recognise",
              "write the data through the opened volume, not beside it"));
    }
  }

  private void problemsOf(LuksHeader.Keyslot keyslot, LuksHeader luks, List<Diagnostic> problems) {
    if (!keyslot.type().raw().equals("luks2")) {
      problems.add(
          weak(
              "a keyslot has the type \"" + keyslot.type() + "\", not \"luks2\"",
              "a keyslot of another type belongs to a change of the encryption under way",
              FINISH));
      return;
    }
    problemOf(keyslot.encryption(), "the volume key").ifPresent(problems::add);
    long end = keyslot.offset() + keyslot.size();
    if (keyslot.offset() < luks.keyslotsStart()
        || end > luks.keyslotsEnd()
        || end > header.size()) {
      problems.add(
          weak(
              "a keyslot lies outside the header or its file",
              "it takes bytes %d to %d, and there is room from %d to %d"
                  .formatted(
                      keyslot.offset(),
                      end,
                      luks.keyslotsStart(),
                      Math.min(luks.keyslotsEnd(), header.size())),
              "take the header whole, as \"cryptsetup luksHeaderBackup\" writes it"));
    }
  }

  private Optional<Diagnostic> problemOf(Optional<HostText> encryption, String subject) {
    String cipher = encryption.map(HostText::raw).orElse("");
    if (CIPHERS.matcher(cipher).matches()) {
      return Optional.empty();
    }
    boolean none = cipher.isEmpty() || cipher.contains("cipher_null");
    return Optional.of(
        weak(
            none
                ? subject + " is not encrypted: the header names the null cipher or none"
                : subject + " is encrypted by \"" + new HostText(cipher) + "\"",
            "the host reads and keeps every sector, so Remit takes only the ciphers that"
                + " cryptsetup's manual proposes",
            NEW_HEADER + " and its default cipher, aes-xts-plain64"));
  }

  private static boolean hasKey(String segment, LuksHeader luks) {
    return luks.digests().values().stream()
        .filter(digest -> digest.segments().contains(segment))
        .flatMap(digest -> digest.keyslots().stream())
        .anyMatch(luks.keyslots()::containsKey);
  }

  private static HostText joined(List<HostText> texts) {
    return new HostText(texts.stream().map(HostText::raw).collect(Collectors.joining(", ")));
  }

  private Diagnostic weak(String what, String why, String fix) {
    return Diagnostic.at(new Location.InFile(headerFile), Code.WEAK_LUKS, what, why, fix);
  }
}
