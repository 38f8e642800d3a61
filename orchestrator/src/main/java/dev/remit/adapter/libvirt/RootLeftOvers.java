package dev.remit.adapter.libvirt;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process that was killed has left in the root of its embedded libvirt, and what libvirt
 * itself does not clear: a QEMU that was asked what it can do, and a domain whose start was under
 * way and had no QEMU yet. Of the latter libvirt reads back that it starts, for ever: it can
 * neither be destroyed nor started again (libvirt 11.3, qemuProcessReconnectHelper, "obj->pid ==
 * 0").
 */
final class RootLeftOvers {
  private static final Logger LOG = LoggerFactory.getLogger(RootLeftOvers.class);

  /** Where a domain's state begins, with some room: a fixed comment stands before it. */
  private static final int HEAD = 4096;

  private static final Pattern WITHOUT_QEMU = Pattern.compile("<domstatus [^>]*\\bpid='0'");

  /** The last folder of the path; the ones before it are known. */
  private static final Pattern MONITOR =
      Pattern.compile("<monitor path='[^']*/(domain-[^/']+)/monitor\\.sock'");

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,9}");

  private final Path states;
  private final Path folders;

  RootLeftOvers(Path root) {
    this.states = root.resolve("run/qemu");
    this.folders = root.resolve("lib/qemu");
  }

  /**
   * Clears the root where no process holds it; to be called before this process does, since a lock
   * of ours on the same file ends libvirt's with it (Linux, fcntl(2), "record locks"). What cannot
   * be cleared stays, and keeps nobody from the rest.
   */
  void clear() throws IOException {
    var file = states.resolve("driver.pid");
    var key = key(file);
    if (key == null) {
      return;
    }
    // Of the same kind and octet as libvirt's own (libvirt, virPidFileAcquirePath).
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var lock = channel.tryLock(0, 1, false)) {
      // Somebody who does not come up removes the file, and another makes it anew.
      if (lock != null && key.equals(key(file))) {
        endQuestions();
        endStarts();
      }
    } catch (NoSuchFileException e) {
      LOG.debug("somebody else begins or ends with {}", states);
    }
  }

  private static @Nullable Object key(Path file) throws IOException {
    return isRegular(file)
        ? Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey()
        : null;
  }

  /** The folders of libvirt's questions to QEMU (libvirt, qemuProcessQMPNew). */
  private void endQuestions() throws IOException {
    for (Path question : named(folders, "qmp-*")) {
      end(question.resolve("qmp.pid"), question);
      deleteFolder(question);
    }
  }

  private void endStarts() throws IOException {
    for (Path state : named(states, "*.xml")) {
      String head = head(state);
      if (WITHOUT_QEMU.matcher(head).find()) {
        LOG.debug("{} is of a start that nobody ends any more", state);
        var pid = states.resolve(state.getFileName().toString().replaceFirst("xml$", "pid"));
        var monitor = MONITOR.matcher(head);
        if (monitor.find()) {
          // The folder also holds the domain's master key.
          var folder = folders.resolve(monitor.group(1));
          end(pid, folder);
          deleteFolder(folder);
        }
        delete(pid);
        delete(state);
      }
    }
  }

  /** Ends a QEMU, unless another process has its number by now: it names its folder as argument. */
  private static void end(Path pidFile, Path folder) {
    try {
      if (isRegular(pidFile)) {
        // Found first: where it has another number than the arguments, it is not destroyed.
        var process = process(Files.readString(pidFile, StandardCharsets.ISO_8859_1).strip());
        if (process.isPresent() && arguments(process.get()).contains(folder + "/")) {
          process.get().destroyForcibly();
        }
      }
    } catch (IOException e) {
      LOG.debug("no process is known to work in {}", folder, e);
    }
  }

  private static Optional<ProcessHandle> process(String number) {
    return NUMBER.matcher(number).matches()
        ? ProcessHandle.of(Long.parseLong(number))
        : Optional.empty();
  }

  private static String arguments(ProcessHandle process) throws IOException {
    return Files.readString(
        Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      for (Path file : named(folder, "*")) {
        delete(file);
      }
      delete(folder);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("{} stays", file, e);
    }
  }

  private static List<Path> named(Path folder, String glob) throws IOException {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      try (var listed = Files.newDirectoryStream(folder, glob)) {
        listed.forEach(found::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return found;
  }

  private static String head(Path file) throws IOException {
    if (!isRegular(file)) {
      return "";
    }
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
    }
  }

  private static boolean isRegular(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }
}
