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
    for (var weakness : LuksWeakness.of(luks, region, region, examination::recognised)) {
      weaknesses.add(weakness.what());
    }
    for (var segment : luks.segments().values()) {
      if (segment.offset() < luks.keyslotsEnd()) {
        weaknesses.add("the data lies over the header, or in another file");
      }
    }
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
