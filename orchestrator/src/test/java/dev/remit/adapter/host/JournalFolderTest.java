package dev.remit.adapter.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.plan.SourceDocument;
import dev.remit.platform.Protection;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalFolderTest {
  private static final Instant BEGUN = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant LATER = Instant.parse("2026-11-23T12:00:05.123456789Z");
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0x1234, 0x5678));
  private static final LaunchId SECOND = new LaunchId(new UUID(0x1234, 0x9999));

  private static final LaunchId OTHER = new LaunchId(new UUID(0x1234, 0xabcd));

  private static final SourceDocument SPEC =
      new SourceDocument(Path.of("/vm/web.yaml"), Bytes.ofHex("cd".repeat(32)));
  private static final Journals.Origin ORIGIN =
      new Journals.Origin(
          Bytes.ofHex("ab".repeat(32)),
          SPEC,
          Optional.of(new SourceDocument(Path.of("/vm/host.yaml"), Bytes.ofHex("ef".repeat(32)))),
          Optional.of("/console/web-1.log"));

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
              {"schema":"remit.journal/2","launch":"00000000-0000-1234-0000-000000005678",\
              "number":1,"name":"web-1","uri":"qemu:///embed?root=/r","protection":"sev-es",\
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
  void listsTheOldestFirstAlsoWhereTheClockWasSetBack() throws Failure {
    var second =
        new Journals.Intent(
            SECOND, "web-1", "u", Protection.SEV, false, BEGUN.minusSeconds(86_400));
    journals.begin(intent(LAUNCH)).close();
    journals.begin(second).close();
    assertThat(journals.entries())
        .extracting(entry -> entry.intent().launchId())
        .containsExactly(LAUNCH, SECOND);
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

  /** Another process may have it open, and would lock what nobody else sees. */
  @Test
  void neverDeletesALock() throws Exception {
    Object first;
    try (var journal = journals.begin(intent(LAUNCH))) {
      first = identityOf(lockFile());
      journal.append(LaunchEvent.DESTROYED);
    }
    assertThat(journals.entries()).singleElement().matches(entry -> !entry.held());
    journals.claim(LAUNCH).orElseThrow().close();
    assertThat(identityOf(lockFile())).isEqualTo(first);
  }

  private static Object identityOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  @Test
  void holdsNothingWhereAClaimFails() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    Path aside = folder.resolve("aside");
    Files.move(file(), aside);
    assertThatCannotWrite(() -> journals.claim(LAUNCH));
    Files.move(aside, file());
    journals.claim(LAUNCH).orElseThrow().close();
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
      assertThat(journals.reserve("web-1", "u")).isEmpty();
      assertThat(journals.entries())
          .singleElement()
          .matches(Journals.Entry::held)
          .matches(entry -> !entry.isLeftOver());
    } finally {
      child.destroyForcibly();
      child.waitFor();
    }

    journals.reserve("web-1", "u").orElseThrow().close();
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
        "{\"schema\":\"remit.journal/2\"}\n",
        "{\"schema\":\"remit.journal/2\",\"launch\":1,\"name\":[]}\n",
        "not JSON\n"
      })
  void stopsAtAJournalThatItCannotRead(String content) throws Exception {
    Files.createDirectories(folder);
    Files.writeString(file(), content);
    assertThatItIsUnreadable();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"launch", "number", "name", "uri", "protection", "simulated", "event", "at"})
  void stopsAtAJournalWithAMemberThatIsNull(String member) throws Exception {
    journals.begin(intent(LAUNCH)).close();
    Files.writeString(
        file(),
        Files.readString(file())
            .replaceFirst("\"" + member + "\":(\"[^\"]*\"|true|1)", "\"" + member + "\":null"));
    assertThatItIsUnreadable();
  }

  @Test
  void stopsAtAJournalOfAnotherVersion() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    rewrite("remit.journal/2", "remit.journal/3");
    var unreadable = assertThatItIsUnreadable();
    assertThat(unreadable.name()).contains("web-1");
    assertThat(unreadable.uri()).contains("qemu:///embed?root=/r");
    assertThat(unreadable.launchId()).contains(LAUNCH);
    assertThat(unreadable.diagnostic().why())
        .startsWith("a newer release wrote it as remit.journal/3, and this one reads up to");
  }

  @Test
  void stopsAtAnEventThatItDoesNotKnow() throws Exception {
    journals.begin(intent(LAUNCH)).close();
    Files.writeString(
        file(),
        "{\"event\":\"ble\\u001bssed\",\"at\":\"2026-11-23T12:00:00Z\"}\n",
        StandardOpenOption.APPEND);
    try (var claimed = journals.claim(LAUNCH).orElseThrow()) {
      claimed.append(LaunchEvent.DESTROYED);
    }
    assertThat(assertThatItIsUnreadable().diagnostic().why())
        .startsWith("its line 2 tells of the event \"ble\\x1bssed\"");
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

  @Test
  void tellsWhatALaunchWasMadeFrom() throws Failure {
    for (var origin :
        List.of(
            ORIGIN,
            new Journals.Origin(Bytes.zeros(32), SPEC, Optional.empty(), Optional.empty()))) {
      var launchId = new LaunchId(UUID.randomUUID());
      var intent =
          new Journals.Intent(
              launchId, "web-1", "u", Protection.SEV, false, BEGUN, Optional.of(origin));
      journals.begin(intent).close();
      assertThat(journals.entries().getLast().intent()).isEqualTo(intent);
    }
  }

  @Test
  void tellsHowAGuestEndedByItsHostsWord() throws Exception {
    try (var journal = journals.begin(intent(LAUNCH))) {
      journal.append(LaunchEvent.RELEASED);
      journal.appendEnd(Ending.CRASHED);
    }
    assertThat(journals.entries())
        .containsExactly(
            new Journals.Entry(
                intent(LAUNCH), LaunchEvent.ENDED, LATER, Optional.of(Ending.CRASHED), false));
    rewrite("crashed", "beamed-up");
    assertThatItIsUnreadable();
  }

  @Nested
  class Golden {
    @Test
    void readsTheFirstVersionWhichKnowsNoOrigin() throws Exception {
      put("1/released.jsonl");
      assertThat(journals.entries())
          .containsExactly(
              new Journals.Entry(
                  intent(LAUNCH),
                  LaunchEvent.RELEASED,
                  Instant.parse("2026-11-23T12:00:06Z"),
                  false));
    }

    @Test
    void goesOnWithTheFirstVersion() throws Exception {
      put("1/released.jsonl");
      try (var journal = journals.claim(LAUNCH).orElseThrow()) {
        journal.appendEnd(Ending.SHUTDOWN);
      }
      assertThat(journals.entries())
          .extracting(Journals.Entry::ending)
          .containsExactly(Optional.of(Ending.SHUTDOWN));
    }

    @Test
    void putsTheFirstVersionBeforeTheSecond() throws Exception {
      put("1/released.jsonl");
      journals
          .begin(new Journals.Intent(SECOND, "web-1", "u", Protection.SEV, false, Instant.EPOCH))
          .close();
      assertThat(journals.entries())
          .extracting(entry -> entry.intent().launchId())
          .containsExactly(LAUNCH, SECOND);
    }

    @Test
    void readsTheSecondVersion() throws Exception {
      put("2/ended.jsonl");
      assertThat(journals.entries())
          .containsExactly(
              new Journals.Entry(
                  new Journals.Intent(
                      LAUNCH,
                      "web-1",
                      "qemu:///embed?root=/r",
                      Protection.SEV_ES,
                      true,
                      BEGUN,
                      Optional.of(ORIGIN)),
                  LaunchEvent.ENDED,
                  Instant.parse("2026-11-23T12:00:08Z"),
                  Optional.of(Ending.CRASHED),
                  false));
    }

    private void put(String golden) throws IOException {
      Files.createDirectories(folder);
      Files.write(file(), Sample.of("journal/" + golden).toArray());
    }
  }

  @Nested
  class Reservations {
    @Test
    void areMadeOncePerNameAndHost() throws Failure {
      try (var held = journals.reserve("web-1", "u").orElseThrow()) {
        assertThat(held.name()).isEqualTo("web-1");
        assertThat(journals.reserve("web-1", "u")).isEmpty();
        journals.reserve("web-2", "u").orElseThrow().close();
        journals.reserve("web-1", "v").orElseThrow().close();
        // Nor did the attempts end the lock.
        assertThat(journals.reserve("web-1", "u")).isEmpty();
      }
      journals.reserve("web-1", "u").orElseThrow().close();
    }

    @Test
    void areNotMixedUpWhereNameAndHostTouch() throws Failure {
      try (var held = journals.reserve("a", "bc").orElseThrow()) {
        assertThat(held.uri()).isEqualTo("bc");
        journals.reserve("ab", "c").orElseThrow().close();
      }
    }

    @Test
    void keepNobodyFromListing() throws Failure {
      try (var held = journals.reserve("web-1", "u").orElseThrow()) {
        assertThat(held).isNotNull();
        assertThat(journals.entries()).isEmpty();
        assertThat(journals.unreadable()).isEmpty();
      }
    }
  }

  /** Whatever part of a line still fits, the journal tells the last whole event, and goes on. */
  @Test
  void tellsTheLastWholeEventWhereverTheDiskIsFull() throws Exception {
    int size = 0;
    for (int room = 0; size == 0; room++) {
      var launchId = new LaunchId(new UUID(1, room + 1));
      var disk = new FullDisk(room);
      var full = new JournalFolder(folder, InstantSource.fixed(LATER), disk);
      var written = new ArrayList<LaunchEvent>();
      try (var journal = full.begin(intent(launchId))) {
        written.add(LaunchEvent.INTENDED);
        for (var event : List.of(LaunchEvent.STARTED, LaunchEvent.INJECTING)) {
          journal.append(event);
          written.add(event);
        }
        size = room;
      } catch (Failure failure) {
        assertThat(failure.diagnostic().code()).isEqualTo(Code.CANNOT_WRITE);
        assertThat(failure.diagnostic().why()).isEqualTo("No space left on device");
      }
      assertThat(last(launchId)).isEqualTo(written.isEmpty() ? null : written.getLast());
      if (!written.isEmpty()) {
        disk.room = 10_000;
        try (var claimed = full.claim(launchId).orElseThrow()) {
          claimed.append(LaunchEvent.DESTROYED);
        }
        assertThat(last(launchId)).isEqualTo(LaunchEvent.DESTROYED);
      }
      Files.deleteIfExists(folder.resolve(launchId + ".jsonl"));
    }
    assertThat(size).isGreaterThan(200);
  }

  private @Nullable LaunchEvent last(LaunchId launchId) throws Failure {
    return journals.entries().stream()
        .filter(entry -> entry.intent().launchId().equals(launchId))
        .map(Journals.Entry::last)
        .findFirst()
        .orElse(null);
  }

  /** Takes a number of bytes, then no more; what fits of a line is written. */
  private static final class FullDisk implements JournalFolder.Disk {
    private int room;

    FullDisk(int room) {
      this.room = room;
    }

    @Override
    public void write(FileChannel channel, ByteBuffer octets) throws IOException {
      int fits = Math.min(room, octets.remaining());
      var part = octets.slice(octets.position(), fits);
      while (part.hasRemaining()) {
        channel.write(part);
      }
      octets.position(octets.position() + fits);
      room -= fits;
      if (octets.hasRemaining()) {
        throw new IOException("No space left on device");
      }
    }
  }

  @Test
  void readsNothingThroughALinkAndNoFolder() throws Exception {
    journals.begin(intent(SECOND)).close();
    Files.createSymbolicLink(file(), folder.resolve(SECOND + ".jsonl"));
    Files.createDirectory(folder.resolve(new LaunchId(new UUID(0, 0xdead)) + ".jsonl"));
    assertThat(journals.entries())
        .extracting(entry -> entry.intent().launchId())
        .containsExactly(SECOND);
    assertThat(journals.unreadable())
        .extracting(unreadable -> unreadable.diagnostic().why())
        .hasSize(2)
        .allMatch(why -> why.startsWith("it is not a regular file"));
  }

  @Test
  void countsWhatAnUnreadableJournalDoesNotTellAsAYes() throws Exception {
    Files.createDirectories(folder);
    Files.writeString(file(), "not JSON\n");
    var unreadable = journals.unreadable().getFirst();
    assertThat(unreadable.name()).isEmpty();
    assertThat(unreadable.mayBeAt("qemu:///system")).isTrue();
    assertThat(unreadable.mayBeOf("web-1")).isTrue();
    Files.writeString(file(), "{\"schema\":\"remit.journal/9\",\"uri\":\"qemu:///session\"}\n");
    assertThat(journals.unreadable().getFirst().mayBeAt("qemu:///system")).isFalse();
    Files.writeString(file(), "{\"schema\":\"remit.journal/9\",\"name\":\"web-2\"}\n");
    assertThat(journals.unreadable().getFirst().mayBeOf("web-1")).isFalse();
    assertThat(journals.unreadable().getFirst().mayBeOf("web-2")).isTrue();
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

  /** And it keeps nobody from reading another one. */
  private Journals.Unreadable assertThatItIsUnreadable() throws Failure {
    journals.begin(intent(OTHER)).close();
    assertThat(journals.entries())
        .extracting(entry -> entry.intent().launchId())
        .containsExactly(OTHER);
    assertThat(journals.unreadable()).hasSize(1);
    var unreadable = journals.unreadable().getFirst();
    assertThat(unreadable.diagnostic().code()).isEqualTo(Code.JOURNAL_UNREADABLE);
    return unreadable;
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
