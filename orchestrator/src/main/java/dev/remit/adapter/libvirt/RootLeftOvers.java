package dev.remit.adapter.libvirt;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a process that was killed has left in the root of its embedded libvirt, and what libvirt
 * itself does not clear: a QEMU that was asked what it can do, and a domain whose start was under
 * way and had no QEMU yet. Of the latter libvirt reads back that it starts, for ever: it can
 * neither be destroyed nor started again (libvirt 11.3, qemuProcessReconnectHelper, "obj->pid ==
 * 0").
 */
final class RootLeftOvers {
  /** Where a domain's state begins, with some room: a fixed comment stands before it. */
  private static final int HEAD = 4096;

  private static final Pattern WITHOUT_QEMU = Pattern.compile("<domstatus [^>]*\\bpid='0'");
  private static final Pattern MONITOR = Pattern.compile("<monitor path='([^']*)/monitor\\.sock'");
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,9}");

  private final Path states;
  private final Path folders;

  RootLeftOvers(Path root) {
    this.states = root.resolve("run/qemu");
    this.folders = root.resolve("lib/qemu");
  }

  /**
   * Clears the root where no process holds it; to be called before this process does, since a lock
   * of ours on the same file ends libvirt's with it (Linux, fcntl(2), "record locks").
   */
  void clear() throws IOException {
    var lock = states.resolve("driver.pid");
    if (!Files.exists(lock)) {
      return;
    }
    // Of the same kind and octet as libvirt's own (libvirt, virPidFileAcquirePath).
    try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        var held = channel.tryLock(0, 1, false)) {
      if (held != null) {
        endQuestions();
        endStarts();
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
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
        String name = state.getFileName().toString().replaceFirst("\\.xml$", "");
        var monitor = MONITOR.matcher(head);
        // The folder also holds the domain's master key.
        if (monitor.find() && folders.equals(Path.of(monitor.group(1)).getParent())) {
          var folder = Path.of(monitor.group(1));
          end(states.resolve(name + ".pid"), folder);
          deleteFolder(folder);
        }
        Files.deleteIfExists(states.resolve(name + ".pid"));
        Files.delete(state);
      }
    }
  }

  /** Ends a QEMU, unless another process has its number by now: it names its folder as argument. */
  private static void end(Path pidFile, Path folder) throws IOException {
    if (!Files.exists(pidFile)) {
      return;
    }
    String pid = Files.readString(pidFile, StandardCharsets.ISO_8859_1).strip();
    var arguments = Path.of("/proc", NUMBER.matcher(pid).matches() ? pid : "none", "cmdline");
    if (Files.exists(arguments)
        && Files.readString(arguments, StandardCharsets.ISO_8859_1).contains(folder.toString())) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      for (Path file : named(folder, "*")) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    }
  }

  private static List<Path> named(Path folder, String glob) throws IOException {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(folder)) {
      try (var listed = Files.newDirectoryStream(folder, glob)) {
        listed.forEach(found::add);
      }
    }
    return found;
  }

  private static String head(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
    }
  }
}
