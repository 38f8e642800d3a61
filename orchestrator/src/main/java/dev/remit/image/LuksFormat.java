package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A LUKS volume of either version, its header at its start. */
final class LuksFormat implements Format {
  /** Of what the kernel's dm-integrity and AEAD modes know, those with a key. */
  private static final Pattern KEYED =
      Pattern.compile("hmac\\(sha(1|256|384|512)\\)|cmac\\(aes\\)|poly1305|aead");

  @Override
  public String title() {
    return "a LUKS volume";
  }

  @Override
  public Optional<Content> recognise(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var head = Block.of(region, 0, LuksCopy.PRIMARY.size() + 2);
    if (head.isEmpty() || !head.get().has(0, LuksCopy.PRIMARY)) {
      require(
          !LuksCopy.isSecondaryIn(region), 0, "its first header is gone, and the second is there");
      return Optional.empty();
    }
    return Optional.of(
        switch (head.get().u16be(LuksCopy.PRIMARY.size())) {
          case 1 -> Luks1Header.parse(region).content(region, examination);
          case 2 -> luks2(region, examination);
          default ->
              throw new MalformedException(
                  LuksCopy.PRIMARY.size(), "its version is neither 1 nor 2");
        });
  }

  private static Content luks2(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var luks = LuksHeader.parse(region);
    var weaknesses = new ArrayList<String>();
    boolean alone = isAlone(luks, region.size());
    var found =
        alone
            ? LuksWeakness.ofHeader(luks, region, examination)
            : LuksWeakness.of(luks, region, region, examination);
    for (var weakness : found) {
      weaknesses.add(weakness.what());
    }
    if (!alone
        && luks.segments().values().stream()
            .anyMatch(segment -> segment.offset() < luks.keyslotsEnd())) {
      weaknesses.add("the data lies over the header");
    }
    if (!alone) {
      between(luks, region, examination).ifPresent(weaknesses::add);
    }
    var volume = volume(luks, weaknesses);
    return alone ? new Content.LuksHeaderAlone(volume) : volume;
  }

  /** What lies between the keyslots and the data belongs to nobody. */
  private static Optional<String> between(
      LuksHeader luks, SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    long from = Math.min(luks.keyslotsEnd(), region.size());
    long to =
        luks.segments().values().stream()
            .mapToLong(LuksHeader.Segment::offset)
            .filter(offset -> offset >= from && offset <= region.size())
            .min()
            .orElse(region.size());
    var plain = Ciphertext.firstPlain(region, from, to, examination.budget());
    return plain.isPresent()
        ? Optional.of("at byte " + plain.getAsLong() + ", before the data, lies something plain")
        : Optional.empty();
  }

  /**
   * Whether a file ends with its header, as "cryptsetup luksHeaderBackup" and "cryptsetup --header"
   * write it. Data in between could be plain.
   */
  private static boolean isAlone(LuksHeader luks, long size) {
    return size == luks.keyslotsEnd()
        && luks.segments().values().stream()
            .allMatch(segment -> segment.offset() == 0 || segment.offset() >= size);
  }

  private static Content.Luks volume(LuksHeader luks, List<String> weaknesses) {
    return new Content.Luks(
        2,
        luks.segments().values().stream()
            .map(segment -> segment.encryption().orElse(new HostText("")))
            .toList(),
        !luks.segments().isEmpty()
            && luks.segments().values().stream()
                .allMatch(segment -> segment.integrity().filter(LuksFormat::isKeyed).isPresent()),
        luks.tokens().values().stream().map(LuksHeader.Token::type).toList(),
        weaknesses,
        hints(luks));
  }

  private static boolean isKeyed(HostText integrity) {
    return KEYED.matcher(integrity.raw()).matches();
  }

  private static List<Content.Hint> hints(LuksHeader luks) {
    var hints = new ArrayList<Content.Hint>();
    for (var keyslot : luks.keyslots().values()) {
      keyslot
          .derivation()
          .filter(derivation -> derivation.type().raw().equals("pbkdf2"))
          .flatMap(LuksHeader.Derivation::iterations)
          .flatMap(Luks1Header::cheap)
          .ifPresent(hints::add);
    }
    if (luks.flags().stream().anyMatch(flag -> flag.raw().equals("allow-discards"))) {
      hints.add(
          new Content.Hint(
              Content.Hint.About.DISCARDS,
              "discards are allowed: the host sees which blocks are in use"));
    }
    return hints.stream().distinct().toList();
  }
}
