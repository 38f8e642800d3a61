package dev.remit.adapter.host;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Journal;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.platform.Protection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Duration;
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
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One file of JSON lines per launch, {@code ID.jsonl}: the first line is the intent, each further
 * one an event. {@code ID.lock} is locked while the process that writes the journal lives.
 */
public final class JournalFolder implements Journals {
  private static final String SCHEMA = "remit.journal/1";
  private static final String SUFFIX = ".jsonl";
  private static final int LONGEST = 64 * 1024;

  // Whoever lists the journals holds each lock for an instant, and is not to be taken for a launch.
  private static final int CLAIMS_AGAIN = 10;
  private static final Duration CLAIM_PAUSE = Duration.ofMillis(20);

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Set<StandardOpenOption> LOCK_OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  // A process that closes any channel on a file loses its POSIX locks on it: a lock file that this
  // process holds is never opened a second time.
  private static final Set<LaunchId> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final InstantSource clock;

  public JournalFolder(Path folder, InstantSource clock) {
    this.folder = folder.toAbsolutePath();
    this.clock = clock;
  }

  @Override
  public Journal begin(Intent intent) throws Failure {
    Path file = file(intent.launchId());
    try {
      AtomicFile.makePrivateFolder(folder);
      var journal =
          open(intent.launchId(), StandardOpenOption.CREATE_NEW)
              .orElseThrow(() -> new IOException("another process holds it"));
      var first = JSON.createObjectNode();
      first.put("schema", SCHEMA);
      first.put("launch", intent.launchId().toString());
      first.put("name", intent.name());
      first.put("uri", intent.uri());
      first.put("protection", intent.protection().id());
      first.put("simulated", intent.simulated());
      first.put("event", id(LaunchEvent.INTENDED));
      first.put("at", intent.at().toString());
      try {
        journal.write(first);
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

  @Override
  public List<Entry> entries() throws Failure {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var files = new ArrayList<Path>();
    try (var listed = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      listed.forEach(files::add);
    } catch (IOException cause) {
      throw unreadable(folder, HostFiles.reason(cause));
    }
    var entries = new ArrayList<Entry>();
    for (Path file : files) {
      read(file).ifPresent(entries::add);
    }
    entries.sort(Comparator.comparing(entry -> entry.intent().at()));
    return List.copyOf(entries);
  }

  @Override
  public Optional<Journal> claim(LaunchId launchId) throws Failure {
    try {
      var journal = open(launchId, StandardOpenOption.WRITE);
      for (int again = 0; journal.isEmpty() && again < CLAIMS_AGAIN; again++) {
        Thread.sleep(CLAIM_PAUSE);
        journal = open(launchId, StandardOpenOption.WRITE);
      }
      if (journal.isPresent()) {
        journal.get().dropTornLine();
      }
      return journal.map(claimed -> claimed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (IOException cause) {
      throw AtomicFile.cannotWrite(file(launchId), cause);
    }
  }

  /** Under its lock; empty where a living process holds that. */
  private Optional<JournalFile> open(LaunchId launchId, StandardOpenOption how) throws IOException {
    var lock = lock(launchId);
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try {
      var channel =
          FileChannel.open(file(launchId), Set.of(how, StandardOpenOption.APPEND), OWNER_ONLY);
      return Optional.of(new JournalFile(launchId, lock.get(), channel));
    } catch (IOException cause) {
      unlock(launchId, lock.get());
      throw cause;
    }
  }

  /** Empty where a living process holds the lock. */
  private Optional<FileChannel> lock(LaunchId launchId) throws IOException {
    if (!HELD_HERE.add(launchId)) {
      return Optional.empty();
    }
    boolean locked = false;
    try {
      var channel = FileChannel.open(lockFile(launchId), LOCK_OPTIONS, OWNER_ONLY);
      locked = channel.tryLock() != null;
      if (!locked) {
        channel.close();
      }
      return locked ? Optional.of(channel) : Optional.empty();
    } finally {
      if (!locked) {
        HELD_HERE.remove(launchId);
      }
    }
  }

  private static void unlock(LaunchId launchId, FileChannel lock) throws IOException {
    try {
      lock.close();
    } finally {
      HELD_HERE.remove(launchId);
    }
  }

  private boolean isHeld(LaunchId launchId) throws IOException {
    if (!Files.exists(lockFile(launchId))) {
      return false;
    }
    var lock = lock(launchId);
    if (lock.isPresent()) {
      unlock(launchId, lock.get());
    }
    return lock.isEmpty();
  }

  private Path lockFile(LaunchId launchId) {
    return folder.resolve(launchId + ".lock");
  }

  private Path file(LaunchId launchId) {
    return folder.resolve(launchId + SUFFIX);
  }

  /** Empty for a journal whose first line was never finished: nothing was asked of a host then. */
  private Optional<Entry> read(Path file) throws Failure {
    var launchId = named(file);
    boolean held;
    try {
      // Before the lines are read: a process that ends in between has written its last one.
      held = isHeld(launchId);
    } catch (IOException cause) {
      throw unreadable(file, HostFiles.reason(cause));
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > LONGEST) {
        throw unreadable(file, "it is larger than " + LONGEST + " bytes");
      }
      var buffer = ByteBuffer.allocate((int) channel.size());
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
      String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
      // What follows the last line end was torn by a crash, and its event did not count.
      int end = text.lastIndexOf('\n');
      if (end < 0) {
        return Optional.empty();
      }
      return Optional.of(parse(file, launchId, text.substring(0, end).split("\n", -1), held));
    } catch (IOException cause) {
      throw unreadable(file, HostFiles.reason(cause));
    }
  }

  private static LaunchId named(Path file) throws Failure {
    String name = String.valueOf(file.getFileName());
    String id = name.substring(0, name.length() - SUFFIX.length());
    try {
      var launchId = new LaunchId(UUID.fromString(id));
      if (launchId.toString().equals(id)) {
        return launchId;
      }
    } catch (IllegalArgumentException notAnId) {
      throw unreadable(file, "its name is not that of a launch");
    }
    throw unreadable(file, "its name is not that of a launch");
  }

  private static Entry parse(Path file, LaunchId launchId, String[] lines, boolean held)
      throws Failure {
    try {
      JsonNode first = JSON.readTree(lines[0]);
      String schema = first.path("schema").asString("");
      if (!schema.equals(SCHEMA)) {
        throw unreadable(file, "it is written in another form than " + SCHEMA);
      }
      var intent =
          new Intent(
              new LaunchId(UUID.fromString(text(first.required("launch")))),
              text(first.required("name")),
              text(first.required("uri")),
              Arrays.stream(Protection.values())
                  .filter(kind -> kind.id().equals(text(first.required("protection"))))
                  .findFirst()
                  .orElseThrow(() -> new IllegalArgumentException("an unknown protection")),
              first.required("simulated").booleanValue(),
              Instant.parse(text(first.required("at"))));
      if (!intent.launchId().equals(launchId)) {
        throw unreadable(file, "its name is not the launch that it tells of");
      }
      JsonNode last = JSON.readTree(lines[lines.length - 1]);
      return new Entry(
          intent,
          LaunchEvent.valueOf(text(last.required("event")).toUpperCase(Locale.ROOT)),
          Instant.parse(text(last.required("at"))),
          held);
    } catch (JacksonException | IllegalArgumentException | DateTimeException cause) {
      throw unreadable(file, "a line of it is not in the form of " + SCHEMA);
    }
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

  private static Failure unreadable(Path file, String why) {
    return new Failure(
        Diagnostic.of(
            Code.JOURNAL_UNREADABLE,
            "cannot read the journal " + file,
            why + ", so that it is unknown whether its launch left a domain behind",
            "see that the host has no domain with the UUID in the file's name, then move it away"));
  }

  private final class JournalFile implements Journal {
    private final LaunchId launchId;
    private final FileChannel lock;
    private final FileChannel channel;
    private boolean ended;

    JournalFile(LaunchId launchId, FileChannel lock, FileChannel channel) {
      this.launchId = launchId;
      this.lock = lock;
      this.channel = channel;
    }

    @Override
    public synchronized void append(LaunchEvent event) throws Failure {
      var line = JSON.createObjectNode();
      line.put("event", id(event));
      line.put("at", clock.instant().toString());
      try {
        write(line);
      } catch (IOException cause) {
        throw AtomicFile.cannotWrite(file(launchId), cause);
      }
      ended = event.isFinal();
    }

    /** What a crash has torn did not count, and what is appended must not continue it. */
    private void dropTornLine() throws IOException {
      byte[] content = Files.readAllBytes(file(launchId));
      int end = content.length;
      while (end > 0 && content[end - 1] != '\n') {
        end--;
      }
      channel.truncate(end);
    }

    /** The whole line or, where the disk is full, nothing of it. */
    private void write(ObjectNode line) throws IOException {
      long before = channel.size();
      var buffer =
          ByteBuffer.wrap((JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      } catch (IOException cause) {
        channel.truncate(before);
        throw cause;
      }
    }

    @Override
    public synchronized void close() {
      try {
        channel.close();
        if (ended) {
          Files.deleteIfExists(lockFile(launchId));
        }
        unlock(launchId, lock);
      } catch (IOException ignored) {
        // Every line is on stable storage already, and the lock goes with the process.
        return;
      } finally {
        HELD_HERE.remove(launchId);
      }
    }
  }
}
