package dev.remit.adapter.libvirt;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The folder below which libvirt's QEMU driver lives inside this process, {@code
 * qemu:///embed?root=FOLDER}.
 */
record EmbeddedRoot(Path folder) {
  /** A Unix socket's address has 108 bytes, one of them a zero (Linux, unix(7)). */
  private static final int LONGEST_SOCKET = 107;

  /** The longest path that libvirt makes: number of the domain, and 20 characters of its name. */
  private static final String MONITOR = "/lib/qemu/domain-9999-" + "n".repeat(20) + "/monitor.sock";

  static final int LONGEST = LONGEST_SOCKET - MONITOR.length();

  /**
   * libvirt's driver as a guest of another process: no namespaces and control groups of its own, no
   * daemon for logs. With control groups, libvirt would also demand that /dev/sev exists. Without a
   * limit of its own for core files it would raise that of this process, which has given that up.
   */
  private static final String SETTINGS =
      """
      namespaces = []
      cgroup_controllers = []
      security_driver = "none"
      stdio_handler = "file"
      dynamic_ownership = 0
      max_core = 0
      """;

  private static final String SETTINGS_OF_ROOT =
      """
      user = "root"
      group = "root"
      """;

  /** Empty where the URI is of a libvirt outside this process. */
  static Optional<EmbeddedRoot> in(String uri) {
    var parsed = URI.create(uri);
    if (!"/embed".equals(parsed.getPath()) || parsed.getRawQuery() == null) {
      return Optional.empty();
    }
    return Arrays.stream(parsed.getRawQuery().split("&"))
        .filter(parameter -> parameter.startsWith("root="))
        .map(parameter -> URI.create("?" + parameter).getQuery().substring("root=".length()))
        .findFirst()
        .map(root -> new EmbeddedRoot(Path.of(root)));
  }

  /**
   * Makes what libvirt needs and leaves what is there as it is.
   *
   * @param emulator what libvirt is to take for the host's own QEMU
   * @return the folder to be searched for QEMU first
   */
  Optional<Path> prepare(Optional<Path> emulator) throws Failure {
    requireShort();
    if (emulator.isPresent() && !Files.isExecutable(emulator.get())) {
      throw new Failure(
          Diagnostic.of(
              Code.NO_EMULATOR,
              "there is no program " + emulator.get(),
              "the host document names it as its emulator",
              "correct emulator in the host document, or install it there"));
    }
    try {
      // Master keys of domains lie below.
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      writeSettings();
      return emulator.isPresent() ? Optional.of(link(emulator.get())) : Optional.empty();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * The folders in which libvirt asks QEMU what it can do, one for each question under way
   * (libvirt, qemuProcessQMPNew). What is there before this process holds the root is of one that
   * ended in the middle of it, and so is the QEMU.
   */
  List<Path> questions() throws Failure {
    var folders = folder.resolve("lib/qemu");
    if (!Files.isDirectory(folders)) {
      return List.of();
    }
    var found = new ArrayList<Path>();
    try (var listed = Files.newDirectoryStream(folders, "qmp-*")) {
      listed.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      throw unusable(e);
    }
    return List.copyOf(found);
  }

  /** Ends the QEMU of each, which has no guest, and removes the folder. */
  static void end(List<Path> questions) throws Failure {
    for (Path question : questions) {
      try {
        endQemu(question);
        try (var files = Files.newDirectoryStream(question)) {
          for (Path file : files) {
            Files.deleteIfExists(file);
          }
        }
        Files.deleteIfExists(question);
      } catch (IOException | DirectoryIteratorException e) {
        throw new EmbeddedRoot(question).unusable(e);
      }
    }
  }

  /** Another process may have the number by now: QEMU names its folder on its command line. */
  private static void endQemu(Path question) throws IOException {
    var pidFile = question.resolve("qmp.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    String pid = Files.readString(pidFile).strip();
    if (!pid.matches("[1-9][0-9]{0,9}")) {
      return;
    }
    var arguments = Path.of("/proc", pid, "cmdline");
    if (Files.exists(arguments)
        && Files.readString(arguments, StandardCharsets.ISO_8859_1).contains(question.toString())) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private Failure unusable(Exception cause) {
    return new Failure(
        Diagnostic.of(
            Code.CANNOT_WRITE,
            "the embedded root " + folder + " cannot be prepared",
            cause.toString(),
            "choose another root in the host document's uri, or make this one writable"),
        cause);
  }

  private void requireShort() throws Failure {
    int length = folder.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST) {
      throw new Failure(
          Diagnostic.of(
              Code.ROOT_TOO_LONG,
              "the path of the embedded root has %d bytes".formatted(length),
              "libvirt puts sockets below it, and a socket's path has at most %d bytes"
                  .formatted(LONGEST_SOCKET),
              "choose one of at most %d bytes".formatted(LONGEST)));
    }
  }

  private void writeSettings() throws IOException {
    var etc = folder.resolve("etc");
    var file = etc.resolve("qemu.conf");
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(etc);
    Files.writeString(file, LoadedLibvirt.runsAsRoot() ? SETTINGS + SETTINGS_OF_ROOT : SETTINGS);
  }

  /**
   * {@code virNodeGetSEVInfo} speaks of the QEMU that libvirt finds on its path, whatever emulator
   * a domain names: a link makes them one.
   */
  private Path link(Path emulator) throws IOException {
    var searched = folder.resolve("emulator");
    var link = searched.resolve("qemu-system-x86_64");
    if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(emulator)) {
      Files.createDirectories(searched);
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, emulator);
    }
    return searched;
  }
}
