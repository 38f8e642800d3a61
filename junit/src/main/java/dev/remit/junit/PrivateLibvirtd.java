package dev.remit.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A libvirtd of a test's own, beside those of the machine: its settings, state and socket lie in
 * the folder of a {@link SimulatedHost}, whose emulator it starts by itself. Closing it ends the
 * daemon and every guest.
 *
 * <p>libvirt has these paths built in, so that the daemon runs in a mount namespace of its own
 * where they are folders of ours. It needs root, or user namespaces.
 */
public final class PrivateLibvirtd implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * Puts folders below $1 over libvirt's own. What is mounted goes away with the last process in
   * there. In a user namespace /run is made new: nothing can be added to it there.
   */
  private static final String NAMESPACE =
      """
      set -eu
      [ -d /run/libvirt ] || mkdir /run/libvirt 2>/dev/null || mount -t tmpfs tmpfs /run
      for place in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /run/libvirt; do
        mkdir -p "$1$place" "$place"
        mount --bind "$1$place" "$place"
      done
      echo ready
      exec sleep infinity
      """;

  /** As the simulator needs it: see its README. */
  private static final String QEMU =
      """
      namespaces = []
      cgroup_controllers = []
      security_driver = "none"
      stdio_handler = "file"
      dynamic_ownership = 0
      max_core = 0
      user = "root"
      group = "root"
      """;

  private static final String DAEMON =
      """
      unix_sock_rw_perms = "0700"
      auth_unix_rw = "none"
      auth_unix_ro = "none"
      """;

  private final SimulatedHost host;
  private final Path folder;
  private final Process namespace;
  private Process daemon;

  private PrivateLibvirtd(SimulatedHost host, Path folder, Process namespace) throws IOException {
    this.host = host;
    this.folder = folder;
    this.namespace = namespace;
    this.daemon = startDaemon();
  }

  /** Returns when the daemon answers. */
  public static PrivateLibvirtd start(SimulatedHost host) {
    Path folder = host.folder().resolve("libvirtd");
    try {
      Path settings = Files.createDirectories(folder.resolve("etc/libvirt"));
      Files.writeString(settings.resolve("libvirtd.conf"), DAEMON);
      Files.writeString(settings.resolve("qemu.conf"), QEMU);
      Files.writeString(documentIn(host), host.documentOf("qemu:///system"));
      var started = new PrivateLibvirtd(host, folder, namespace(folder));
      started.awaitAnswer();
      return started;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private static Process namespace(Path folder) throws IOException {
    var line = new ArrayList<>(List.of("unshare", "--mount"));
    if (!isRoot()) {
      line.add("--map-root-user");
    }
    line.addAll(List.of("--", "sh", "-c", NAMESPACE, "sh", folder.toString()));
    Path log = folder.resolve("namespace.log");
    var started = new ProcessBuilder(line).redirectError(log.toFile()).start();
    String said = started.inputReader(StandardCharsets.UTF_8).readLine();
    if (!"ready".equals(said)) {
      throw new IllegalStateException("no namespace: " + Files.readString(log));
    }
    return started;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private Process startDaemon() throws IOException {
    // One that was killed left it, and would seem to listen.
    Files.deleteIfExists(socket());
    var line = inside(List.of(host.programs().libvirtd().toString(), "-p", folder + "/pid"));
    // nodesevinfo tells of the QEMU that libvirt finds on its path.
    String simulator = host.simulatorFolder().resolve("bin").toString();
    line.environment().merge("PATH", simulator, (path, first) -> first + ":" + path);
    return line.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
  }

  private void awaitAnswer() throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (virsh("uri").status() != 0) {
      if (!daemon.isAlive() || System.nanoTime() > end) {
        close();
        throw new IllegalStateException(
            "libvirtd does not answer; it said: " + Files.readString(folder.resolve("output")));
      }
    }
  }

  private Path socket() {
    return folder.resolve("run/libvirt/libvirt-sock");
  }

  /** By which other programs reach the daemon. */
  public String uri() {
    return "qemu+unix:///system?socket=" + socket();
  }

  /** The daemon itself. */
  public ProcessHandle process() {
    return daemon.toHandle();
  }

  /** Starts the daemon again where it was killed; returns when it answers. */
  public void revive() {
    if (daemon.isAlive()) {
      return;
    }
    try {
      daemon = startDaemon();
      awaitAnswer();
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** Runs a command of virsh on the daemon. */
  public Run virsh(String... arguments) {
    var all = new ArrayList<>(List.of("--quiet", "--connect", uri()));
    all.addAll(List.of(arguments));
    return Programs.run(LIMIT, Path.of("/usr/bin/virsh"), all);
  }

  /** A command for which this daemon is the system's, {@code qemu:///system}, its logs included. */
  public ProcessBuilder inside(List<String> command) {
    var line = new ArrayList<>(List.of("nsenter", "-t", Long.toString(namespace.pid()), "--mount"));
    if (!isRoot()) {
      line.addAll(List.of("--user", "--preserve-credentials"));
    }
    line.add("--");
    line.addAll(command);
    return new ProcessBuilder(line);
  }

  /** By which Remit names this daemon where it runs {@link #inside}. */
  public Path document() {
    return documentIn(host);
  }

  private static Path documentIn(SimulatedHost host) {
    return host.folder().resolve("libvirtd.yaml");
  }

  /** The line that runs Remit {@link #inside}, at this daemon and with the host's state folder. */
  public List<String> remit(List<String> arguments) {
    var line = new ArrayList<>(List.of(host.programs().remit().toString()));
    line.addAll(List.of("--state", host.state().toString()));
    line.addAll(arguments);
    line.addAll(List.of("--host", document().toString()));
    return line;
  }

  @Override
  public void close() {
    // The daemon first, so that it starts nothing again.
    for (var process : List.of(daemon, namespace)) {
      process.destroyForcibly();
      try {
        process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    host.endProcesses();
  }
}
