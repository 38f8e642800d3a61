package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.RemitExtension;
import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a user gets for each mistake: code, place, what, why, fix and the right status. */
@Simulated
@ExtendWith(RemitExtension.class)
final class BadInputTest {
  private final SimulatedHost host;

  BadInputTest(SimulatedHost host) {
    this.host = host;
  }

  @AfterEach
  void nothingWasStarted() {
    assertThat(host.events()).noneMatch(event -> event.contains("launch-start"));
    assertThat(host.qemuProcesses()).isEmpty();
  }

  @Test
  void tellsEveryMistakeOfASpecAtOnceWithItsPlace() {
    var run =
        Example.of(host, "hello-sev")
            .replace("vcpus: 1 ", "vcpus: \"1\" ")
            .replace("memory: 512Mi", "memory: 512")
            .replace("keySharing: false", "keysharing: false")
            .launch();
    assertBad(run, 3, "SPEC-007");
    assertThat(run.stderr())
        .contains("SPEC-005")
        .contains("hello-sev.yaml:12:")
        .contains("hello-sev.yaml:13:")
        .containsPattern("vcpus must be a whole number");
  }

  @Test
  void namesAFileThatIsNotThere() {
    assertBad(
        Example.of(host, "hello-sev").replace("/vmlinuz", "/vmlinux").launch(), 3, "FILE-001");
  }

  @Test
  void comparesAFileWithItsDigest() {
    var run =
        Example.of(host, "hello-sev")
            .replace(
                "kernel: {file: " + guest("vmlinuz") + "}",
                "kernel: {file: "
                    + guest("vmlinuz")
                    + ", digest: \"sha256:"
                    + "0".repeat(64)
                    + "\"}")
            .launch();
    assertBad(run, 3, "FILE-002");
  }

  @Test
  void namesTheFlavourOfAFirmwareThatCannotCheckAKernel() throws IOException {
    Path firmware =
        host.programs()
            .checkout()
            .resolve("orchestrator/src/test/resources/firmware/ovmf_OvmfX64_suffix.bin");
    var run =
        Example.of(host, "hello-sev")
            .replace(guest("OVMF.amdsev.fd"), firmware.toString())
            .launch();
    assertBad(run, 3, "FW-002");
    assertThat(run.stderr()).contains("OvmfX64");
  }

  @Test
  void refusesADiskThatIsNotLuks() {
    assertBad(
        Example.of(host, "hello-sev")
            .changed("disk.header", bytes -> new byte[bytes.length])
            .launch(),
        3,
        "IMG-001");
  }

  @Test
  void refusesAKeyFileThatOthersCanRead() throws IOException {
    var example = Example.of(host, "hello-sev").changed("disk.key", key -> key);
    Files.setPosixFilePermissions(
        host.folder().resolve("disk.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertBad(example.launch(), 3, "FILE-003");
  }

  @Test
  void refusesASecretThatIsLargerThanItsArea() throws IOException {
    var example = Example.of(host, "hello-sev").changed("disk.key", key -> new byte[4000]);
    Files.setPosixFilePermissions(
        host.folder().resolve("disk.key"), PosixFilePermissions.fromString("rw-------"));
    assertBad(example.launch(), 3, "SEC-001");
  }

  @Test
  void doesNotRunProductionOnASimulatedHost() {
    var run =
        Example.of(host, "hello-sev-es")
            .replace("profile: lab", "profile: production")
            .replace(", simulated]", "]")
            .replace("console: serial", "console: none")
            .withoutAcknowledgmentOf("host-reads-console")
            .launch();
    assertBad(run, 3, "SPEC-016");
  }

  @Test
  void asksForTheRootOfASimulator() throws IOException {
    assertBad(launchAt(hostDocument("insecureRoot")), 3, "SPEC-015");
  }

  @Test
  void saysThatAHostHasNoSev() throws IOException {
    assertBad(launchAt(hostDocument("insecureRoot", "emulator")), 4, "HOST-001");
  }

  @Test
  void saysThatNoLibvirtAnswers() throws IOException {
    Path document = host.folder().resolve("tcp.yaml");
    Files.writeString(
        document,
        Files.readString(host.document())
            .replaceAll("uri: .*", "uri: \"qemu:///session\"")
            .replaceAll("(?m)^.*(emulator|insecureRoot).*\n", ""));
    // A client of the session's libvirt would start the daemon; there is none to be started.
    assertBad(launchAt(document), 5, "VIRT-002");
  }

  @Test
  void saysThatAnEmbeddedRootIsTooDeep() throws IOException {
    Path deep = Files.createDirectories(host.folder().resolve("deep/".repeat(20)));
    Path document = host.folder().resolve("deep.yaml");
    Files.writeString(
        document, Files.readString(host.document()).replace("root=root", "root=" + deep));
    assertBad(launchAt(document), 4, "VIRT-004");
  }

  @Test
  void refusesAConnectionThatSkipsVerification() {
    assertBad(host.remit("list", "--connect", "qemu+tls://host/system?no_verify=1"), 3, "VIRT-005");
  }

  @Test
  void endsWithStatusTwoOnWrongUsage() {
    assertBad(host.remit("launch"), 2, "USAGE-001");
    assertBad(host.remit("launch", "a.yaml", "--no-such-option"), 2, "USAGE-001");
  }

  private String guest(String file) {
    return host.programs().guest().resolve(file).toString();
  }

  private Run launchAt(Path document) {
    return host.remit(
        "launch", Example.of(host, "hello-sev").write().toString(), "--host", document.toString());
  }

  /** The host's document without the named fields. */
  private Path hostDocument(String... without) throws IOException {
    var lines = new ArrayList<>(Files.readAllLines(host.document()));
    lines.removeIf(line -> Arrays.stream(without).anyMatch(line::contains));
    Path document =
        host.folder().resolve("without-" + String.join("-", List.of(without)) + ".yaml");
    Files.write(document, lines);
    return document;
  }

  private static void assertBad(Run run, int status, String code) {
    assertThat(run.status()).as(run.toString()).isEqualTo(status);
    assertThat(run.stderr())
        .contains("error[" + code + "]")
        .contains("  why: ")
        .contains("  fix: ");
    assertThat(run.stdout()).isEmpty();
  }
}
