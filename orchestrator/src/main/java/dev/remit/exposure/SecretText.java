package dev.remit.exposure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds what looks like a secret in a text, by its structure alone and in linear time. */
final class SecretText {
  /**
   * @param start of what must not be shown
   * @param kind what it looks like, a phrase
   */
  record Span(int start, int end, String kind) {}

  // Each starts only where no character of its own stands before it, or has a short bound: an
  // attempt at every character must not read on to the end of the text.
  private static final SecretSearch SHAPES =
      new SecretSearch(
          SecretShape.keysAnd(
              SecretShape.of(
                  "a web token",
                  List.of("eyJ"),
                  "(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+"
                      + "(?:\\.[A-Za-z0-9_-]*+)?"),
              SecretShape.of(
                  "a password in an address",
                  List.of("://"),
                  "(?<=://)[^\\s/:@'\"<>]*+:[^\\s/@'\"<>]++(?=@)"),
              SecretShape.of(
                  "a password hash",
                  List.of(
                      "$1$",
                      "$5$",
                      "$6$",
                      "$7$",
                      "$y$",
                      "$gy$",
                      "$2a$",
                      "$2b$",
                      "$2x$",
                      "$2y$",
                      "$argon2i$",
                      "$argon2id$"),
                  "\\$(?:1|5|6|7|y|gy|2[abxy]|argon2id?)\\$[./A-Za-z0-9,=$]{8,120}+")));

  private static final Set<String> NAMES =
      Set.of(
          "password",
          "passwd",
          "passphrase",
          "pass",
          "pwd",
          "secret",
          "token",
          "apikey",
          "key",
          "credential",
          "credentials",
          "privatekey");

  private static final Set<String> NOT_A_VALUE =
      Set.of("yes", "no", "on", "off", "true", "false", "none", "0", "1");

  private static final int LONGEST_NAME = 64;
  private static final int SHORTEST_KEY = 32;

  private SecretText() {}

  /** In the order of the text; spans may overlap. */
  static List<Span> find(String text) {
    var spans = new ArrayList<Span>();
    for (var shape : SHAPES.possible(text).toList()) {
      var matcher = shape.pattern().matcher(text);
      while (matcher.find()) {
        boolean pem = text.startsWith("-----BEGIN", matcher.start());
        int end = pem ? endOfPem(text, matcher.end()) : matcher.end();
        spans.add(new Span(matcher.start(), end, shape.what()));
      }
    }
    findNamed(text, spans);
    findRandom(text, spans);
    spans.sort(Comparator.comparingInt(Span::start));
    return spans;
  }

  // Only ahead of the next one: a text of nothing but first lines must stay linear.
  private static int endOfPem(String text, int from) {
    int next = text.indexOf("-----", from);
    return next < 0 ? text.length() : next;
  }

  /** Whether a name says that its value is a secret; a name of several parts by its last one. */
  static boolean isNamedSecret(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    // QEMU names the object that holds a secret in options such as key-secret and password-secret.
    if (lower.endsWith("-secret") || lower.contains("public") || lower.contains("authorized")) {
      return false;
    }
    int last =
        Math.max(lower.lastIndexOf('.'), Math.max(lower.lastIndexOf('_'), lower.lastIndexOf('-')));
    return NAMES.contains(lower.substring(last + 1));
  }

  /** Values behind names such as {@code password=} and {@code token: }. */
  private static void findNamed(String text, List<Span> spans) {
    for (int at = 1; at < text.length() - 1; at++) {
      char sign = text.charAt(at);
      if (sign == '=' || (sign == ':' && text.charAt(at + 1) == ' ')) {
        int from = at;
        while (from > 0 && at - from < LONGEST_NAME && isNamePart(text.charAt(from - 1))) {
          from--;
        }
        if (from < at && isNamedSecret(text.substring(from, at))) {
          // On behind the value: a text of nothing but names must stay linear.
          at = Math.max(at, addValue(text, sign == '=' ? at + 1 : at + 2, spans) - 1);
        }
      }
    }
  }

  private static int addValue(String text, int from, List<Span> spans) {
    int start = from;
    char quote = start < text.length() ? text.charAt(start) : ' ';
    boolean quoted = quote == '"' || quote == '\'';
    start += quoted ? 1 : 0;
    int end = start;
    while (end < text.length()
        && !(quoted ? isBehindQuoted(text.charAt(end), quote) : isBehindValue(text.charAt(end)))) {
      end++;
    }
    String value = text.substring(start, Math.min(end, start + 64));
    // A path names a file that may hold a secret; it is none.
    if (!value.isBlank()
        && !value.startsWith("/")
        && !NOT_A_VALUE.contains(value.toLowerCase(Locale.ROOT))) {
      spans.add(new Span(start, end, "a value whose name says that it is secret"));
    }
    return end;
  }

  private static boolean isBehindQuoted(char sign, char quote) {
    return sign == quote || sign == '\n';
  }

  private static boolean isNamePart(char sign) {
    return (isRandomPart(sign) && sign != '+' && sign != '/') || sign == '.';
  }

  private static boolean isBehindValue(char sign) {
    return Character.isWhitespace(sign)
        || sign == ','
        || sign == '&'
        || sign == '<'
        || sign == '"'
        || sign == '\''
        || sign == '\0';
  }

  /** Long runs in which letters of both cases and digits change as often as chance has it. */
  private static void findRandom(String text, List<Span> spans) {
    int start = 0;
    while (start < text.length()) {
      int end = start;
      while (end < text.length() && isRandomPart(text.charAt(end))) {
        end++;
      }
      if (end - start >= SHORTEST_KEY && isRandom(text, start, end)) {
        spans.add(new Span(start, end, "a long random text"));
      }
      start = end + 1;
    }
  }

  private static boolean isRandomPart(char sign) {
    return (sign < 0x80 && Character.isLetterOrDigit(sign))
        || sign == '+'
        || sign == '/'
        || sign == '_'
        || sign == '-';
  }

  private static boolean isRandom(String text, int start, int end) {
    // "AAAA" and a length start a public key of SSH.
    if (text.charAt(start) == '/' || text.startsWith("AAAA", start)) {
      return false;
    }
    int upper = 0;
    int lower = 0;
    int digits = 0;
    int changes = 0;
    int before = 0;
    for (int at = start; at < end; at++) {
      char sign = text.charAt(at);
      int kind =
          Character.isUpperCase(sign)
              ? 1
              : Character.isLowerCase(sign) ? 2 : Character.isDigit(sign) ? 3 : 4;
      upper += kind == 1 ? 1 : 0;
      lower += kind == 2 ? 1 : 0;
      digits += kind == 3 ? 1 : 0;
      changes += kind == before ? 0 : 1;
      before = kind;
    }
    int length = end - start;
    int signs = length - upper - lower - digits;
    return upper * 8 >= length
        && lower * 8 >= length
        && digits >= 3
        && signs * 10 <= length
        && changes * 3 >= length;
  }
}
