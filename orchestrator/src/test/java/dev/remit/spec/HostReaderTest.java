package dev.remit.spec;

import static dev.remit.spec.Documents.FOLDER;
import static dev.remit.spec.Documents.HOST;
import static dev.remit.spec.Documents.good;
import static dev.remit.spec.Documents.host;
import static dev.remit.spec.Documents.problems;
import static dev.remit.spec.Documents.readHost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.remit.diagnostic.Code;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostReaderTest {
  @Test
  void readsEveryField() {
    assertThat(good(readHost(HOST)))
        .isEqualTo(
            new HostSpec(
                "rack-7",
                "qemu:///system",
                Optional.of(FOLDER.resolve("simulator/qemu")),
                Optional.of(FOLDER.resolve("simulated-ca.cert")),
                Optional.of(Path.of("/var/lib/remit/console"))));
  }

  @ParameterizedTest
  @CsvSource({
    "qemu:///system, qemu:///system",
    "qemu:///session, qemu:///session",
    "qemu:///embed?root=../host, qemu:///embed?root=/home/owner/host",
    "qemu:///embed?root=/run/remit/, qemu:///embed?root=/run/remit",
    "qemu:///embed?root=a+b%20c%26d, qemu:///embed?root=/home/owner/vms/a%2Bb%20c%26d",
    "qemu:///embed?root=höst, qemu:///embed?root=/home/owner/vms/h%C3%B6st",
    "qemu+ssh://rack-7/system, qemu+ssh://rack-7/system",
    "qemu+ssh://me@rack-7.example:2222/session, qemu+ssh://me@rack-7.example:2222/session",
    "qemu+ssh://[fe80::1]/system, qemu+ssh://[fe80::1]/system",
    "qemu+ssh://h/system?no_tty=1&keyfile=id, qemu+ssh://h/system?keyfile=/home/owner/vms/id&no_tty=1",
    "qemu+tls://rack-7/system?pkipath=/etc/pki, qemu+tls://rack-7/system?pkipath=/etc/pki",
  })
  void opensAConnectionOfAnAllowedTransport(String written, String opened) {
    assertThat(good(HostReader.connection(written, FOLDER))).isEqualTo(opened);
    assertThat(good(HostReader.connection(opened, Path.of("/elsewhere")))).isEqualTo(opened);
    String local = host("qemu:///system", '"' + written + '"').replace("simulator/qemu", "/qemu");
    assertThat(good(readHost(local)).uri()).isEqualTo(opened);
  }

  @Test
  void namesTheParameterThatItRefuses() {
    var problem =
        problems(HostReader.connection("qemu+ssh://h/system?keyfile=a&no_verify=1", FOLDER))
            .getFirst();
    assertThat(problem.code()).isEqualTo(Code.URI_NOT_ALLOWED);
    assertThat(problem.why()).endsWith("only these are let through here: keyfile, no_tty");
    assertThat(problem.fix()).isEqualTo("remove \"no_verify\"");
  }

  @Test
  void cannotBeMadeWithAConnectionThatIsNotOpened() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reachedBy("qemu+tls://h/system?no_verify=1"))
        .withMessageNotContaining("no_verify");
    assertThatIllegalArgumentException().isThrownBy(() -> reachedBy("qemu:///embed?root=relative"));
    assertThat(reachedBy("qemu:///system").name()).isEqualTo("a");
  }

  private static HostSpec reachedBy(String uri) {
    return new HostSpec("a", uri, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  void neverRepeatsAPassword() {
    String bad = host("qemu:///system", "qemu+ssh://root:hunter2@rack-7/system");
    assertThat(problems(readHost(bad)).toString())
        .contains("a password does not belong in a URI")
        .doesNotContain("hunter2");
  }
}
