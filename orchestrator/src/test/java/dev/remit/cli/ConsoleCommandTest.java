package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.app.Remit;
import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.plan.SourceDocument;
import dev.remit.platform.Protection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConsoleCommandTest {
  private static final String URI = "qemu:///system";

  @TempDir private Path folder;

  @Test
  void showsTheLastLinesEscapedAndForHowLongThereWasNothing() throws Exception {
    launched(Optional.of(said("one\ntwo \u001b[2J\nthree")));
    var run = console("--lines", "2");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .containsPattern("host's word: it said 18 bytes, nothing for [0-9]{6,} s")
        .contains("  | two \\x1b[2J\n  | three")
        .doesNotContain("one", "\u001b");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void findsTheHostInTheJournal() throws Exception {
    launched(Optional.of(said("one\n")));
    var run = CommandLineRun.of("--state", folder.toString(), "console", "web-1");
    assertThat(run.status()).isZero();
    assertThat(run.out()).endsWith("  | one\n");
  }

  @Test
  void answersInJson() throws Exception {
    launched(Optional.of(said("one\n")));
    var json = console("-o", "json").json();
    assertThat(json.path("schema").stringValue()).isEqualTo("remit.console/1");
    assertThat(json.path("linesClaimedByHost").path(0).stringValue()).isEqualTo("one");
    assertThat(console("-o", "json", "--follow").status()).isEqualTo(2);
  }

  @Test
  void followsUntilTheJournalTellsOfTheEnd() throws Exception {
    launched(Optional.of(said("one\n")), LaunchEvent.RELEASED, LaunchEvent.ENDED);
    var run = console("--follow");
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .startsWith("  | one\n")
        .contains("web-1 has ended: host's claim: crashed");
  }

  @Test
  void saysThatThereIsNoConsole() throws Failure {
    launched(Optional.empty());
    var run = console();
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err())
        .startsWith("remit: error[VIRT-016]: web-1 has no console")
        .contains("its document says \"console: none\"");
  }

  @Test
  void saysThatTheFileIsNotThere() throws Failure {
    launched(Optional.of(folder.resolve("none").toString()));
    var run = console();
    assertThat(run.status()).isEqualTo(5);
    assertThat(run.err()).startsWith("remit: error[VIRT-017]: ");
  }

  @Test
  void knowsNoConsoleOfAnEarlierJournal() throws Failure {
    remit()
        .journals()
        .begin(
            new Journals.Intent(
                new LaunchId(new UUID(0, 1)), "web-1", URI, Protection.SEV, true, Instant.EPOCH))
        .close();
    var console = console();
    assertThat(console.status()).isEqualTo(3);
    assertThat(console.err())
        .startsWith("remit: error[VIRT-018]: the journal of web-1 does not name its console");
    var relaunch = CommandLineRun.of("--state", folder.toString(), "relaunch", "web-1");
    assertThat(relaunch.status()).isEqualTo(3);
    assertThat(relaunch.err())
        .startsWith("remit: error[VIRT-018]: the journal of web-1 does not name the documents")
        .contains("an earlier release wrote it");
  }

  @Test
  void knowsNoNameThatWasNotLaunched() {
    assertThat(console().status()).isEqualTo(3);
    assertThat(console().err()).startsWith("remit: error[VIRT-010]: ");
  }

  private String said(String text) throws IOException {
    var file = folder.resolve("web-1.log");
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
    return file.toString();
  }

  private void launched(Optional<String> console, LaunchEvent... events) throws Failure {
    var origin =
        new Journals.Origin(
            Bytes.zeros(32),
            new SourceDocument(folder.resolve("web.yaml"), Bytes.zeros(32)),
            Optional.empty(),
            console);
    var intent =
        new Journals.Intent(
            new LaunchId(new UUID(0, 1)),
            "web-1",
            URI,
            Protection.SEV,
            true,
            Instant.EPOCH,
            Optional.of(origin));
    try (var journal = remit().journals().begin(intent)) {
      for (var event : events) {
        if (event == LaunchEvent.ENDED) {
          journal.appendEnd(Ending.CRASHED);
        } else {
          journal.append(event);
        }
      }
    }
  }

  private Remit remit() {
    return new Remit(folder, InstantSource.system());
  }

  private CommandLineRun console(String... more) {
    var arguments =
        new ArrayList<>(
            List.of("--state", folder.toString(), "console", "web-1", "--connect", URI));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }
}
