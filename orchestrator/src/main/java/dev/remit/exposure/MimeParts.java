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
  record Part(String type, Bytes content, int start, int end, boolean asItStands) {
    /** Whether the message has no header and so is nothing but this. */
    boolean isWhole(String text) {
      return asItStands && end == text.length() && text.substring(0, start).isBlank();
    }
  }

  private static final String PLAIN = "text/plain";

  private static final int DEEPEST = 4;

  /** In octets. */
  private static final int NAMED_WITHIN = 4_096;

  private static final int MOST_PARTS = 500;
  private static final int MOST_HEADERS = 1_000;
  private static final Pattern FIRST_LINE =
      Pattern.compile("(?i)(?:Content-[A-Za-z-]+:|MIME-Version:|From[ :]|Subject:|To:|Date:).*");

  /** As the mail parser of Python has it (email.feedparser, headerRE). */
  private static final Pattern HEADER = Pattern.compile("From |[!-9;-~]*:");

  private static final Pattern BOUNDARY =
      Pattern.compile(
          "(?i);\\s*boundary\\s*=\\s*"
              + "(?:\"([^\"\\\\]{1,200})\"|([^\\s;\"<\\\\]{1,200}))\\s*(?=;|$)");

  private final String text;
  private final List<Part> parts = new ArrayList<>();

  private MimeParts(String text) {
    this.text = text;
  }

  /** What cloud-init takes for a message, and what else starts like one. */
  static boolean isMime(String text) {
    String head = text.stripLeading();
    int end = head.indexOf('\n');
    return isNamedOne(text)
        || (FIRST_LINE.matcher(end < 0 ? head : head.substring(0, end).strip()).matches()
            && lowStart(head).contains("content-type:"));
  }

  /** As cloud-init tells it (user_data.convert_string), whatever the text starts with. */
  private static boolean isNamedOne(String text) {
    return lowStart(text).contains("mime-version:");
  }

  /** The octets, a character each: what is cut may be in the middle of a character. */
  private static String lowStart(String text) {
    byte[] octets =
        text.substring(0, Math.min(text.length(), NAMED_WITHIN)).getBytes(StandardCharsets.UTF_8);
    int size = Math.min(octets.length, NAMED_WITHIN);
    return new String(octets, 0, size, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
  }

  static List<Part> of(String text) throws MalformedException {
    var message = new MimeParts(text);
    int start = text.length() - text.stripLeading().length();
    message.read(start, text.length(), PLAIN, 0);
    return List.copyOf(message.parts);
  }

  /**
   * @param usual the type where none is named
   */
  private void read(int start, int end, String usual, int depth) throws MalformedException {
    if (depth > DEEPEST || parts.size() >= MOST_PARTS) {
      throw new MalformedException(start, "the message has more parts than Remit looks at");
    }
    Map<String, String> headers = new HashMap<>();
    int body = headers(start, end, headers);
    String written = headers.getOrDefault("content-type", usual);
    String type = type(written);
    if (type.equals("message/delivery-status")) {
      throw new MalformedException(start, "a part is a report of a delivery");
    } else if (type.startsWith("message/")) {
      read(body, end, PLAIN, depth + 1);
    } else if (type.startsWith("multipart/")) {
      String inside = type.equals("multipart/digest") ? "message/rfc822" : PLAIN;
      between("--" + boundary(written, start), body, end, inside, depth);
    } else {
      parts.add(part(type, headers.getOrDefault("content-transfer-encoding", ""), body, end));
    }
  }

  private static String boundary(String written, int start) throws MalformedException {
    var found = BOUNDARY.matcher(written);
    if (!found.find()) {
      throw new MalformedException(start, "a message of several parts names no boundary");
    }
    String boundary = Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2));
    if (found.find()) {
      throw new MalformedException(start, "a message of several parts names two boundaries");
    }
    return boundary.stripTrailing();
  }

  /** What is no type is plain text (RFC 2045, section 5.2). */
  private static String type(String written) {
    int semicolon = written.indexOf(';');
    String type =
        (semicolon < 0 ? written : written.substring(0, semicolon))
            .strip()
            .toLowerCase(Locale.ROOT);
    int slash = type.indexOf('/');
    return slash < 0 || slash != type.lastIndexOf('/') ? PLAIN : type;
  }

  /** Each part ends where the next mark begins, or where the message does. */
  private void between(String mark, int body, int end, String usual, int depth)
      throws MalformedException {
    int partStart = -1;
    boolean last = false;
    for (int line = body; line < end && !last; line = nextLine(line, end)) {
      if (text.startsWith(mark, line)) {
        String rest = text.substring(line + mark.length(), nextLine(line, end));
        last = rest.startsWith("--") && isNothing(rest.substring(2));
        if (last || isNothing(rest)) {
          if (partStart >= 0) {
            read(partStart, line, usual, depth + 1);
          }
          partStart = nextLine(line, end);
        }
      }
    }
    if (partStart < 0) {
      throw new MalformedException(body, "a message of several parts has none");
    }
    if (!last) {
      read(partStart, end, usual, depth + 1);
    }
  }

  private static boolean isNothing(String rest) {
    return rest.chars().allMatch(each -> " \t\r\n".indexOf(each) >= 0);
  }

  /** A line ends as the mail parser of Python has it: with CR, LF or both. */
  private int nextLine(int from, int end) {
    for (int at = from; at < end; at++) {
      char here = text.charAt(at);
      boolean pair = here == '\r' && at + 1 < end && text.charAt(at + 1) == '\n';
      if (here == '\n' || (here == '\r' && !pair)) {
        return at + 1;
      }
    }
    return end;
  }

  /** The start of the body. Of a header that stands twice the first one counts. */
  private int headers(int start, int end, Map<String, String> headers) throws MalformedException {
    int line = start;
    String name = "";
    var value = new StringBuilder();
    for (int count = 0; line < end; count++) {
      int next = nextLine(line, end);
      String header = text.substring(line, next);
      char first = header.charAt(0);
      if (count == MOST_HEADERS) {
        throw new MalformedException(line, "a part has more headers than Remit looks at");
      } else if (first == ' ' || first == '\t') {
        value.append(' ').append(header.strip());
      } else if (first == '\n' || first == '\r' || !HEADER.matcher(header).lookingAt()) {
        headers.putIfAbsent(name, value.toString());
        return first == '\n' || first == '\r' ? next : line;
      } else {
        headers.putIfAbsent(name, value.toString());
        int colon = header.indexOf(':');
        name =
            header.startsWith("From ") ? "" : header.substring(0, colon).toLowerCase(Locale.ROOT);
        value.setLength(0);
        value.append(name.isEmpty() ? "" : header.substring(colon + 1).strip());
      }
      line = next;
    }
    headers.putIfAbsent(name, value.toString());
    return line;
  }

  private Part part(String type, String encoding, int start, int end) throws MalformedException {
    String body = text.substring(start, end);
    return switch (encoding.toLowerCase(Locale.ROOT)) {
      case "base64" ->
          new Part(
              type,
              Base64Text.decoded(body)
                  .orElseThrow(() -> new MalformedException(start, "a part is not base64")),
              start,
              end,
              false);
      case "quoted-printable" -> new Part(type, unquoted(body), start, end, false);
      case "", "7bit", "8bit", "binary" -> new Part(type, octets(body), start, end, true);
      default ->
          throw new MalformedException(start, "a part is encoded in a way that Remit cannot read");
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
