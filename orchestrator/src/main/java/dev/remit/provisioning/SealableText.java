package dev.remit.provisioning;

import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Location;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The owner's user data, and whether it is any. It may hold secrets, so that no message repeats a
 * part of it.
 */
public final class SealableText {
  /** In bytes: more than every cloud takes, and room for it on a volume. */
  public static final int LARGEST = 1 << 20;

  /** How user data begins that cloud-init reads; other text it passes over, with a log line. */
  private static final List<String> BEGINNINGS =
      List.of(
          "#cloud-config", // with -archive and -jsonp
          "#!",
          "#cloud-boothook",
          "#include", // with -once
          "#part-handler",
          "## template:",
          "Content-Type:",
          "MIME-Version:",
          "\u001f\u008b"); // gzip

  private static final int LONGEST_BEGINNING = 16;

  private SealableText() {}

  /** What stops it from being sealed; planning looks again, so that both say the same. */
  public static List<Diagnostic> problems(String file, SeekableBytes content) throws IOException {
    if (content.size() == 0 || content.size() > LARGEST) {
      return List.of(
          problem(
              file,
              content.size() == 0
                  ? "the user data is empty"
                  : "the user data has %d bytes".formatted(content.size()),
              "user data has 1 to %d bytes".formatted(LARGEST),
              "see that this is the file you meant; what is large belongs onto an encrypted disk"));
    }
    int length = (int) Math.min(LONGEST_BEGINNING, content.size());
    String beginning = new String(content.read(0, length).toArray(), StandardCharsets.ISO_8859_1);
    if (BEGINNINGS.stream().noneMatch(beginning::startsWith)) {
      return List.of(
          problem(
              file,
              "the user data does not begin as cloud-init knows it",
              "cloud-init passes over what it does not know, and the guest would run without it",
              "let the first line be #cloud-config, or one of the others that cloud-init takes"));
    }
    return List.of();
  }

  private static Diagnostic problem(String file, String what, String why, String fix) {
    return Diagnostic.at(new Location.InFile(file), Code.NOT_USER_DATA, what, why, fix);
  }
}
