package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Location;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UserDataTest {
  static final List<TextCase> CASES = UserDataCases.ALL;

  private record Seen(List<Finding> findings, List<MalformedException> unreadable) {
    Set<String> ids() {
      return findings.stream().map(Finding::id).collect(Collectors.toSet());
    }
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void findsEachSignAndNothingInItsTwin(TextCase each) {
    var tripped = seen(each.tripping());
    var passed = seen(each.passing());
    assertThat(tripped.unreadable()).isEmpty();
    assertThat(passed.unreadable()).isEmpty();
    assertThat(passed.ids()).doesNotContain(each.id());
    var more = tripped.ids();
    more.removeAll(passed.ids());
    assertThat(more).containsExactly(each.id());
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void findsTheSameInsideOfGzip(TextCase each) throws IOException {
    var packed = seen(gzip(each.tripping()));
    assertThat(packed.ids()).isEqualTo(seen(each.tripping()).ids());
  }

  @Test
  void pointsToLineAndColumn() {
    var found = seen("#cloud-config\nhostname: a\n\nssh_pwauth: true\n").findings();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().at())
        .isInstanceOfSatisfying(
            Location.InText.class,
            at ->
                assertThat(List.of(at.line(), at.column(), at.length())).containsExactly(4, 13, 4));
  }

  @Test
  void pointsIntoAPartOfAMessage() {
    var found =
        seen(UserDataCases.mime("text/x-shellscript", "#!/bin/sh\nkubeadm join a\n")).findings();
    assertThat(found.getFirst().at())
        .isInstanceOfSatisfying(
            Location.InText.class,
            at -> assertThat(List.of(at.line(), at.column())).containsExactly(10, 1));
  }

  @Test
  void countsColumnsInCharactersAndTakesEveryLineEnd() {
    var found = seen("#cloud-config\r\n{\"\ud83d\ude00\": 1, ssh_pwauth: true}\r\n").findings();
    assertThat(found.getFirst().at())
        .isInstanceOfSatisfying(
            Location.InText.class,
            at -> assertThat(List.of(at.line(), at.column())).containsExactly(2, 22));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#cloud-config\npassword: hunter2-hunter2\n",
        "#cloud-config\nchpasswd: {list: ['a:hunter2-hunter2']}\n",
        "#cloud-config\n{ghp_hunter2hunter2hunter2hunter2: {a: [http://a]}}\n",
        "#!/bin/sh\ncurl https://a:hunter2-hunter2@example.org\n",
        "#cloud-config\nssh_keys: {rsa_private: hunter2-hunter2}\n"
      })
  void neverShowsASecret(String text) {
    var found = seen(text).findings();
    assertThat(found).isNotEmpty();
    assertThat(found.toString()).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#cloud-config\nssh_pwauth: true\na: [b\n",
        "#cloud-config\na: *nowhere\n",
        "#cloud-config\na: &a [*a]\n",
        "#cloud-config-archive\n- {type: text/cloud-config, content: 'a: ['}\n",
        "#cloud-config\nwrite_files: [{path: /a, encoding: b64, content: '%'}]\n",
        "#cloud-config\nwrite_files: [{path: /a, encoding: gz+b64, content: H4sIAAAA}]\n",
        "Content-Type: multipart/mixed\n\n--a\n\n#cloud-config\n--a--\n",
        "Content-Type: multipart/mixed; boundary=a\n\nnothing\n",
        "MIME-Version: 1.0\nContent-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n`\nend\n",
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; x=\"; boundary=a; \"; boundary=b\n\n--a\n\n--a--\n",
        "MIME-Version: 1.0\nContent-Type: message/delivery-status\n\na\n",
        "#cloud-config-jsonp\n{op: add, path: /a, value: b}\n",
        "#cloud-config-jsonp\n[{op: remove, path: /a}]\n",
        "#cloud-config-jsonp\n[{op: add, path: /a}]\n",
        "#cloud-config-jsonp\n[{op: add, path: /users/0/passwd, value: a}]\n",
        "#cloud-config-jsonp\n[{op: add, path: '', value: a}]\n",
        "#cloud-config-jsonp\n[{op: [add], path: /a, value: b}]\n"
      })
  void saysWhatItCannotRead(String text) {
    assertThat(seen(text).unreadable()).isNotEmpty();
  }

  @Test
  void checksTheOtherPartsBesideABrokenOne() {
    var seen =
        seen(
            UserDataCases.mime("text/cloud-config", "a: [")
                .replace(
                    "--==edge==--",
                    "--==edge==\nContent-Type: text/x-shellscript\n\n#!/bin/sh\nkubeadm join a\n--==edge==--"));
    assertThat(seen.ids()).containsExactly("NET-09");
    assertThat(seen.unreadable()).hasSize(1);
  }

  @Test
  void isBoundedByAliasesDepthAndSize() throws IOException {
    var bomb = new StringBuilder("#cloud-config\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(10)));
    }
    assertThat(seen(bomb.toString()).unreadable()).hasSize(1);
    assertThat(seen("#cloud-config\n" + "[".repeat(100_000)).unreadable()).hasSize(1);
    assertThat(seen("#cloud-config\n" + "- ".repeat(10_000) + "a\n").unreadable()).hasSize(1);
    assertThat(seen(gzip("#cloud-config\n" + " ".repeat(Unpacked.LARGEST))).unreadable())
        .hasSize(1);
    Bytes packed = gzip("#cloud-config\n");
    for (int i = 0; i < 10; i++) {
      packed = gzip(packed.toArray());
    }
    assertThat(seen(packed).unreadable()).hasSize(1);
    var nested = UserDataCases.mime("text/plain", "a");
    for (int i = 0; i < 8; i++) {
      nested = UserDataCases.mime("text/plain", nested).replace("edge", "edge" + i);
    }
    assertThat(seen(nested).unreadable()).isNotEmpty();
  }

  /** Patterns over hostile text take time that grows with its length, not faster. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl ",
        "sh -c ",
        "-----BEGIN A ",
        "eyJaaaaaaaa.",
        "a://b:",
        "docker pull ",
        "{{",
        "{%",
        "mount -t ",
        "PrivateKey = ",
        "AGE-SECRET-KEY-1",
        "$6$",
        "--a\n",
        "git "
      })
  void staysFast(String part) {
    long start = System.nanoTime();
    seen("#!/bin/sh\n" + part.repeat(500_000 / part.length()));
    assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"curl ", "docker pull ", "tailscale up ", "curl\\\n", "gpg "})
  void staysFastOverTheLargestText(String part) {
    String text = "#!/bin/sh\n" + part.repeat(3_500_000 / part.length());
    assertTimeout(Duration.ofSeconds(20), () -> seen(text));
  }

  private static Seen seen(String text) {
    return seen(bytes(text));
  }

  private static Seen seen(Bytes content) {
    var findings = new Findings();
    var unreadable = new ArrayList<MalformedException>();
    var text = new String(content.toArray(), StandardCharsets.UTF_8);
    UserData.check(content, new TextInFile("it", text), "", findings, unreadable::add);
    return new Seen(findings.all(), unreadable);
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes gzip(String text) throws IOException {
    return gzip(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes gzip(byte[] octets) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var stream = new GZIPOutputStream(packed)) {
      stream.write(octets);
    }
    return Bytes.copyOf(packed.toByteArray());
  }
}
