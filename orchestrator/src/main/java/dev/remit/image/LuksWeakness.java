package dev.remit.image;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A reason for which a LUKS2 header does not keep the promise that the data is encrypted. */
record LuksWeakness(Place place, String what, String why, String fix) {
  static final String NEW_HEADER =
      "make the volume anew with \"cryptsetup luksFormat --type luks2\"";

  private static final String FINISH =
      "finish the change with \"cryptsetup reencrypt --resume-only\", or " + NEW_HEADER;

  /** In the kernel's notation; "capi:" is not among them, since it can name any cipher. */
  private static final Pattern CIPHERS =
      Pattern.compile(
          "(aes|camellia|serpent|twofish)-(xts-(plain64|random)|cbc-essiv:sha(256|512))"
              + "|xchacha(12|20),aes-adiantum-(plain64|random)"
              + "|(aegis128|chacha20)-random");

  private static final String BESIDE =
      "write the data through the opened volume, not beside it, and wipe what was there before";

  private static final long LEAST_JOURNAL = 512 << 10;

  /** Where it shows. */
  sealed interface Place {
    record Header() implements Place {}

    /** In the file with the data, which may be the same. */
    record Data() implements Place {}

    record InData(long offset) implements Place {}
  }

  /** Everything that is wrong. */
  static List<LuksWeakness> of(
      LuksHeader luks, SeekableBytes header, SeekableBytes data, Examination examination)
      throws MalformedException, IOException {
    var found = new ArrayList<>(ofHeader(luks, header, examination));
    for (var segment : luks.segments().values()) {
      ofData(segment, data, examination, found);
    }
    return List.copyOf(found);
  }

  /** Everything that is wrong with the header alone. */
  static List<LuksWeakness> ofHeader(LuksHeader luks, SeekableBytes header, Examination examination)
      throws MalformedException, IOException {
    var found = new ArrayList<LuksWeakness>();
    if (!luks.requirements().isEmpty()) {
      found.add(
          inHeader(
              "the header requires \"" + joined(luks.requirements()) + "\" of who opens the volume",
              "its encryption is being changed, or is not done by the guest alone",
              FINISH));
    }
    if (luks.segments().size() != 1) {
      found.add(
          inHeader(
              "the volume has " + luks.segments().size() + " segments, not one",
              "a volume whose encryption is not being changed has one",
              FINISH));
    }
    for (var segment : luks.segments().entrySet()) {
      ofSegment(segment.getValue(), found);
      if (!hasKey(segment.getKey(), luks)) {
        found.add(
            inHeader(
                "no keyslot holds the key of segment \"" + new HostText(segment.getKey()) + "\"",
                "a digest must join a keyslot and the segment",
                NEW_HEADER));
      }
    }
    for (var keyslot : luks.keyslots().values()) {
      ofKeyslot(keyslot, luks, header, found);
    }
    long keys = Math.min(luks.keyslotsStart(), header.size());
    plain(header, keys, Math.min(luks.keyslotsEnd(), header.size()), examination)
        .ifPresent(at ->
            found.add(
                inHeader(
                    "its keyslots are not encrypted: at byte " + at + " lies something else",
                    "keys that are wrapped look random",
                    NEW_HEADER)));
    return List.copyOf(found);
  }

  private static void ofSegment(LuksHeader.Segment segment, List<LuksWeakness> found) {
    if (!segment.type().raw().equals("crypt")) {
      found.add(
          inHeader(
              "the data is in a segment of type \"" + segment.type() + "\", not \"crypt\"",
              "only the guest's own kernel may do the encryption",
              NEW_HEADER));
    }
    if (!segment.flags().isEmpty()) {
      found.add(
          inHeader(
              "the segment carries the flag \"" + joined(segment.flags()) + "\"",
              "flags belong to a change of the encryption under way",
              FINISH));
    }
    ofCipher(segment.encryption(), "the data").ifPresent(found::add);
  }

  private static void ofData(
      LuksHeader.Segment segment,
      SeekableBytes data,
      Examination examination,
      List<LuksWeakness> found)
      throws MalformedException, IOException {
    long room = data.size() - segment.offset();
    if (room < 1 || segment.size().filter(size -> size < 1 || size > room).isPresent()) {
      found.add(
          new LuksWeakness(
              new Place.Data(),
              "the file ends before the encrypted data does",
              "the segment starts at byte " + segment.offset() + " of " + data.size(),
              "take the file that belongs to this header, whole"));
      return;
    }
    var contents = new ArrayList<>(examination.recognised(data.from(segment.offset())));
    if (segment.integrity().isPresent()) {
      // Encryption with integrity keeps its tags in such a device, around what is encrypted.
      contents.remove(MarkFormat.DM_INTEGRITY);
    }
    if (!contents.isEmpty()) {
      found.add(
          new LuksWeakness(
              new Place.InData(segment.offset()),
              "the data is not encrypted: it is " + Content.titles(contents),
              "encrypted data has no marks that anybody could recognise",
              BESIDE));
      return;
    }
    long from = segment.offset() + (segment.integrity().isPresent() ? journal(room) : 0);
    plain(data, Math.min(from, data.size()), data.size(), examination)
        .ifPresent(at ->
            found.add(
                new LuksWeakness(
                    new Place.InData(at),
                    "not all of the data is encrypted: see byte " + at,
                    "encrypted data looks random, and this does not: perhaps it was there before",
                    BESIDE)));
  }

  /**
   * How much at the start of a volume with integrity is not encrypted, at most: the superblock of
   * dm-integrity and its journal, which takes a 128th of the device unless told otherwise (Linux,
   * drivers/md/dm-integrity.c, DEFAULT_JOURNAL_SIZE_FACTOR).
   */
  private static long journal(long room) {
    return Math.max(LEAST_JOURNAL, room / 64);
  }

  private static OptionalLong plain(SeekableBytes file, long from, long to, Examination examination)
      throws MalformedException, IOException {
    return Ciphertext.firstPlain(file, from, to, examination.budget());
  }

  private static void ofKeyslot(
      LuksHeader.Keyslot keyslot, LuksHeader luks, SeekableBytes header, List<LuksWeakness> found) {
    if (!keyslot.type().raw().equals("luks2")) {
      found.add(
          inHeader(
              "a keyslot has the type \"" + keyslot.type() + "\", not \"luks2\"",
              "a keyslot of another type belongs to a change of the encryption under way",
              FINISH));
      return;
    }
    ofCipher(keyslot.encryption(), "the volume key").ifPresent(found::add);
    long end = keyslot.offset() + keyslot.size();
    if (keyslot.offset() < luks.keyslotsStart()
        || end > luks.keyslotsEnd()
        || end > header.size()) {
      found.add(
          inHeader(
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

  /**
   * @param encryption in the kernel's notation
   * @param subject what is encrypted by it
   */
  static Optional<LuksWeakness> ofCipher(Optional<HostText> encryption, String subject) {
    String cipher = encryption.map(HostText::raw).orElse("");
    if (CIPHERS.matcher(cipher).matches()) {
      return Optional.empty();
    }
    boolean none = cipher.isEmpty() || cipher.contains("cipher_null");
    return Optional.of(
        inHeader(
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

  private static LuksWeakness inHeader(String what, String why, String fix) {
    return new LuksWeakness(new Place.Header(), what, why, fix);
  }
}
