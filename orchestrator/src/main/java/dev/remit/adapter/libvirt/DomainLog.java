package dev.remit.adapter.libvirt;

import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * libvirt's log of the domains of one name on this machine. The host's word, as all that libvirt
 * says; QEMU writes into it too.
 */
record DomainLog(Path file) {
  /** Bytes from the end; a start takes about ten thousand. */
  private static final int READ = 1 << 20;

  /** libvirt, qemu_process.c, qemuProcessStop (libvirt 11.3). */
  private static final Pattern END =
      Pattern.compile("(?m)^[0-9: .+-]{20,40}: shutting down, reason=([a-z-]{1,20})$");

  private static final Pattern START =
      Pattern.compile("(?m)^[0-9: .+-]{20,40}: starting up libvirt version");

  /**
   * Empty where libvirt runs on another machine.
   *
   * @param uri one that the rules for host documents allow
   */
  static Optional<DomainLog> at(String uri, String name) {
    return folder(uri).map(folder -> new DomainLog(folder.resolve(name + ".log")));
  }

  private static Optional<Path> folder(String uri) {
    var root = EmbeddedRoot.in(uri);
    if (root.isPresent()) {
      return Optional.of(root.get().folder().resolve("log/qemu"));
    }
    return switch (uri) {
      case "qemu:///system" -> Optional.of(Path.of("/var/log/libvirt/qemu"));
      case "qemu:///session" -> Optional.of(sessionLogs(System.getenv()));
      default -> Optional.empty();
    };
  }

  /** As the XDG base directory specification has it, with which libvirt goes. */
  static Path sessionLogs(Map<String, String> environment) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path caches =
        cache.isEmpty() ? Path.of(environment.getOrDefault("HOME", "/"), ".cache") : Path.of(cache);
    return caches.resolve("libvirt/qemu/log");
  }

  /**
   * What it says of a launch; untold where it cannot be read in time or says nothing.
   *
   * @param patience somebody may have put there what is never read to its end
   */
  Ending ending(LaunchId launchId, Patience patience) throws Failure {
    return ending(launchId, patience, this::tail);
  }

  static Ending ending(LaunchId launchId, Patience patience, BoundedCalls.Call<String> read)
      throws Failure {
    var limit = patience.left();
    try {
      return ending(launchId, BoundedCalls.within(limit, "log", read, late -> {}));
    } catch (BoundedCalls.Expired expired) {
      patience.expired(limit);
      return Ending.UNTOLD;
    } catch (LibvirtError | UncheckedIOException unreadable) {
      return Ending.UNTOLD;
    }
  }

  private static Ending ending(LaunchId launchId, String text) {
    // QEMU's arguments stand between a start and its end.
    int ours = text.lastIndexOf("-uuid " + launchId);
    if (ours < 0) {
      return Ending.UNTOLD;
    }
    var next = START.matcher(text);
    int until = next.find(ours) ? next.start() : text.length();
    var end = END.matcher(text).region(ours, until);
    var ending = Ending.UNTOLD;
    while (end.find()) {
      ending = named(end.group(1));
    }
    return ending;
  }

  private static Ending named(String reason) {
    return switch (reason) {
      case "shutdown" -> Ending.SHUTDOWN;
      case "destroyed" -> Ending.DESTROYED;
      case "crashed" -> Ending.CRASHED;
      case "failed" -> Ending.FAILED;
      case "migrated", "saved", "daemon" -> Ending.TAKEN_AWAY;
      default -> Ending.UNTOLD;
    };
  }

  private String tail() {
    try {
      return readTail();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private String readTail() throws IOException {
    // A pipe or a device may never end.
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("not a regular file");
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      long size = channel.size();
      int length = (int) Math.min(size, READ);
      var buffer = ByteBuffer.allocate(length);
      while (buffer.hasRemaining()
          && channel.read(buffer, size - length + buffer.position()) >= 0) {}
      return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
    }
  }
}
