package dev.remit.adapter.host;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files that only their owner can read, whole or not at all. */
public final class AtomicFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER_OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final int ROOT = 0;

  /** The folder is the process's user's, also of one that is closed to debuggers (proc_pid(5)). */
  private static final Path THIS_PROCESS = Path.of("/proc/self");

  static final FileAttribute<Set<PosixFilePermission>> FILE_OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(OWNER_ONLY);

  private AtomicFile() {}

  /** Mode 0600, in place of what was there before. */
  public static void write(Path file, Bytes content) throws Failure {
    var target = file.toAbsolutePath();
    try {
      Path folder = requireFolder(target);
      // A link, a device or a pipe would be replaced, and not written to.
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
          && !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("something else than a regular file is in its place");
      }
      Path draft = Files.createTempFile(folder, ".remit-", ".draft");
      try {
        // createTempFile makes mode 0600.
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
          var buffer = ByteBuffer.wrap(content.toArray());
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
          channel.force(true);
        }
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
      syncFolder(folder);
    } catch (IOException cause) {
      throw cannotWrite(target, cause);
    }
  }

  /** Mode 0600, where nothing was before; fails with KEY-002 where something is. */
  public static void writeNew(Path file, Bytes content) throws Failure {
    writeNew(file, ByteBuffer.wrap(content.toArray()));
  }

  /** The same; no copy of the secret lies on the heap. */
  @RevealsSecret(because = "its owner keeps it in a file that only he can read")
  public static void writeNew(Path file, SecretBytes content) throws Failure {
    writeNew(file, content.reveal());
  }

  private static void writeNew(Path file, ByteBuffer content) throws Failure {
    var target = file.toAbsolutePath();
    try {
      Path folder = requireFolder(target);
      Path draft = Files.createTempFile(folder, ".remit-", ".draft");
      try {
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
          while (content.hasRemaining()) {
            channel.write(content);
          }
          channel.force(true);
        }
        Files.createLink(target, draft); // unlike a move, fails where something is
      } finally {
        Files.deleteIfExists(draft);
      }
      syncFolder(folder);
    } catch (FileAlreadyExistsException there) {
      throw taken(target);
    } catch (IOException cause) {
      throw cannotWrite(target, cause);
    }
  }

  /** Takes a file of ours away again. */
  public static void remove(Path file) throws Failure {
    try {
      Files.deleteIfExists(file);
    } catch (IOException cause) {
      throw cannotWrite(file, cause);
    }
  }

  static Failure taken(Path target) {
    return new Failure(
        Diagnostic.at(
            new Location.InFile(target.toString()),
            Code.PLACE_TAKEN,
            "there is something in the place of what would be written",
            "keys and what was made with them are never overwritten: a VM may still need them",
            "name another place, or move away what is there"));
  }

  static Path requireFolder(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException("a file stands in a folder");
    }
    makePrivateFolder(folder);
    return folder;
  }

  /** Makes a folder, mode 0700, with those above it, where it is not there. */
  static void makePrivateFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, FOLDER_OWNER_ONLY);
    }
  }

  /** Makes the entries of a folder survive a power failure. */
  static void syncFolder(Path folder) throws IOException {
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Of the file itself, wherever a link to it stands: the permissions of a link say nothing. */
  static boolean isPrivate(Path file) throws IOException {
    return OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file));
  }

  /** Whether a user owns it that is neither the one of this process nor root. */
  static boolean isOfAnotherUser(Path file) throws IOException {
    return isOfAnotherUser(file, owner(THIS_PROCESS));
  }

  static boolean isOfAnotherUser(Path file, int user) throws IOException {
    int owner = owner(file);
    return owner != ROOT && owner != user;
  }

  private static int owner(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid");
  }

  static Failure cannotWrite(Path file, IOException cause) {
    return new Failure(
        Diagnostic.of(
            Code.CANNOT_WRITE,
            "cannot write " + file,
            HostFiles.reason(cause),
            "make its folder writable, make room, or name another place"),
        cause);
  }
}
