package dev.remit.endorsement;

import dev.remit.bytes.Bytes;
import dev.remit.root.Anchor;
import dev.remit.root.Anchors;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The certificates of one real host, and AMD's for its generation. */
final class RomeChain {
  static final Bytes PDH = read("pdh");
  static final Bytes PEK = read("pek");
  static final Bytes OCA = read("oca");
  static final Bytes CEK = read("cek");

  static final Anchor ANCHOR = Anchors.builtIn().all().get(1);

  /** 8336 bytes. */
  static final Bytes EXPORTED = Bytes.concat(PDH, PEK, OCA, CEK);

  /** 11536 bytes. */
  static final Bytes IN_FULL = Bytes.concat(EXPORTED, ANCHOR.ask(), ANCHOR.ark());

  private RomeChain() {}

  private static Bytes read(String name) {
    try (var in = RomeChain.class.getResourceAsStream("rome/" + name + ".cert")) {
      if (in == null) {
        throw new AssertionError(name);
      }
      return Bytes.copyOf(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
