package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Base64 as people write it: with line ends and spaces, and with or without padding. */
final class Base64Text {
  private Base64Text() {}

  static Optional<Bytes> decoded(String text) {
    var dense = new StringBuilder(text.length());
    for (int at = 0; at < text.length(); at++) {
      char each = text.charAt(at);
      if (!Character.isWhitespace(each)) {
        dense.append(each);
      }
    }
    try {
      return Optional.of(
          Bytes.copyOf(
              Base64.getDecoder().decode(dense.toString().getBytes(StandardCharsets.ISO_8859_1))));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
