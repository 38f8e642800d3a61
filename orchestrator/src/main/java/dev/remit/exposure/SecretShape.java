package dev.remit.exposure;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a kind of secret looks like.
 *
 * @param what its name, with an article
 * @param pattern looks no further than a few lines, or possessively: the time is that of the text's
 *     length
 */
record SecretShape(String what, Pattern pattern) {
  /** Keys and tokens that show what they are by how they begin; a match ends where they end. */
  private static final List<SecretShape> KEYS =
      List.of(
          of("a PEM private key", "-----BEGIN (?:[A-Z0-9]{1,10} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
          of("a PuTTY private key", "PuTTY-User-Key-File-[0-9]:"),
          of("an age key", "AGE-SECRET-KEY-1[0-9A-Z]{20,}+"),
          of(
              "a token of GitHub",
              "\\b(?:gh[opusr]_[A-Za-z0-9]{20,}+|github_pat_[A-Za-z0-9_]{20,}+)"),
          of("a token of GitLab", "\\bgl(?:pat|rt|dt|ptt|cbt)-[A-Za-z0-9_-]{16,}+"),
          of("an access key of AWS", "\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b"),
          of(
              "a secret key of AWS",
              "(?i)aws_secret_access_key[\"' ]{0,3}[:=][\"' ]{0,3}[A-Za-z0-9/+]{40}"),
          of("an API key of Google", "\\bAIza[A-Za-z0-9_-]{30,}+"),
          of("a token of Slack", "\\bxox[abeoprs]-[A-Za-z0-9-]{8,}+"),
          of("a key of Stripe", "\\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}+"),
          of("a token of Vault", "\\bhv[bs]\\.[A-Za-z0-9_-]{16,}+"),
          of("a token of npm", "\\bnpm_[A-Za-z0-9]{30,}+"),
          of("a token of PyPI", "\\bpypi-[A-Za-z0-9_-]{30,}+"),
          of("a token of Docker Hub", "\\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}+"),
          of("a token of Hugging Face", "\\bhf_[A-Za-z0-9]{30,}+"),
          of("a key of OpenAI or Anthropic", "\\bsk-(?:proj-|ant-)[A-Za-z0-9_-]{20,}+"),
          of("a token of DigitalOcean", "\\bdo[opr]_v1_[a-f0-9]{64}"),
          of("a Tailscale key", "\\btskey-[a-z]{2,10}-[A-Za-z0-9-]{8,}+"),
          of(
              "a WireGuard key",
              "\\b(?:PrivateKey|PresharedKey)\\s{0,3}=\\s{0,3}[A-Za-z0-9+/]{43}="));

  /** Those, and others. */
  static List<SecretShape> keysAnd(SecretShape... others) {
    return Stream.concat(KEYS.stream(), Stream.of(others)).toList();
  }

  static SecretShape of(String what, String pattern) {
    return new SecretShape(what, Pattern.compile(pattern));
  }
}
