package dev.remit.exposure;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/** Secrets that stand in a text as they are. What is found is named, never quoted. */
final class LiteralSecrets {
  /** Of one text: who finds so many has seen enough. */
  private static final int MOST = 50;

  private static final SecretSearch SHAPES =
      new SecretSearch(
          SecretShape.keysAnd(
              SecretShape.of(
                  "a JSON web token",
                  List.of("eyJ"),
                  "\\beyJ[A-Za-z0-9_-]{8,800}\\.eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{8}"),
              SecretShape.of(
                  "a password in a URL",
                  List.of("://"),
                  "\\b[a-z][a-z0-9+.-]{1,15}://[^/\\s:@\"'<>$]{1,64}:[^/\\s:@\"'<>${}]{1,128}@[A-Za-z0-9\\[]")));

  private LiteralSecrets() {}

  /** What the first secret in a text is, with an article. */
  static Optional<String> in(String text) {
    return SHAPES
        .possible(text)
        .filter(shape -> shape.pattern().matcher(text).find())
        .map(SecretShape::what)
        .findFirst();
  }

  /**
   * Finds ORCH-01.
   *
   * @param where it stands in its document, a prefix for what is found, which may be empty
   */
  static void check(String text, TextPlace place, String where, Findings findings) {
    for (var shape : SHAPES.possible(text).toList()) {
      Matcher matcher = shape.pattern().matcher(text);
      for (int count = 0; count < MOST && matcher.find(); count++) {
        findings.add("ORCH-01", place.part(matcher.start(), matcher.end()), where + shape.what());
      }
    }
  }
}
