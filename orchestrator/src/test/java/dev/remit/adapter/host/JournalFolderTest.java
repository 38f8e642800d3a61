package dev.remit.adapter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.platform.Protection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalFolderTest {
  private static final Instant BEGUN = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant LATER = Instant.parse("2026-11-23T12:00:05.123456789Z");
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0x1234, 0x5678));
  private static final LaunchId SECOND = new LaunchId(new UUID(0x1234, 0x9999));

  private final Path folder;
  private final JournalFolder journals;

  JournalFolderTest(@TempDir Path temporary) {
    folder = temporary.resolve("state/launches");
    journals = new JournalFolder(folder, InstantSource.fixed(LATER));
  }

  @Test
  void hasNoEntriesBeforeTheFirstLaunch() throws Failure {
    assertThat(journals.entries()).isEmpty();
    assertThat(folder).doesNotExist();
  }

  @Test
  void writesTheIntentFirst() throws Exception {
    try (var journal = journals.begin(intent(LAUNCH))) {
      assertThat(journal).isNotNull();
      assertThat(file())
          .hasContent(
              """
              {"schema":"remit.journal/1","launch":"00000000-0000-1234-0000-000000005678",\
              "name":"web-1","uri":"qemu:///embed?root=/r","protection":"sev-es",\
              "simulated":true,"event":"intended","at":"2026-11-23T12:00:00Z"}
              """);
    }
  }

  @Test
  void tellsWhatItWasTold() throws Failure {
    try (var journal = journals.begin(intent(LAUNCH))) {
      journal.append(LaunchEvent.STARTED);
      journal.append(LaunchEvent.MEASURED);
      assertThat(journals.entries())
          .containsExactly(new Journals.Entry(intent(LAUNCH), LaunchEvent.MEASURED, LATER, true));
    }
    assertThat(journals.entries())
        .containsExactly(new Journals.Entry(intent(LAUNCH), LaunchEvent.MEASURED, LATER, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"", "\\", "\n", "\u001b[2J", "{}", "ä€😀"})
  void tellsNamesThatLookLikeSomethingElse(String text) throws Failure {
    var odd = new Journals.Intent(LAUNCH, text, text, Protection.SEV, false, BEGUN);
    journals.begin(odd).close();
    assertThat(journals.entries()).extracting(Journals.Entry::intent).containsExactly(odd);
  }

  @Test
  void listsTheOldestFirst() throws Failure {
    var older =
        new Journals.Intent(SECOND, "web-1", "u", Protection.SEV, false, BEGUN.minusSeconds(1));
    journals.begin(intent(LAUNCH)).close();
    journals.begin(older).close();
    assertThat(journals.entries())
        .extracting(entry -> entry.intent().launchId())
        .containsExactly(SECOND, LAUNCH);
  }

  @Test
  void letsOnlyItsOwnerRead() throws Exception {
    try (var journal = journals.begin(intent(LAUNCH))) {
      assertThat(journal).isNotNull();
      assertThat(mode(folder)).isEqualTo("rwx------");
      assertThat(mode(folder.resolve(".."))).isEqualTo("rwx------");
      assertThat(mode(file())).isEqualTo("rw-------");
      assertThat(mode(lockFile())).isEqualTo("rw-------");
    }
  }

  @Test
  void beginsNoLaunchTwice() throws Failure {
    journals.begin(intent(LAUNCH)).close();
    assertThatCannotWrite(() -> journals.begin(intent(LAUNCH)));
    // And what failed holds nothing.
    journals.claim(LAUNCH).orElseThrow().close();
  }

  @Test
  void keepsNoLockOfALaunchThatHasEnded() throws Failure {
    try (var journal = journals.begin(intent(LAUNCH))) {
      journal.append(LaunchEvent.DESTROYED);
    }
    assertThat(lockFile()).doesNotExist();
    assertThat(file()).exists();
  }

  @Test
  void claimsWhatNobodyHolds() throws Failure {
    journals.begin(intent(LAUNCH)).close();
    try (var claimed = journals.claim(LAUNCH).orElseThrow()) {
      assertThat(journals.claim(LAUNCH)).isEmpty();
      claimed.append(LaunchEvent.DESTROYED);
    }
    assertThat(journals.entries())
        .extracting(Journals.Entry::last)
        .containsExactly(LaunchEvent.DESTROYED);
  }

  @Test
  void claimsNothingThatThisProcessHolds() throws Failure {
    try (var journal = journals.begin(intent(LAUNCH))) {
      assertThat(journals.claim(LAUNCH)).isEmpty();
      assertThat(new JournalFolder(folder, InstantSource.system()).claim(LAUNCH)).isEmpty();
      // Nor did the attempts end the lock.
      assertThat(journals.entries()).singleElement().matches(Journals.Entry::held);
      journal.append(LaunchEvent.STARTED);
    }
  }

  /** Listing takes each lock for an instant. */
  @Test
  void claimsAlsoWhileSomebodyLists() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    var enough = new AtomicBoolean();
    var listing =
        Thread.ofPlatform()
            .start(() -> {
              while (!enough.get()) {
                assertThatCode(journals::entries).doesNotThrowAnyException();
              }
            });
    try {
      for (int i = 0; i < 20; i++) {
        journals.claim(LAUNCH).orElseThrow().close();
      }
    } finally {
      enough.set(true);
      listing.join();
    }
  }

  @Test
  void claimsNoLaunchThatItDoesNotKnow() {
    assertThatCannotWrite(() -> journals.claim(LAUNCH));
  }

  /** Two tests in one, because starting a process takes long. */
  @Test
  void knowsWhetherAnotherProcessStillLives() throws Exception {
    var child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                JournalHolder.class.getName(),
                folder.toString(),
                LAUNCH.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var said =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.readLine()).isEqualTo("held");

      assertThat(journals.claim(LAUNCH)).isEmpty();
      assertThat(journals.entries())
          .singleElement()
          .matches(Journals.Entry::held)
          .matches(entry -> !entry.isLeftOver());
    } finally {
      child.destroyForcibly();
      child.waitFor();
    }

    assertThat(journals.entries()).singleElement().matches(Journals.Entry::isLeftOver);
    try (var claimed = journals.claim(LAUNCH).orElseThrow()) {
      claimed.append(LaunchEvent.DESTROYED);
    }
    assertThat(journals.entries()).singleElement().matches(entry -> !entry.isLeftOver());
  }

  /** Cut anywhere, a journal still tells the last event that was written to its end. */
  @Test
  void survivesACrashInTheMiddleOfALine() throws Exception {
    try (var journal = journals.begin(intent(LAUNCH))) {
      journal.append(LaunchEvent.STARTED);
      journal.append(LaunchEvent.INJECTING);
    }
    byte[] whole = Files.readAllBytes(file());
    int lines = 0;
    for (int end = 0; end <= whole.length; end++) {
      Files.write(file(), Arrays.copyOf(whole, end));
      lines += end > 0 && whole[end - 1] == '\n' ? 1 : 0;
      switch (lines) {
        case 0 -> assertThat(journals.entries()).isEmpty();
        case 1 -> assertThatTheLastIs(LaunchEvent.INTENDED);
        case 2 -> assertThatTheLastIs(LaunchEvent.STARTED);
        default -> assertThatTheLastIs(LaunchEvent.INJECTING);
      }
    }
  }

  @Test
  void dropsATornLineWhenItIsClaimed() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    Files.writeString(file(), "{\"event\":\"star", StandardOpenOption.APPEND);

    // A clean-up that does not get as far as writing down anything.
    journals.claim(LAUNCH).orElseThrow().close();
    assertThatTheLastIs(LaunchEvent.INTENDED);

    Files.writeString(file(), "{\"event\":\"star", StandardOpenOption.APPEND);
    try (var claimed = journals.claim(LAUNCH).orElseThrow()) {
      claimed.append(LaunchEvent.DESTROYED);
    }
    assertThatTheLastIs(LaunchEvent.DESTROYED);
    assertThat(Files.readAllLines(file())).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n",
        "null\n",
        "[]\n",
        "{}\n",
        "{\"schema\":\"remit.journal/1\"}\n",
        "{\"schema\":\"remit.journal/1\",\"launch\":1,\"name\":[]}\n",
        "not JSON\n"
      })
  void stopsAtAJournalThatItCannotRead(String content) throws Exception {
    Files.createDirectories(folder);
    Files.writeString(file(), content);
    assertThatItIsUnreadable();
  }

  @ParameterizedTest
  @ValueSource(strings = {"launch", "name", "uri", "protection", "simulated", "event", "at"})
  void stopsAtAJournalWithAMemberThatIsNull(String member) throws Exception {
    journals.begin(intent(LAUNCH)).close();
    Files.writeString(
        file(),
        Files.readString(file())
            .replaceFirst("\"" + member + "\":(\"[^\"]*\"|true)", "\"" + member + "\":null"));
    assertThatItIsUnreadable();
  }

  @Test
  void stopsAtAJournalOfAnotherVersion() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    rewrite("remit.journal/1", "remit.journal/2");
    assertThatItIsUnreadable();
  }

  @Test
  void stopsAtAnEventThatItDoesNotKnow() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    Files.writeString(
        file(),
        "{\"event\":\"blessed\",\"at\":\"2026-11-23T12:00:00Z\"}\n",
        StandardOpenOption.APPEND);
    assertThatItIsUnreadable();
  }

  @Test
  void stopsAtATimeThatIsNone() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    rewrite("2026-11-23T12:00:00Z", "yesterday");
    assertThatItIsUnreadable();
  }

  @Test
  void stopsAtAJournalUnderTheNameOfAnotherLaunch() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    Files.move(file(), folder.resolve(SECOND + ".jsonl"));
    assertThatItIsUnreadable();
  }

  @Test
  void stopsAtAFileThatIsNoJournal() throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("notes.jsonl"), "buy milk");
    assertThatItIsUnreadable();
  }

  @Test
  void stopsAtAJournalThatIsTooLarge() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    Files.write(file(), new byte[1 << 20], StandardOpenOption.APPEND);
    assertThatItIsUnreadable();
  }

  @Test
  void stopsAtAnythingNestedDeeply() throws Exception {
    Files.createDirectories(folder);
    Files.writeString(file(), "[".repeat(60_000) + "\n");
    assertThatItIsUnreadable();
  }

  @Test
  void looksAtNothingButJournals() throws Exception {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("README"), "buy milk");
    assertThat(journals.entries()).isEmpty();
  }

  static Journals.Intent intent(LaunchId launchId) {
    return new Journals.Intent(
        launchId, "web-1", "qemu:///embed?root=/r", Protection.SEV_ES, true, BEGUN);
  }

  private void assertThatTheLastIs(LaunchEvent event) throws Failure {
    assertThat(journals.entries())
        .singleElement()
        .extracting(Journals.Entry::last)
        .isEqualTo(event);
  }

  private void assertThatItIsUnreadable() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(journals::entries)
        .satisfies(
            failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.JOURNAL_UNREADABLE));
  }

  private static void assertThatCannotWrite(ThrowingCallable call) {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(call)
        .satisfies(failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.CANNOT_WRITE));
  }

  private void rewrite(String from, String to) throws IOException {
    Files.writeString(file(), Files.readString(file()).replace(from, to));
  }

  private Path file() {
    return folder.resolve(LAUNCH + ".jsonl");
  }

  private Path lockFile() {
    return folder.resolve(LAUNCH + ".lock");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
