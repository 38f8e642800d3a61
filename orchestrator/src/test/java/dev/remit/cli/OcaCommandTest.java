package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OcaCommandTest {
  @TempDir private Path folder;

  @Test
  void writesCertificateAndKeyForTheOwnerAlone() throws IOException {
    var run = oca("cert", "key");
    assertThat(run.status()).as(run.toString()).isZero();
    assertThat(Files.size(folder.resolve("cert"))).isEqualTo(2084);
    assertThat(Files.size(folder.resolve("key"))).isEqualTo(167);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))))
        .isEqualTo("rw-------");
    assertThat(CommandLineRun.of("inspect", folder.resolve("cert").toString()).out())
        .contains("OCA  ECDSA with SHA-256 on P-384");
  }

  @Test
  void neverPrintsTheKey() throws IOException {
    var run = CommandLineRun.of("oca", "--cert", path("cert"), "--key", path("key"), "-o", "json");
    var key = Bytes.copyOf(Files.readAllBytes(folder.resolve("key")));
    assertThat(run.json().path("schema").asString("")).isEqualTo("remit.oca/1");
    assertThat(run.out()).doesNotContain(key.hex(), key.base64(), key.slice(8, 48).hex());
  }

  @Test
  void overwritesNoKey() throws IOException {
    Files.writeString(folder.resolve("key"), "mine");
    var run = oca("cert", "key");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("KEY-002");
    assertThat(folder.resolve("key")).hasContent("mine");
    assertThat(folder.resolve("cert")).doesNotExist();
  }

  @Test
  void leavesNoKeyWithoutItsCertificate() throws IOException {
    Files.writeString(folder.resolve("cert"), "mine");
    assertThat(oca("cert", "key").status()).isEqualTo(3);
    assertThat(folder.resolve("cert")).hasContent("mine");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  private CommandLineRun oca(String certificate, String key) {
    return CommandLineRun.of("oca", "--cert", path(certificate), "--key", path(key));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
