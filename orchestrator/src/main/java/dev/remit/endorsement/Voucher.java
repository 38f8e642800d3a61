package dev.remit.endorsement;

import dev.remit.diagnostic.HostText;
import java.util.Arrays;
import java.util.Optional;

/**
 * Who says which chip a key belongs to. AMD's signature covers the key and names no chip, so that
 * this word is all there is (docs/decisions/0012).
 *
 * @param name of the server or file, as the owner wrote it
 */
public record Voucher(Kind kind, String name) {
  /** How the word reached us. */
  public enum Kind {
    /** A key server answered for the chip, over an authenticated connection. */
    KEY_SERVER("key-server"),
    /** The owner imported it for the chip. */
    IMPORT("import"),
    /** The owner named a file for this one judgement. */
    FILE("file"),
    /** The evidence under judgement brought it along: nobody's word but its own. */
    EVIDENCE("evidence");

    private final String id;

    Kind(String id) {
      this.id = id;
    }

    public String id() {
      return id;
    }

    public static Optional<Kind> ofId(String id) {
      return Arrays.stream(values()).filter(kind -> kind.id.equals(id)).findFirst();
    }
  }

  /** Whether somebody else than the judged host can have said it. */
  public boolean independent() {
    return switch (kind) {
      case KEY_SERVER, IMPORT, FILE -> true;
      case EVIDENCE -> false;
    };
  }

  /** For reports, escaped. */
  @Override
  public String toString() {
    var shown = new HostText(name);
    return switch (kind) {
      case KEY_SERVER -> "the key server " + shown;
      case IMPORT -> "the imported file " + shown;
      case FILE -> "the file " + shown;
      case EVIDENCE -> "the evidence itself";
    };
  }
}
