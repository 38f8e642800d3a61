package dev.remit.exposure;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a kind of secret looks like.
 *
 * @param what its name, with an article
 * @param marks of two or more ASCII signs, of which one is in every match: a search for all of them
 *     is far cheaper than one for a pattern
 * @param pattern looks no further than a few lines, or possessively: the time is that of the text's
 *     length
 */
record SecretShape(String what, List<String> marks, Pattern pattern) {
  SecretShape {
    marks = List.copyOf(marks);
    if (marks.isEmpty() || !marks.stream().allMatch(mark -> mark.matches("[ -~]{2,}"))) {
      throw new IllegalArgumentException("what has no marks is never looked for: " + what);
    }
  }

  /** Keys and tokens that show what they are by how they begin; a match ends where they end. */
  private static final List<SecretShape> KEYS =
      List.of(
          of(
              "a PEM private key",
              List.of("-----BEGIN "),
              "-----BEGIN (?:[A-Z0-9]{1,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
          of("a PuTTY private key", List.of("PuTTY-User-Key-File-"), "PuTTY-User-Key-File-[0-9]:"),
          of("an age key", List.of("AGE-SECRET-KEY-1"), "AGE-SECRET-KEY-1[0-9A-Z]{20,}+"),
          of(
              "a token of GitHub",
              List.of("gho_", "ghp_", "ghu_", "ghs_", "ghr_", "github_pat_"),
              "\\b(?:gh[opusr]_[A-Za-z0-9]{20,}+|github_pat_[A-Za-z0-9_]{20,}+)"),
          of(
              "a token of GitLab",
              List.of("glpat-", "glrt-", "gldt-", "glptt-", "glcbt-"),
              "\\bgl(?:pat|rt|dt|ptt|cbt)-[A-Za-z0-9_-]{16,}+"),
          of("an access key of AWS", List.of("AKIA", "ASIA"), "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"),
          of(
              "a secret key of AWS",
              List.of("aws_secret_access_key"),
              "(?i)aws_secret_access_key[\"' ]{0,3}[:=][\"' ]{0,3}[A-Za-z0-9/+]{40}"),
          of("an API key of Google", List.of("AIza"), "\\bAIza[A-Za-z0-9_-]{30,}+"),
          of("a token of Slack", List.of("xox"), "\\bxox[abeoprs]-[A-Za-z0-9-]{8,}+"),
          of(
              "a key of Stripe",
              List.of("k_live_", "k_test_"),
              "\\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}+"),
          of("a token of Vault", List.of("hvb.", "hvs."), "\\bhv[bs]\\.[A-Za-z0-9_-]{16,}+"),
          of("a token of npm", List.of("npm_"), "\\bnpm_[A-Za-z0-9]{30,}+"),
          of("a token of PyPI", List.of("pypi-"), "\\bpypi-[A-Za-z0-9_-]{30,}+"),
          of(
              "a token of Docker Hub",
              List.of("dckr_pat_", "dckr_oat_"),
              "\\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}+"),
          of("a token of Hugging Face", List.of("hf_"), "\\bhf_[A-Za-z0-9]{30,}+"),
          of(
              "a key of OpenAI or Anthropic",
              List.of("sk-proj-", "sk-ant-"),
              "\\bsk-(?:proj-|ant-)[A-Za-z0-9_-]{20,}+"),
          of(
              "a token of DigitalOcean",
              List.of("doo_v1_", "dop_v1_", "dor_v1_"),
              "\\bdo[opr]_v1_[a-f0-9]{64}"),
          of("a Tailscale key", List.of("tskey-"), "\\btskey-[a-z]{2,10}-[A-Za-z0-9-]{8,}+"),
          of(
              "a WireGuard key",
              List.of("PrivateKey", "PresharedKey"),
              "\\b(?:PrivateKey|PresharedKey)\\s{0,3}=\\s{0,3}[A-Za-z0-9+/]{43}="));

  /** Those, and others. */
  static List<SecretShape> keysAnd(SecretShape... others) {
    return Stream.concat(KEYS.stream(), Stream.of(others)).toList();
  }

  static SecretShape of(String what, List<String> marks, String pattern) {
    return new SecretShape(what, marks, Pattern.compile(pattern));
  }
}
