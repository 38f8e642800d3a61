package dev.remit.adapter.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A file that is locked while somebody works on what it stands for; the lock ends with him. */
final class LockFile implements AutoCloseable {
  static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

  // A process that closes any channel on a file loses its POSIX locks on it: a lock file that this
  // process holds is never opened a second time.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  // Whoever lists what the locks stand for holds each for an instant, and is not to be taken for
  // somebody at work.
  private static final int AGAIN = 10;
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Path key;
  private final FileChannel channel;

  private LockFile(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * Empty where somebody holds it, in this process or in another.
   *
   * @param folder which must be there
   */
  static Optional<LockFile> tryLock(Path folder, String name) throws IOException {
    Path key = folder.toRealPath().resolve(name);
    if (!HELD_HERE.add(key)) {
      return Optional.empty();
    }
    boolean locked = false;
    try {
      var channel = FileChannel.open(key, OPTIONS, OWNER_ONLY);
      try {
        locked = channel.tryLock() != null;
      } finally {
        if (!locked) {
          channel.close();
        }
      }
      return locked ? Optional.of(new LockFile(key, channel)) : Optional.empty();
    } finally {
      if (!locked) {
        HELD_HERE.remove(key);
      }
    }
  }

  /** The same, a few times; empty where somebody holds it all the while, or interrupts. */
  static Optional<LockFile> lockSoon(Path folder, String name) throws IOException {
    var lock = tryLock(folder, name);
    for (int again = 0; lock.isEmpty() && again < AGAIN; again++) {
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
      lock = tryLock(folder, name);
    }
    return lock;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // The lock goes with the process at the latest.
      return;
    } finally {
      HELD_HERE.remove(key);
    }
  }
}
