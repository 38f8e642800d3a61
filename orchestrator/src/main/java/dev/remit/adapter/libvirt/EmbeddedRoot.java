package dev.remit.adapter.libvirt;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The folder below which libvirt's QEMU driver lives inside this process, {@code
 * qemu:///embed?root=FOLDER}.
 */
record EmbeddedRoot(Path folder) {
  /** A Unix socket's address has 108 bytes, one of them a zero (Linux, unix(7)). */
  private static final int LONGEST_SOCKET = 107;

  /** The longest path that libvirt makes: number of the domain, and 20 characters of its name. */
  private static final String MONITOR = "/lib/qemu/domain-9999-" + "n".repeat(20) + "/monitor.sock";

  /** By this process. */
  private static final Set<Path> USED = new HashSet<>();

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
      requireOurs();
      writeSettings();
      return emulator.isPresent() ? Optional.of(link(emulator.get())) : Optional.empty();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /**
   * Clears what killed processes left, once before this process uses the root for the first time.
   */
  void clear() throws Failure {
    synchronized (USED) {
      try {
        var real = folder.toRealPath();
        if (!USED.contains(real)) {
          // As libvirt and its QEMU know it, which is how it stands in their arguments.
          new RootLeftOvers(folder).clear();
          USED.add(real);
        }
      } catch (IOException e) {
        throw unusable(e);
      }
    }
  }

  /** Whoever else can write here decides what libvirt does in this process. */
  private void requireOurs() throws Failure, IOException {
    var permissions = Files.getPosixFilePermissions(folder);
    boolean open =
        permissions.contains(PosixFilePermission.GROUP_WRITE)
            || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    if (open || (int) Files.getAttribute(folder, "unix:uid") != LoadedLibvirt.user()) {
      throw new Failure(
          Diagnostic.of(
              Code.CANNOT_WRITE,
              "the embedded root " + folder + " is not ours alone",
              open
                  ? "others than its owner may write to it"
                  : "it belongs to another user than the one who runs Remit",
              "choose another root in the host document's uri, or give this one to yourself alone"));
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
    Files.writeString(file, LoadedLibvirt.user() == 0 ? SETTINGS + SETTINGS_OF_ROOT : SETTINGS);
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
