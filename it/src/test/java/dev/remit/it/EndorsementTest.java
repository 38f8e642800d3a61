package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host that hands out its CEK as real ones do: without a signature. */
@Simulated
final class EndorsementTest {
  private static final SimulatedHost HOST =
      SimulatedHost.create(Programs.find(), "--cek", "unsigned");

  private int eventsBefore;

  @AfterAll
  static void close() {
    HOST.close();
  }

  @BeforeEach
  void forget() throws IOException {
    Files.deleteIfExists(kept());
    eventsBefore = HOST.events().size();
  }

  @Test
  void isUndecidedWithoutTheSignedCekAndStartsNothing() {
    assertNothingStarted(Example.of(HOST, "hello-sev").launch(), 6, "E-002");
  }

  @Test
  void isUndecidedWhereTheKeyServerIsSilentAndWaitsNoLongerThanItsDeadline() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();
      assertNothingStarted(
          Example.of(HOST, "hello-sev").launch("--key-server", url), 6, url + " did not answer");
    }
  }

  @Test
  void isTrustedOnceTheSignedCekWasImported() {
    assertThat(importCek(HOST).status()).isZero();

    var launched = Example.of(HOST, "hello-sev").launch();

    assertThat(launched.status()).as(launched.toString()).isZero();
    assertThat(launched.stdout())
        .contains("TRUSTED", "7 signatures valid, the signed CEK from the imported file");
    assertThat(HOST.remitHere("destroy", "hello-sev").status()).isZero();
  }

  @Test
  void isTrustedAsANamedChipByTheWordOfTheImport() throws IOException {
    assertThat(importCek(HOST).status()).isZero();

    var named = ofChip(chip(HOST)).launch("--dry-run");
    var launched = ofChip(chip(HOST)).launch();

    assertThat(named.stdout()).contains("machine: chip " + chip(HOST));
    assertThat(launched.status()).as(launched.toString()).isZero();
    assertThat(launched.stdout()).contains(chip(HOST) + ", by the word of the imported file");
    assertThat(HOST.remitHere("destroy", "hello-sev").status()).isZero();
  }

  @Test
  void isRefusedAsAChipThatTheOwnerDidNotName() {
    assertThat(importCek(HOST).status()).isZero();
    assertNothingStarted(ofChip("00".repeat(64)).launch(), 7, "T-004");
  }

  @Test
  void isRefusedWhereAnotherPlatformsCekWasImportedForItsChip() throws IOException {
    Path other = HOST.folder().resolve("other");
    if (!Files.exists(other)) {
      var made =
          Programs.run(
              Duration.ofMinutes(1),
              HOST.programs().simulator(),
              List.of("init", other.toString(), "--root-of", HOST.simulatorFolder().toString()));
      assertThat(made.status()).as(made.toString()).isZero();
    }
    assertThat(importCek(other.resolve("simulated-cek.cert")).status()).isZero();

    assertNothingStarted(Example.of(HOST, "hello-sev").launch(), 7, "E-003");
  }

  private void assertNothingStarted(Run run, int status, String code) {
    assertThat(run.status()).as(run.toString()).isEqualTo(status);
    assertThat(run.stdout()).contains(code, "nothing was started; no secret left this machine");
    assertThat(HOST.events().stream().skip(eventsBefore))
        .noneMatch(event -> event.contains("launch-start"));
    assertThat(HOST.qemuProcesses()).isEmpty();
  }

  private static Example ofChip(String chip) {
    return Example.of(HOST, "hello-sev")
        .replace(
            "generations: [rome, milan, genoa, turin, simulated]", "chips: [\"" + chip + "\"]");
  }

  private static Run importCek(SimulatedHost host) {
    return importCek(host.simulatorFolder().resolve("simulated-cek.cert"));
  }

  private static Run importCek(Path cek) {
    return HOST.remit(
        "endorsements",
        "import",
        cek.toString(),
        "--chip",
        chip(HOST),
        "--insecure-root",
        HOST.simulatorFolder().resolve("simulated-ca.cert").toString());
  }

  private static String chip(SimulatedHost host) {
    try {
      return Files.readString(host.simulatorFolder().resolve("simulated-chip.id")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path kept() {
    return HOST.state().resolve("endorsements").resolve(chip(HOST) + ".json");
  }
}
