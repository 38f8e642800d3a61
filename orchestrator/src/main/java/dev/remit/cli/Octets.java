package dev.remit.cli;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.plan.InputFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Octets of a known number that an option gives as hex, as base64 or as the path of a file, which
 * holds them as they are or as one of the two texts. Which one is told by the length of what is
 * written: the two texts are never equally long. Not for secrets, which only a file holds.
 *
 * @param form how they were written, for the JSON of an answer
 */
record Octets(Bytes value, Form form) {
  enum Form {
    HEX,
    BASE64,
    FILE
  }

  /**
   * Reads what was written. A file whose name could be the octets themselves is told by a folder in
   * front of it, as in {@code ./00ff}.
   *
   * @param option as it stands on the command line, for messages
   * @param size in bytes, at least 1
   */
  static Octets read(String option, String written, int size, InputFiles files)
      throws BadInput, Failure {
    var text = ofText(written, size);
    return text.isPresent() ? text.get() : ofFile(option, written, size, files);
  }

  private static Optional<Octets> ofText(String written, int size) {
    try {
      if (written.length() == 2 * size) {
        return Optional.of(new Octets(Bytes.ofHex(written), Form.HEX));
      }
      if (written.length() == (size + 2) / 3 * 4) {
        var value = Bytes.ofBase64(written);
        return value.size() == size
            ? Optional.of(new Octets(value, Form.BASE64))
            : Optional.empty();
      }
    } catch (IllegalArgumentException neither) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static Octets ofFile(String option, String written, int size, InputFiles files)
      throws BadInput, Failure {
    try {
      var value = files.read(Path.of(written), longestText(size));
      if (value.size() == size) {
        return new Octets(value, Form.FILE);
      }
      var text = ofText(new String(value.toArray(), StandardCharsets.ISO_8859_1).strip(), size);
      if (text.isPresent()) {
        return new Octets(text.get().value(), Form.FILE);
      }
      throw wrong(option, size, "the file " + new HostText(written) + " has " + value.size());
    } catch (InvalidPathException noPath) {
      throw wrong(option, size, "what was given is none of the three");
    } catch (Failure failure) {
      if (failure.diagnostic().code() == Code.FILE_MISSING) {
        throw wrong(
            option,
            size,
            "%d characters were given, and as a file: %s"
                .formatted(written.length(), failure.diagnostic().why()));
      }
      throw failure;
    }
  }

  /** Bytes of a file that holds them as text, and ends with a line end. */
  private static int longestText(int size) {
    return 2 * size + 2;
  }

  private static BadInput wrong(String option, int size, String found) {
    return WrongUsage.of(
        option + " takes " + size + " bytes",
        found,
        "write %d hex digits, %d characters of base64, or the path of a file of %d bytes"
            .formatted(2 * size, (size + 2) / 3 * 4, size));
  }
}
