package dev.remit.adapter.host;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.Location;
import dev.remit.plan.InputFiles;
import dev.remit.secret.SecretSource;
import dev.remit.secret.SecretTable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The files of the tenant's machine. */
public final class HostFiles implements InputFiles, SecretSource {
  @Override
  public ByteSource stream(Path file) throws Failure {
    requireFile(file);
    return () -> Files.newInputStream(file);
  }

  @Override
  public OpenFile open(Path file) throws Failure {
    requireFile(file);
    try {
      var channel = FileChannel.open(file, StandardOpenOption.READ);
      return new ChannelFile(channel, channel.size());
    } catch (IOException cause) {
      throw unreadable(file, reason(cause), cause);
    }
  }

  @Override
  public Bytes read(Path file, int limit) throws Failure {
    try (var open = open(file)) {
      if (open.size() > limit) {
        throw new Failure(
            Diagnostic.at(
                new Location.InFile(file.toString()),
                Code.UNKNOWN_FILE,
                "the file is too large for what it should be",
                "it has %d bytes, and at most %d make sense here".formatted(open.size(), limit),
                "see that this is the file you meant"));
      }
      return open.read(0, (int) open.size());
    } catch (IOException cause) {
      throw unreadable(file, reason(cause), cause);
    }
  }

  @Override
  public long secretSize(Path file) throws Failure {
    requireFile(file);
    try {
      if (!AtomicFile.isPrivate(file)) {
        throw new Failure(
            Diagnostic.at(
                new Location.InFile(file.toString()),
                Code.KEY_FILE_READABLE,
                "others can read the file with a key",
                "its permissions allow more than reading and writing by its owner",
                "run \"chmod 600 " + file + "\", and think about who may have read it"));
      }
      if (AtomicFile.isOfAnotherUser(file)) {
        throw new Failure(
            Diagnostic.at(
                new Location.InFile(file.toString()),
                Code.KEY_FILE_READABLE,
                "another user owns the file with a key",
                "whoever owns a file can read and replace it, whatever its permissions are",
                "copy it to a file of your own, or run Remit as its owner"));
      }
      return Files.size(file);
    } catch (IOException cause) {
      throw unreadable(file, reason(cause), cause);
    }
  }

  @Override
  @RevealsSecret(because = "the secret is read straight into memory off the heap")
  public SecretBytes read(Path file) throws Failure {
    long size = secretSize(file);
    if (size == 0) {
      throw secretOfWrongSize(file, Code.SECRET_EMPTY, "the file with a secret is empty");
    }
    if (size > SecretTable.LARGEST) {
      throw secretOfWrongSize(
          file, Code.SECRET_TOO_LARGE, "the file with a secret has " + size + " bytes");
    }
    var secret = SecretBytes.allocate((int) size);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var window = secret.fill();
      while (window.hasRemaining()) {
        if (channel.read(window) < 0) {
          throw new EOFException("the file became shorter");
        }
      }
      return secret;
    } catch (IOException cause) {
      secret.close();
      throw unreadable(file, reason(cause), cause);
    }
  }

  private static Failure secretOfWrongSize(Path file, Code code, String what) {
    return new Failure(
        Diagnostic.at(
            new Location.InFile(file.toString()),
            code,
            what,
            "a secret has 1 to " + SecretTable.LARGEST + " bytes",
            "see that this is the file you meant"));
  }

  private static void requireFile(Path file) throws Failure {
    if (!Files.exists(file)) {
      throw unreadable(file, "there is no such file", null);
    }
    // A pipe or a device may never end.
    if (!Files.isRegularFile(file)) {
      throw unreadable(file, "it is not a regular file", null);
    }
  }

  private static Failure unreadable(Path file, String why, @Nullable Throwable cause) {
    var diagnostic =
        Diagnostic.at(
            new Location.InFile(file.toString()),
            Code.FILE_MISSING,
            "cannot read " + file,
            why,
            "put the file there, make it readable, or correct the path");
    return cause == null ? new Failure(diagnostic) : new Failure(diagnostic, cause);
  }

  /** What the system says, in words: the classes of its exceptions say more than their messages. */
  static String reason(IOException cause) {
    return switch (cause) {
      case NoSuchFileException missing -> "there is no such file or folder";
      case AccessDeniedException denied -> "its permissions do not allow it";
      default -> {
        String message = cause.getMessage();
        yield message == null ? cause.getClass().getSimpleName() : message;
      }
    };
  }

  private record ChannelFile(FileChannel channel, long size) implements OpenFile {

    @Override
    public Bytes read(long offset, int length) throws IOException {
      if (offset < 0 || length < 0 || length > size - offset) {
        throw new EOFException(length + " bytes at " + offset + " of a file of " + size + " bytes");
      }
      var buffer = ByteBuffer.allocate(length);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new EOFException("the file became shorter");
        }
      }
      return Bytes.copyOf(buffer.array());
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException ignored) {
        // It was only read.
        return;
      }
    }
  }
}
