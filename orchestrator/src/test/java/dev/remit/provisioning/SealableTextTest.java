package dev.remit.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.SeekableBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealableTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "#cloud-config\nusers: []\n",
        "#cloud-config",
        "#cloud-config-archive\n",
        "#!/bin/sh\n",
        "#cloud-boothook\n",
        "#include\nhttps://example.org/a\n",
        "#part-handler\n",
        "## template: jinja\n#cloud-config\n",
        "Content-Type: multipart/mixed; boundary=a\n",
        "MIME-Version: 1.0\n",
        "\u001f\u008b\b"
      })
  void takesWhatCloudInitTakes(String text) throws IOException {
    assertThat(problems(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "#", "users: []\n", "#Cloud-config\n", "\n#cloud-config\n", " #cloud-config"})
  void refusesWhatCloudInitPassesOver(String text) throws IOException {
    assertThat(problems(text)).extracting(Diagnostic::code).containsExactly(Code.NOT_USER_DATA);
  }

  @Test
  void hasABound() throws IOException {
    String longest = "#cloud-config\n" + "#".repeat(SealableText.LARGEST - 14);
    assertThat(problems(longest)).isEmpty();
    assertThat(problems(longest + "#"))
        .extracting(Diagnostic::code)
        .containsExactly(Code.NOT_USER_DATA);
  }

  @Test
  void repeatsNothingOfWhatItReads() throws IOException {
    assertThat(problems("password: hunter2").toString()).doesNotContain("password", "hunter2");
  }

  private static List<Diagnostic> problems(String text) throws IOException {
    return SealableText.problems(
        "user-data.yaml",
        SeekableBytes.of(Bytes.copyOf(text.getBytes(StandardCharsets.ISO_8859_1))));
  }
}
