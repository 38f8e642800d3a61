package dev.remit.exposure;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets that stand in a text as they are. What is found is named, never quoted. */
final class LiteralSecrets {
  private record Sign(String what, Pattern pattern) {}

  /** Of one text: who finds so many has seen enough. */
  private static final int MOST = 50;

  /** No pattern looks further than a few lines, so that the time is that of the text's length. */
  private static final List<Sign> SIGNS =
      List.of(
          sign(
              "a PEM private key",
              "-----BEGIN (?:[A-Z0-9]{1,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
          sign("a PuTTY private key", "PuTTY-User-Key-File-[0-9]:"),
          sign("an age key", "AGE-SECRET-KEY-1[0-9A-Z]{20}"),
          sign("a token of GitHub", "\\b(?:gh[opusr]_[A-Za-z0-9]{20}|github_pat_[A-Za-z0-9_]{20})"),
          sign("a token of GitLab", "\\bgl(?:pat|rt|dt|ptt|cbt)-[A-Za-z0-9_-]{16}"),
          sign("an access key of AWS", "\\b(?:AKIA|ASIA)[A-Z2-7]{16}\\b"),
          sign(
              "a secret key of AWS",
              "(?i)aws_secret_access_key[\"' ]{0,3}[:=][\"' ]{0,3}[A-Za-z0-9/+]{40}"),
          sign("an API key of Google", "\\bAIza[A-Za-z0-9_-]{30}"),
          sign("a token of Slack", "\\bxox[abeoprs]-[A-Za-z0-9-]{10}"),
          sign("a key of Stripe", "\\b[rs]k_(?:live|test)_[A-Za-z0-9]{16}"),
          sign("a token of Vault", "\\bhv[bs]\\.[A-Za-z0-9_-]{20}"),
          sign("a token of npm", "\\bnpm_[A-Za-z0-9]{30}"),
          sign("a token of PyPI", "\\bpypi-[A-Za-z0-9_-]{30}"),
          sign("a token of Docker Hub", "\\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20}"),
          sign("a token of Hugging Face", "\\bhf_[A-Za-z0-9]{30}"),
          sign("a key of OpenAI or Anthropic", "\\bsk-(?:proj-|ant-)[A-Za-z0-9_-]{20}"),
          sign("a token of DigitalOcean", "\\bdo[opr]_v1_[a-f0-9]{64}"),
          sign("a Tailscale key", "\\btskey-[a-z]{2,10}-[A-Za-z0-9]{8}"),
          sign(
              "a WireGuard key",
              "\\b(?:PrivateKey|PresharedKey)\\s{0,3}=\\s{0,3}[A-Za-z0-9+/]{43}="),
          sign(
              "a JSON web token",
              "\\beyJ[A-Za-z0-9_-]{8,800}\\.eyJ[A-Za-z0-9_-]{8,4000}\\.[A-Za-z0-9_-]{8}"),
          sign(
              "a password in a URL",
              "\\b[a-z][a-z0-9+.-]{1,15}://[^/\\s:@\"'<>$]{1,64}:[^/\\s:@\"'<>${}]{1,128}@[A-Za-z0-9\\[]"));

  private LiteralSecrets() {}

  private static Sign sign(String what, String pattern) {
    return new Sign(what, Pattern.compile(pattern));
  }

  /** What the first secret in a text is, with an article. */
  static Optional<String> in(String text) {
    return SIGNS.stream()
        .filter(sign -> sign.pattern().matcher(text).find())
        .map(Sign::what)
        .findFirst();
  }

  /**
   * Finds ORCH-01.
   *
   * @param where it stands in its document, a prefix for what is found, which may be empty
   */
  static void check(String text, TextPlace place, String where, Findings findings) {
    for (Sign sign : SIGNS) {
      Matcher matcher = sign.pattern().matcher(text);
      for (int count = 0; count < MOST && matcher.find(); count++) {
        findings.add("ORCH-01", place.part(matcher.start(), matcher.end()), where + sign.what());
      }
    }
  }
}
