package dev.remit.image;

import static dev.remit.image.Rule.require;

import dev.remit.bytes.MalformedException;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.HostText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header of a LUKS1 volume, which has no checksum (LUKS On-Disk Format Specification 1.2.3,
 * figures 1 to 3).
 *
 * @param cipher in the kernel's notation
 * @param payload where the data begins, in bytes
 * @param keyslotsEnd of the last keyslot, free or not, in bytes
 * @param keyslots those in use
 */
record Luks1Header(HostText cipher, long payload, long keyslotsEnd, List<Keyslot> keyslots) {
  private static final int SIZE = 592;
  private static final int SECTOR_SIZE = 512;
  private static final int NAME_SIZE = 32;
  private static final int KEYSLOTS = 8;
  private static final int KEYSLOTS_OFFSET = 208;
  private static final int KEYSLOT_SIZE = 48;
  private static final int ENABLED = 0x00ac71f3;
  private static final int DISABLED = 0x0000dead;
  private static final int STRIPES = 4000;
  private static final int ALIGNMENT = 4096;
  private static final int MOST_KEY = 512;

  // For a random passphrase any number will do. OWASP asks for some 10⁵ and more for others.
  private static final long FEW_ITERATIONS = 100_000;

  /**
   * @param end of the wrapped key, in bytes
   */
  record Keyslot(long iterations, long start, long end) {}

  static Luks1Header parse(SeekableBytes region) throws MalformedException, IOException {
    var block =
        Block.of(region, 0, SIZE)
            .orElseThrow(() -> new MalformedException(0, "it ends inside its header"));
    long keySize = block.u32be(108);
    require(keySize >= 1 && keySize <= MOST_KEY, 108, "its key has a size that none has");
    require(block.u32be(164) >= 1, 164, "its digest has no iterations");
    var keyslots = new ArrayList<Keyslot>();
    long last = 0;
    for (int i = 0; i < KEYSLOTS; i++) {
      int at = KEYSLOTS_OFFSET + i * KEYSLOT_SIZE;
      int state = (int) block.u32be(at);
      require(state == ENABLED || state == DISABLED, at, "a keyslot is neither in use nor free");
      require(
          block.u32be(at + 44) == STRIPES,
          at + 44,
          "a keyslot has a number of stripes that none has");
      long start = block.u32be(at + 40) * SECTOR_SIZE;
      long end = start + keySize * STRIPES;
      last = Math.max(last, end);
      if (state == ENABLED) {
        keyslots.add(new Keyslot(block.u32be(at + 4), start, end));
      }
    }
    String mode = block.text(8 + NAME_SIZE, NAME_SIZE).raw();
    String name = block.text(8, NAME_SIZE).raw();
    return new Luks1Header(
        new HostText(mode.isEmpty() ? name : name + "-" + mode),
        block.u32be(104) * SECTOR_SIZE,
        last,
        List.copyOf(keyslots));
  }

  Content content(SeekableBytes region, Examination examination)
      throws MalformedException, IOException {
    var weaknesses = new ArrayList<String>();
    LuksWeakness.ofCipher(Optional.of(cipher), "the data")
        .ifPresent(weakness -> weaknesses.add(weakness.what()));
    if (keyslots.isEmpty()) {
      weaknesses.add("no keyslot holds its key");
    }
    var hints = new ArrayList<Content.Hint>();
    for (var keyslot : keyslots) {
      if (keyslot.start() < SIZE || keyslot.end() > region.size()) {
        weaknesses.add("a keyslot lies outside the header or its file");
      }
      cheap(keyslot.iterations()).ifPresent(hints::add);
    }
    boolean alone = isAlone(region.size());
    if (payload < SIZE && !alone) {
      weaknesses.add("the data lies over the header, or in another file");
    } else if (payload > region.size() && !alone) {
      weaknesses.add("the file ends before the encrypted data does");
    } else if (!alone) {
      var contents = examination.recognised(region.from(payload));
      if (!contents.isEmpty()) {
        weaknesses.add("the data is not encrypted: it is " + Content.titles(contents));
      }
    }
    // Keys, what is between them and the data: all of it looks random, or was never written.
    var plain =
        Ciphertext.firstPlain(
            region, Math.min(ALIGNMENT, region.size()), region.size(), examination.budget());
    if (plain.isPresent()) {
      weaknesses.add("not all of it is encrypted: see byte " + plain.getAsLong());
    }
    var volume =
        new Content.Luks(
            1,
            List.of(cipher),
            false,
            List.of(),
            weaknesses.stream().distinct().toList(),
            hints.stream().distinct().toList());
    return alone ? new Content.LuksHeaderAlone(volume) : volume;
  }

  /**
   * Whether a file ends with its header, as "cryptsetup luksHeaderBackup" and "cryptsetup --header"
   * write it: behind the last keyslot, free or not.
   */
  private boolean isAlone(long size) {
    long end = (keyslotsEnd + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return (payload == 0 || payload >= size) && (size == end || size == payload);
  }

  /** What to say of few iterations of PBKDF2. */
  static Optional<Content.Hint> cheap(long iterations) {
    return iterations >= FEW_ITERATIONS
        ? Optional.empty()
        : Optional.of(
            new Content.Hint(
                Content.Hint.About.PASSPHRASE,
                "PBKDF2 takes %d iterations: enough for a random passphrase, and for no other"
                    .formatted(iterations)));
  }
}
