package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.Location;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretTextTest {
  /** Made up; the last character is none of the others, and shows where a match ends. */
  static Stream<String> keys() {
    return Stream.of(
        "AGE-SECRET-KEY-1" + "A".repeat(57) + "Z",
        "gho_" + "a".repeat(35) + "Z",
        "ghp_" + "a".repeat(35) + "Z",
        "ghr_" + "a".repeat(35) + "Z",
        "ghs_" + "a".repeat(35) + "Z",
        "ghu_" + "a".repeat(35) + "Z",
        "github_pat_" + "a".repeat(22) + "_" + "b".repeat(58) + "Z",
        "glpat-" + "a".repeat(19) + "Z",
        "glrt-" + "a".repeat(19) + "Z",
        "gldt-" + "a".repeat(19) + "Z",
        "glptt-" + "a".repeat(19) + "Z",
        "glcbt-" + "a".repeat(19) + "Z",
        "AKIA" + "A".repeat(15) + "Z",
        "ASIA" + "A".repeat(15) + "Z",
        "aws_secret_access_key = " + "a".repeat(39) + "Z",
        "AWS_SECRET_ACCESS_KEY=" + "a".repeat(39) + "Z",
        "AIza" + "a".repeat(34) + "Z",
        "xoxb-" + "1".repeat(12) + "-" + "a".repeat(23) + "Z",
        "sk_live_" + "a".repeat(23) + "Z",
        "rk_test_" + "a".repeat(23) + "Z",
        "hvb." + "a".repeat(30) + "Z",
        "hvs." + "a".repeat(30) + "_" + "b".repeat(60) + "Z",
        "npm_" + "a".repeat(35) + "Z",
        "pypi-" + "a".repeat(99) + "Z",
        "dckr_pat_" + "a".repeat(26) + "Z",
        "dckr_oat_" + "a".repeat(26) + "Z",
        "hf_" + "a".repeat(33) + "Z",
        "sk-proj-" + "a".repeat(80) + "Z",
        "sk-ant-" + "a".repeat(80) + "Z",
        "doo_v1_" + "a".repeat(63) + "9",
        "dop_v1_" + "a".repeat(63) + "9",
        "dor_v1_" + "a".repeat(63) + "9",
        "tskey-auth-" + "a".repeat(12) + "-" + "b".repeat(30) + "Z",
        "PrivateKey = " + "a".repeat(42) + "Z=",
        "PresharedKey = " + "a".repeat(42) + "Z=",
        "eyJ" + "a".repeat(20) + ".eyJ" + "a".repeat(40) + "." + "a".repeat(40) + "Z",
        "https://user:" + "a".repeat(11) + "Z@example.org/");
  }

  @ParameterizedTest
  @MethodSource("keys")
  void hidesWhatItFinds(String key) {
    assertThat(LiteralSecrets.in("run login " + key + " now")).isPresent();
    assertThat(shown("run login " + key + " now")).startsWith("run login ").doesNotContain("aaa");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN EC PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "PuTTY-User-Key-File-3: ssh-ed25519",
      })
  void findsFilesOfKeys(String begin) {
    assertThat(LiteralSecrets.in("a\n" + begin + "\nb")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "5", "6", "7", "y", "gy", "2a", "2b", "2x", "2y", "argon2i", "argon2id"})
  void findsEveryKindOfPasswordHash(String kind) {
    assertThat(SecretText.find("root:$" + kind + "$saltsalt$hash:1"))
        .anySatisfy(span -> assertThat(span.kind()).isEqualTo("a password hash"));
  }

  @Test
  void hasASampleForEveryMark() {
    var samples =
        Stream.concat(keys(), Stream.of("-----BEGIN ", "PuTTY-User-Key-File-"))
            .map(sample -> sample.toLowerCase(Locale.ROOT))
            .toList();
    assertThat(SecretShape.keysAnd())
        .flatExtracting(SecretShape::marks)
        .allSatisfy(mark ->
            assertThat(samples).anyMatch(each -> each.contains(mark.toLowerCase(Locale.ROOT))));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void findsKeysToTheirEnd(String key) {
    int end = key.endsWith("/") ? key.indexOf('@') : key.length();

    assertThat(SecretText.find("run login " + key + " now"))
        .anySatisfy(span -> assertThat(span.end()).isEqualTo("run login ".length() + end));
  }

  @ParameterizedTest
  @MethodSource("keys")
  void readsARepeatedKeyInTimeOfItsLength(String key) {
    String text = key.repeat(2_000_000 / key.length());

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(SecretText.find(text)).isNotNull());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl https://example.org/a.tar.gz",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGk user@host",
        "-----BEGIN PUBLIC KEY-----",
        "risk-based scoring of a desk_live_demo",
      })
  void leavesOtherTextAlone(String text) {
    assertThat(SecretText.find(text)).isEmpty();
    assertThat(shown(text)).isEqualTo(text);
  }

  private static String shown(String text) {
    var place = (Location.InText) new MarkedText("file", text).part(0, 1);
    return place.text().toString();
  }
}
