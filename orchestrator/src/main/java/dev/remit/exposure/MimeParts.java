package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A MIME message of several parts, as cloud-init takes it (RFC 2045 and 2046). */
final class MimeParts {
  /**
   * @param type in lower case, without parameters
   * @param content decoded
   * @param start of its body in the message, in UTF-16 units
   * @param asItStands whether the decoded content is the body itself
   */
  record Part(String type, Bytes content, int start, int end, boolean asItStands) {}

  private static final int MOST_PARTS = 500;
  private static final int MOST_HEADERS = 100;
  private static final Pattern FIRST_LINE =
      Pattern.compile("(?i)(?:Content-[A-Za-z-]+:|MIME-Version:|From[ :]|Subject:|To:|Date:).*");
  private static final Pattern BOUNDARY =
      Pattern.compile("(?i);\\s*boundary\\s*=\\s*(?:\"([^\"]{1,200})\"|([^\\s;]{1,200}))");

  private final String text;
  private final List<Part> parts = new ArrayList<>();

  private MimeParts(String text) {
    this.text = text;
  }

  static boolean isMime(String text) {
    String head = text.stripLeading();
    int end = head.indexOf('\n');
    return FIRST_LINE.matcher(end < 0 ? head : head.substring(0, end).strip()).matches()
        && head.substring(0, Math.min(head.length(), 4_096))
            .toLowerCase(Locale.ROOT)
            .contains("content-type:");
  }

  static List<Part> of(String text) throws MalformedException {
    var message = new MimeParts(text);
    int start = text.length() - text.stripLeading().length();
    message.read(start, text.length(), 0);
    return List.copyOf(message.parts);
  }

  private void read(int start, int end, int depth) throws MalformedException {
    if (depth > 4 || parts.size() >= MOST_PARTS) {
      throw new MalformedException(start, "the message has more parts than Remit looks at");
    }
    Map<String, String> headers = new HashMap<>();
    int body = headers(start, end, headers);
    String type = headers.getOrDefault("content-type", "text/plain");
    if (!type.strip().toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      parts.add(part(type, headers.getOrDefault("content-transfer-encoding", ""), body, end));
      return;
    }
    var boundary = BOUNDARY.matcher(type);
    if (!boundary.find()) {
      throw new MalformedException(start, "a message of several parts names no boundary");
    }
    String mark = "--" + Optional.ofNullable(boundary.group(1)).orElseGet(() -> boundary.group(2));
    between(mark, body, end, depth);
  }

  /** Each part ends where the next mark begins, or where the message does. */
  private void between(String mark, int body, int end, int depth) throws MalformedException {
    int partStart = -1;
    boolean last = false;
    for (int line = body; line < end && !last; line = nextLine(line, end)) {
      if (text.startsWith(mark, line)) {
        int rest = line + mark.length();
        last = text.startsWith("--", rest);
        boolean alone = last || text.substring(rest, nextLine(line, end)).isBlank();
        if (alone) {
          if (partStart >= 0) {
            read(partStart, line, depth + 1);
          }
          partStart = nextLine(line, end);
        }
      }
    }
    if (partStart < 0) {
      throw new MalformedException(body, "a message of several parts has none");
    }
    if (!last) {
      read(partStart, end, depth + 1);
    }
  }

  private int nextLine(int from, int end) {
    int feed = text.indexOf('\n', from);
    return feed < 0 || feed >= end ? end : feed + 1;
  }

  /** The start of the body. */
  private int headers(int start, int end, Map<String, String> headers) {
    int line = start;
    String last = "";
    for (int count = 0; line < end && count < MOST_HEADERS; count++) {
      int next = nextLine(line, end);
      String header = text.substring(line, next);
      if (header.isBlank()) {
        return next;
      }
      int colon = header.indexOf(':');
      if (Character.isWhitespace(header.charAt(0)) && !last.isEmpty()) {
        headers.merge(last, header.strip(), (before, more) -> before + " " + more);
      } else if (colon > 0) {
        last = header.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        headers.put(last, header.substring(colon + 1).strip());
      } else if (!header.startsWith("From ")) {
        return line;
      }
      line = next;
    }
    return line;
  }

  private Part part(String type, String encoding, int start, int end) throws MalformedException {
    String body = text.substring(start, end);
    int semicolon = type.indexOf(';');
    String kind =
        (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
      case "base64" ->
          new Part(
              kind,
              Base64Text.decoded(body)
                  .orElseThrow(() -> new MalformedException(start, "a part is not base64")),
              start,
              end,
              false);
      case "quoted-printable" -> new Part(kind, unquoted(body), start, end, false);
      default -> new Part(kind, octets(body), start, end, true);
    };
  }

  private static Bytes octets(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes unquoted(String body) {
    var plain = new StringBuilder(body.length());
    for (int at = 0; at < body.length(); at++) {
      char here = body.charAt(at);
      if (here != '=') {
        plain.append(here);
      } else if (body.startsWith("=\r\n", at)) {
        at += 2;
      } else if (body.startsWith("=\n", at)) {
        at++;
      } else if (at + 2 < body.length()
          && Character.digit(body.charAt(at + 1), 16) >= 0
          && Character.digit(body.charAt(at + 2), 16) >= 0) {
        plain.append((char) Integer.parseInt(body.substring(at + 1, at + 3), 16));
        at += 2;
      } else {
        plain.append(here);
      }
    }
    return octets(plain.toString());
  }
}
