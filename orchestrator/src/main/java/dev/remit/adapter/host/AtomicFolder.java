package dev.remit.adapter.host;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.RevealsSecret;
import dev.remit.bytes.SecretBytes;
import dev.remit.diagnostic.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Files that mean something only together. They are written into a draft beside the folder, mode
 * 0700 and 0600, and get their place at once: whoever sees the folder sees all of them. A process
 * that is killed leaves a draft, whose name begins with {@code .remit-}; an ordinary failure does
 * not. Closing takes away what was not published.
 */
public final class AtomicFolder implements AutoCloseable {
  private final Path target;
  private final Path draft;
  private final List<Path> written = new ArrayList<>();
  private boolean published;
  private boolean closed;

  private AtomicFolder(Path target, Path draft) {
    this.target = target;
    this.draft = draft;
  }

  /** Fails with KEY-002 where something is in its place already, except for an empty folder. */
  public static AtomicFolder draft(Path folder) throws Failure {
    var target = folder.toAbsolutePath().normalize();
    try {
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(target)) {
        throw AtomicFile.taken(target);
      }
      // createTempDirectory makes mode 0700.
      return new AtomicFolder(
          target, Files.createTempDirectory(AtomicFile.requireFolder(target), ".remit-"));
    } catch (IOException cause) {
      throw AtomicFile.cannotWrite(target, cause);
    }
  }

  private static boolean isEmptyFolder(Path place) throws IOException {
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (var entries = Files.list(place)) {
      return entries.findAny().isEmpty();
    }
  }

  public void add(String name, Bytes content) throws Failure {
    write(name, ByteBuffer.wrap(content.toArray()));
  }

  /** In base64, without a line end: as libvirt's documents and virsh take octets. */
  public void addBase64(String name, Bytes content) throws Failure {
    write(name, ByteBuffer.wrap(content.base64().getBytes(StandardCharsets.US_ASCII)));
  }

  /** The secrets one after the other; no copy of them lies on the heap. */
  @RevealsSecret(because = "its owner keeps it in a file that only he can read")
  public void add(String name, SecretBytes... content) throws Failure {
    var parts = new ByteBuffer[content.length];
    for (int part = 0; part < parts.length; part++) {
      parts[part] = content[part].reveal();
    }
    write(name, parts);
  }

  /** Octets that may be too many to hold; those of a file are read once. */
  public void add(String name, ByteSource content) throws Failure {
    write(
        name,
        channel -> {
          try (var in = content.open()) {
            in.transferTo(Channels.newOutputStream(channel));
          }
        });
  }

  /** Where a file is that was added, while there is nothing in its place yet. */
  public Path inDraft(String name) {
    return draft.resolve(name);
  }

  private interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  private void write(String name, ByteBuffer... parts) throws Failure {
    write(
        name,
        channel -> {
          for (var part : parts) {
            while (part.hasRemaining()) {
              channel.write(part);
            }
          }
        });
  }

  private synchronized void write(String name, Content content) throws Failure {
    var file = draft.resolve(name);
    try {
      requireOpen();
      written.add(file);
      try (var channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              AtomicFile.FILE_OWNER_ONLY)) {
        content.writeTo(channel);
        channel.force(true);
      }
    } catch (IOException cause) {
      throw AtomicFile.cannotWrite(target.resolve(name), cause);
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("interrupted");
    }
  }

  /** Gives the folder its place, with everything that was added. */
  public synchronized void publish() throws Failure {
    try {
      requireOpen();
      AtomicFile.syncFolder(draft);
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
      published = true;
      AtomicFile.syncFolder(AtomicFile.requireFolder(target));
    } catch (IOException cause) {
      // The system has several words for it.
      if (!published && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        throw AtomicFile.taken(target);
      }
      throw AtomicFile.cannotWrite(target, cause);
    }
  }

  /** Also from another thread, which then waits for the file that is being written. */
  @Override
  public synchronized void close() {
    closed = true;
    if (published) {
      return;
    }
    try {
      for (var file : written) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(draft);
    } catch (IOException ignored) {
      // What stopped the writing is the news; a draft that stays is told by its name.
      return;
    }
  }
}
