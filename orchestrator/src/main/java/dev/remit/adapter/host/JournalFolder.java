package dev.remit.adapter.host;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import dev.remit.launch.Journal;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.plan.SourceDocument;
import dev.remit.platform.Protection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One file of JSON lines per launch, {@code ID.jsonl}: the first line is the intent, each further
 * one an event. {@code ID.lock} is locked while the process that writes the journal lives, and
 * {@code name-DIGEST.lock} while a launch under that name at that host is under way. None of them
 * is ever deleted: whoever has opened one would lock a file that the next one does not see.
 */
public final class JournalFolder implements Journals {
  private static final String SCHEMA = "remit.journal/2";

  /** It has neither number nor origin, and nothing after the release but a destruction. */
  private static final String FIRST_SCHEMA = "remit.journal/1";

  private static final Pattern ANY_SCHEMA = Pattern.compile("remit\\.journal/[1-9][0-9]{0,5}");
  private static final String SUFFIX = ".jsonl";
  private static final int LONGEST = 64 * 1024;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** How octets come onto the disk, which may be full. */
  @FunctionalInterface
  interface Disk {
    void write(FileChannel channel, ByteBuffer octets) throws IOException;
  }

  private final Path folder;
  private final InstantSource clock;
  private final Disk disk;

  public JournalFolder(Path folder, InstantSource clock) {
    this(folder, clock, FileChannel::write);
  }

  JournalFolder(Path folder, InstantSource clock, Disk disk) {
    this.folder = folder.toAbsolutePath();
    this.clock = clock;
    this.disk = disk;
  }

  @Override
  public Journal begin(Intent intent) throws Failure {
    Path file = file(intent.launchId());
    try {
      AtomicFile.makePrivateFolder(folder);
      long number = 1 + readAll().stream().mapToLong(Journaled::number).max().orElse(0);
      var lock =
          LockFile.tryLock(folder, lockName(intent.launchId()))
              .orElseThrow(() -> new IOException("another process holds it"));
      var journal = open(intent.launchId(), StandardOpenOption.CREATE_NEW, lock);
      try {
        journal.write(firstLine(intent, number));
        AtomicFile.syncFolder(folder);
      } catch (IOException cause) {
        journal.close();
        throw cause;
      }
      return journal;
    } catch (IOException cause) {
      throw AtomicFile.cannotWrite(file, cause);
    }
  }

  private static ObjectNode firstLine(Intent intent, long number) {
    var line = JSON.createObjectNode();
    line.put("schema", SCHEMA);
    line.put("launch", intent.launchId().toString());
    line.put("number", number);
    line.put("name", intent.name());
    line.put("uri", intent.uri());
    line.put("protection", intent.protection().id());
    line.put("simulated", intent.simulated());
    intent.origin().ifPresent(origin -> line.set("origin", origin(origin)));
    line.put("event", id(LaunchEvent.INTENDED));
    line.put("at", intent.at().toString());
    return line;
  }

  private static ObjectNode origin(Origin origin) {
    var json = JSON.createObjectNode();
    json.put("plan", origin.plan().hex());
    json.set("spec", document(origin.spec()));
    origin.host().ifPresent(host -> json.set("host", document(host)));
    origin.console().ifPresent(console -> json.put("console", console));
    return json;
  }

  private static ObjectNode document(SourceDocument document) {
    var json = JSON.createObjectNode();
    json.put("file", document.path().toString());
    json.put("sha256", document.digest().hex());
    return json;
  }

  @Override
  public List<Entry> entries() throws Failure {
    // A clock may have been set back between two launches: it orders only what has no number.
    return readAll().stream()
        .filter(Journaled.Told.class::isInstance)
        .map(Journaled.Told.class::cast)
        .sorted(
            Comparator.comparingLong(Journaled.Told::number)
                .thenComparing(told -> told.entry().intent().at()))
        .map(Journaled.Told::entry)
        .toList();
  }

  @Override
  public List<Unreadable> unreadable() throws Failure {
    return readAll().stream()
        .filter(Journaled.Untold.class::isInstance)
        .map(untold -> ((Journaled.Untold) untold).unreadable())
        .toList();
  }

  /** Why a journal tells nothing certain, a phrase. */
  private static final class Unreliable extends Exception {
    private static final long serialVersionUID = 1;

    Unreliable(String why) {
      super(why);
    }
  }

  /** What one file says. */
  private sealed interface Journaled {
    /** From 1; 0 where the journal has none. */
    long number();

    record Told(long number, Entry entry) implements Journaled {}

    record Untold(Unreadable unreadable) implements Journaled {
      @Override
      public long number() {
        return 0;
      }
    }
  }

  private List<Journaled> readAll() throws Failure {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var files = new ArrayList<Path>();
    try (var listed = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      listed.forEach(files::add);
    } catch (IOException cause) {
      throw new Failure(
          damaged(Optional.empty(), folder.toString(), HostFiles.reason(cause)), cause);
    }
    files.sort(Comparator.naturalOrder());
    var journals = new ArrayList<Journaled>();
    for (Path file : files) {
      read(file).ifPresent(journals::add);
    }
    return journals;
  }

  @Override
  public Optional<Journal> claim(LaunchId launchId) throws Failure {
    try {
      var lock = LockFile.lockSoon(folder, lockName(launchId));
      if (lock.isEmpty()) {
        return Optional.empty();
      }
      var journal = open(launchId, StandardOpenOption.WRITE, lock.get());
      try {
        journal.dropTornLine();
      } catch (IOException cause) {
        journal.close();
        throw cause;
      }
      return Optional.of(journal);
    } catch (IOException cause) {
      throw AtomicFile.cannotWrite(file(launchId), cause);
    }
  }

  @Override
  public Optional<Reservation> reserve(String name, String uri) throws Failure {
    String file = nameLock(name, uri);
    try {
      AtomicFile.makePrivateFolder(folder);
      return LockFile.tryLock(folder, file).map(lock -> new HeldName(name, uri, lock));
    } catch (IOException cause) {
      throw AtomicFile.cannotWrite(folder.resolve(file), cause);
    }
  }

  private static String nameLock(String name, String uri) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update((name + "\0" + uri).getBytes(StandardCharsets.UTF_8));
      return "name-" + Bytes.copyOf(digest.digest()).hex() + ".lock";
    } catch (NoSuchAlgorithmException cause) {
      throw new IllegalStateException("every JDK has SHA-256", cause);
    }
  }

  private record HeldName(String name, String uri, LockFile lock) implements Reservation {
    @Override
    public void close() {
      lock.close();
    }
  }

  /** Under its lock, which goes with it. */
  private JournalFile open(LaunchId launchId, StandardOpenOption how, LockFile lock)
      throws IOException {
    try {
      var channel =
          FileChannel.open(
              file(launchId), Set.of(how, StandardOpenOption.APPEND), LockFile.OWNER_ONLY);
      return new JournalFile(launchId, lock, channel);
    } catch (IOException cause) {
      lock.close();
      throw cause;
    }
  }

  private boolean isHeld(LaunchId launchId) throws IOException {
    if (!Files.exists(folder.resolve(lockName(launchId)))) {
      return false;
    }
    // A left-over that looked alive would stay.
    var lock = LockFile.lockSoon(folder, lockName(launchId));
    lock.ifPresent(LockFile::close);
    return lock.isEmpty();
  }

  private static String lockName(LaunchId launchId) {
    return launchId + ".lock";
  }

  private Path file(LaunchId launchId) {
    return folder.resolve(launchId + SUFFIX);
  }

  /** Empty for a journal whose first line was never finished: nothing was asked of a host then. */
  private Optional<Journaled> read(Path file) {
    var launchId = named(file);
    if (launchId.isEmpty()) {
      return Optional.of(
          untold(
              new Unreadable(
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  damaged(Optional.empty(), shown(file), "its name is not that of a launch"))));
    }
    String[] lines = {};
    try {
      lines = lines(file);
      if (lines.length == 0) {
        return Optional.empty();
      }
      var told = parse(launchId.get(), lines, false);
      if (isOver(told.entry().last())) {
        return Optional.of(told);
      }
      // Before the lines that count are read: a process that ends in between has written its last.
      boolean held = isHeld(launchId.get());
      lines = lines(file);
      return lines.length == 0 ? Optional.empty() : Optional.of(parse(launchId.get(), lines, held));
    } catch (IOException cause) {
      return Optional.of(unreadable(file, launchId.get(), lines, HostFiles.reason(cause)));
    } catch (Unreliable unreliable) {
      return Optional.of(
          unreadable(file, launchId.get(), lines, String.valueOf(unreliable.getMessage())));
    }
  }

  /** Whether nobody has anything left to do about it, so that its lock need not be asked. */
  private static boolean isOver(LaunchEvent last) {
    return last == LaunchEvent.ENDED || last == LaunchEvent.DESTROYED;
  }

  /** The whole lines. What follows the last line end was torn by a crash, and did not count. */
  private static String[] lines(Path file) throws IOException, Unreliable {
    // Neither a pipe, which may never end, nor what a link points at.
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new Unreliable("it is not a regular file");
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > LONGEST) {
        throw new Unreliable("it is larger than " + LONGEST + " bytes");
      }
      var buffer = ByteBuffer.allocate((int) channel.size());
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
      int end = text.lastIndexOf('\n');
      return end < 0 ? new String[0] : text.substring(0, end).split("\n", -1);
    }
  }

  private static Optional<LaunchId> named(Path file) {
    String name = String.valueOf(file.getFileName());
    String id = name.substring(0, name.length() - SUFFIX.length());
    try {
      var launchId = new LaunchId(UUID.fromString(id));
      return launchId.toString().equals(id) ? Optional.of(launchId) : Optional.empty();
    } catch (IllegalArgumentException notAnId) {
      return Optional.empty();
    }
  }

  private static Journaled.Told parse(LaunchId launchId, String[] lines, boolean held)
      throws Unreliable {
    int number = 1;
    try {
      JsonNode first = JSON.readTree(lines[0]);
      boolean numbered = requireKnownSchema(first.path("schema").asString(""));
      var intent = intent(first, numbered);
      if (!intent.launchId().equals(launchId)) {
        throw new Unreliable("its name is not the launch that it tells of");
      }
      LaunchEvent event = event(first, number);
      JsonNode line = first;
      for (number = 2; number <= lines.length; number++) {
        line = JSON.readTree(lines[number - 1]);
        event = event(line, number);
      }
      return new Journaled.Told(
          numbered ? number(first.required("number")) : 0,
          new Entry(
              intent,
              event,
              Instant.parse(text(line.required("at"))),
              event == LaunchEvent.ENDED
                  ? Optional.of(ending(text(line.required("claimedByHost"))))
                  : Optional.empty(),
              held));
    } catch (JacksonException | IllegalArgumentException | DateTimeException cause) {
      throw new Unreliable("line " + number + " of it is not in the form of " + SCHEMA);
    }
  }

  /** Whether it is of the version that has numbers and origins. */
  private static boolean requireKnownSchema(String schema) throws Unreliable {
    if (schema.equals(SCHEMA) || schema.equals(FIRST_SCHEMA)) {
      return schema.equals(SCHEMA);
    }
    throw new Unreliable(
        ANY_SCHEMA.matcher(schema).matches()
            ? "a newer release wrote it as " + schema + ", and this one reads up to " + SCHEMA
            : "it does not begin as a journal of Remit");
  }

  private static Intent intent(JsonNode first, boolean withOrigin) {
    return new Intent(
        new LaunchId(UUID.fromString(text(first.required("launch")))),
        text(first.required("name")),
        text(first.required("uri")),
        Arrays.stream(Protection.values())
            .filter(kind -> kind.id().equals(text(first.required("protection"))))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("an unknown protection")),
        first.required("simulated").booleanValue(),
        Instant.parse(text(first.required("at"))),
        withOrigin && first.has("origin")
            ? Optional.of(origin(first.required("origin")))
            : Optional.empty());
  }

  private static Origin origin(JsonNode json) {
    return new Origin(
        sha256(json.required("plan")),
        document(json.required("spec")),
        json.has("host") ? Optional.of(document(json.required("host"))) : Optional.empty(),
        json.has("console") ? Optional.of(text(json.required("console"))) : Optional.empty());
  }

  private static SourceDocument document(JsonNode json) {
    return new SourceDocument(
        Path.of(text(json.required("file"))), sha256(json.required("sha256")));
  }

  private static Bytes sha256(JsonNode json) {
    var digest = Bytes.ofHex(text(json));
    if (digest.size() != 32) {
      throw new IllegalArgumentException("a SHA-256 has 32 bytes");
    }
    return digest;
  }

  private static long number(JsonNode json) {
    if (json.isIntegralNumber() && json.canConvertToLong() && json.longValue() > 0) {
      return json.longValue();
    }
    throw new IllegalArgumentException("a launch has a number from 1");
  }

  private static LaunchEvent event(JsonNode line, int number) throws Unreliable {
    String word = text(line.required("event"));
    return Arrays.stream(LaunchEvent.values())
        .filter(event -> id(event).equals(word))
        .findFirst()
        .orElseThrow(() ->
            new Unreliable(
                "its line %d tells of the event \"%s\", which this release does not know"
                    .formatted(number, new HostText(word))));
  }

  private static Ending ending(String word) {
    return Arrays.stream(Ending.values())
        .filter(ending -> ending.id().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("an unknown end"));
  }

  /** Null is no text. */
  private static String text(JsonNode node) {
    if (node.isString()) {
      return node.stringValue();
    }
    throw new IllegalArgumentException("this is text");
  }

  private static String id(LaunchEvent event) {
    return event.name().toLowerCase(Locale.ROOT);
  }

  private static Journaled untold(Unreadable unreadable) {
    return new Journaled.Untold(unreadable);
  }

  private static Journaled unreadable(Path file, LaunchId launchId, String[] lines, String why) {
    var name = Optional.<String>empty();
    var uri = Optional.<String>empty();
    if (lines.length > 0) {
      try {
        JsonNode first = JSON.readTree(lines[0]);
        name = first.path("name").asStringOpt();
        uri = first.path("uri").asStringOpt();
      } catch (JacksonException notJson) {
        // Then it stays unknown of which domain and host it tells.
        name = Optional.empty();
      }
    }
    return untold(
        new Unreadable(Optional.of(launchId), name, uri, damaged(name, shown(file), why)));
  }

  private static String shown(Path file) {
    return new HostText(file.toString()).toString();
  }

  private static Diagnostic damaged(Optional<String> name, String file, String why) {
    return Diagnostic.of(
        Code.JOURNAL_UNREADABLE,
        "cannot rely on the journal "
            + file
            + name.map(known -> " of " + new HostText(known)).orElse(""),
        why + ", so that it is unknown whether its launch left a domain behind",
        "use the release that wrote it; or see that the host has no domain with the UUID in the"
            + " file's name, then move it away");
  }

  private final class JournalFile implements Journal {
    private final LaunchId launchId;
    private final LockFile lock;
    private final FileChannel channel;
    private long end;

    JournalFile(LaunchId launchId, LockFile lock, FileChannel channel) throws IOException {
      this.launchId = launchId;
      this.lock = lock;
      this.channel = channel;
      this.end = channel.size();
    }

    @Override
    public void append(LaunchEvent event) throws Failure {
      append(JSON.createObjectNode().put("event", id(event)));
    }

    @Override
    public void appendEnd(Ending ending) throws Failure {
      var line = JSON.createObjectNode();
      line.put("event", id(LaunchEvent.ENDED));
      line.put("claimedByHost", ending.id());
      append(line);
    }

    private synchronized void append(ObjectNode line) throws Failure {
      line.put("at", clock.instant().toString());
      try {
        write(line);
      } catch (IOException cause) {
        throw AtomicFile.cannotWrite(file(launchId), cause);
      }
    }

    /** What a crash has torn did not count, and what is appended must not continue it. */
    private void dropTornLine() throws IOException {
      byte[] content = Files.readAllBytes(file(launchId));
      int whole = content.length;
      while (whole > 0 && content[whole - 1] != '\n') {
        whole--;
      }
      channel.truncate(whole);
      end = whole;
    }

    /** The whole line or, where the disk is full, nothing of it. */
    private void write(ObjectNode line) throws IOException {
      var buffer =
          ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
      // What an earlier attempt has left, where it could not even take that back.
      channel.truncate(end);
      try {
        while (buffer.hasRemaining()) {
          disk.write(channel, buffer);
        }
        channel.force(true);
      } catch (IOException cause) {
        channel.truncate(end);
        throw cause;
      }
      end += buffer.limit();
    }

    @Override
    public synchronized void close() {
      try (lock) {
        channel.close();
      } catch (IOException ignored) {
        // Every line is on stable storage already, and the lock goes with the process.
        return;
      }
    }
  }
}
