package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.plan.SourceDocument;
import dev.remit.platform.Protection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before any host is asked. */
final class RelaunchCommandTest {
  private static final String HERE = "qemu:///system";

  @TempDir private Path folder;

  @Test
  void saysThatTheDocumentIsGone() throws Failure {
    launched(1, HERE);
    assertRefused("FILE-001", relaunch());
  }

  @Test
  void refusesADocumentThatIsOfAnotherVmNow() throws Exception {
    launched(1, HERE);
    spec("other");
    var run = relaunch("--changed");
    assertRefused("FILE-004", run);
    assertThat(run.err()).contains("is not of web-1 any more", "it describes other");
  }

  @Test
  void refusesAHostDocumentThatNamesAnotherHostNow() throws Exception {
    spec("web-1");
    Files.writeString(
        folder.resolve("host.yaml"),
        """
        apiVersion: remit.dev/v1alpha1
        kind: Host
        metadata: {name: lab}
        spec: {uri: "qemu:///session"}
        """);
    launched(1, HERE, Optional.of(source("host.yaml")));
    assertRefused("FILE-004", relaunch("--changed"));
  }

  @Test
  void asksForTheHostWhereTheNameIsKnownAtTwo() throws Exception {
    launched(1, HERE);
    launched(2, "qemu:///session");
    spec("other");
    assertRefused("VIRT-010", relaunch());
    // With a host it comes as far as the document.
    assertRefused("FILE-004", relaunch("--connect", HERE));
  }

  @Test
  void saysThatALaunchOfTheNameIsUnderWay() throws Exception {
    launched(1, HERE);
    spec("web-1");
    try (var held = remit().journals().reserve("web-1", HERE).orElseThrow()) {
      assertThat(held.name()).isEqualTo("web-1");
      var run = relaunch();
      assertThat(run.status()).isEqualTo(5);
      assertThat(run.err()).startsWith("remit: error[VIRT-013]: ");
    }
  }

  private void spec(String name) throws IOException {
    Files.writeString(
        folder.resolve("web.yaml"),
        Files.readString(Path.of("..", "examples", "hello-sev.yaml"))
            .replace("name: hello-sev ", "name: " + name + " "));
  }

  private void launched(int number, String uri) throws Failure {
    launched(number, uri, Optional.empty());
  }

  private void launched(int number, String uri, Optional<SourceDocument> host) throws Failure {
    var intent =
        new Journals.Intent(
            new LaunchId(new UUID(0, number)),
            "web-1",
            uri,
            Protection.SEV,
            false,
            Instant.EPOCH,
            Optional.of(
                new Journals.Origin(Bytes.zeros(32), source("web.yaml"), host, Optional.empty())));
    try (var journal = remit().journals().begin(intent)) {
      journal.append(LaunchEvent.RELEASED);
    }
  }

  private SourceDocument source(String name) {
    return new SourceDocument(folder.resolve(name), Bytes.zeros(32));
  }

  private Remit remit() {
    return new Remit(folder, InstantSource.system());
  }

  private CommandLineRun relaunch(String... more) {
    var arguments = new ArrayList<>(List.of("--state", folder.toString(), "relaunch", "web-1"));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  private static void assertRefused(String code, CommandLineRun run) {
    assertThat(run.status()).as(run.toString()).isEqualTo(3);
    assertThat(run.err()).startsWith("remit: error[" + code + "]: ");
    assertThat(run.out()).isEmpty();
  }
}
