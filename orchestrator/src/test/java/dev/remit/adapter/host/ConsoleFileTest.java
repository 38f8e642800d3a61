package dev.remit.adapter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.launch.GuestConsole.Said;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConsoleFileTest {
  private static final Duration LATE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void tellsLinesAndWhatFollowsTheLast() throws Exception {
    var said = write("one\r\n\ntwo\nlogin: ").since(0);
    assertThat(said.lines()).extracting(HostText::raw).containsExactly("one", "", "two");
    assertThat(said.unfinished().raw()).isEqualTo("login: ");
    assertThat(said.skipped()).isFalse();
    assertThat(said.size()).isEqualTo(17);
  }

  @Test
  void goesOnWithTheUnfinishedLine() throws Exception {
    var console = write("one\ntw");
    var first = console.since(0);
    append("o\nthree\n");
    var second = console.since(first.next());
    assertThat(second.lines()).extracting(HostText::raw).containsExactly("two", "three");
    assertThat(console.since(second.next()).lines()).isEmpty();
  }

  @Test
  void startsAgainWhereTheFileDoes() throws Exception {
    var console = write("a long story\n");
    long next = console.since(0).next();
    write("new\n");
    assertThat(console.since(next).lines()).extracting(HostText::raw).containsExactly("new");
  }

  @Test
  void tellsWhenItGrew() throws Exception {
    var console = write("one\n");
    Files.setLastModifiedTime(file(), FileTime.from(Instant.EPOCH));
    assertThat(console.since(0).grewAt()).isEqualTo(Instant.EPOCH);
  }

  /** Sparse, as a host could make it without a disk of that size. */
  @Test
  void readsTheEndOfAHundredGibibytesWithoutALineEnd() throws Exception {
    try (var file = new RandomAccessFile(file().toFile(), "rw")) {
      file.setLength(100L << 30);
      file.seek(file.length());
      file.write("\nthe end".getBytes(StandardCharsets.US_ASCII));
    }
    Said said = new ConsoleFile(file(), LATE).since(0);
    assertThat(said.skipped()).isTrue();
    assertThat(said.lines()).hasSize(1);
    assertThat(said.lines().getFirst().raw()).hasSize(ConsoleFile.LONGEST_LINE);
    assertThat(said.unfinished().raw()).isEqualTo("the end");
  }

  @Test
  void tellsTheNewestOfALineWithoutEnd() throws Exception {
    var said = write("#".repeat(10_000) + "now").since(0);
    assertThat(said.unfinished().raw()).hasSize(ConsoleFile.LONGEST_LINE).endsWith("#now");
    assertThat(said.next()).isZero();
  }

  @Test
  void refusesWhatIsNoRegularFile() throws Exception {
    assertUnreadable(Path.of("/dev/zero"), "it is not a regular file");
    assertUnreadable(folder, "it is not a regular file");
    write("secret");
    var link = Files.createSymbolicLink(folder.resolve("link"), file());
    assertUnreadable(link, "it is not a regular file");
    assertUnreadable(folder.resolve("none"), "there is no such file or folder");
  }

  @Test
  void doesNotOpenAPipeThatNobodyWrites() throws Exception {
    var pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertUnreadable(pipe, "it is not a regular file");
  }

  private static void assertUnreadable(Path path, String why) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> new ConsoleFile(path, LATE).since(0))
        .satisfies(failure -> {
          assertThat(failure.diagnostic().code()).isEqualTo(Code.CONSOLE_UNREADABLE);
          assertThat(failure.diagnostic().why()).isEqualTo(why);
        });
  }

  private ConsoleFile write(String text) throws IOException {
    Files.writeString(file(), text);
    return new ConsoleFile(file(), LATE);
  }

  private void append(String text) throws IOException {
    Files.writeString(file(), text, StandardOpenOption.APPEND);
  }

  private Path file() {
    return folder.resolve("web-1.log");
  }
}
