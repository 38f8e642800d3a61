package dev.remit.it;

import dev.remit.junit.SimulatedHost;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A libvirtd of its own that nobody else on the machine meets: in a mount namespace in which the
 * folders of a system's libvirtd are those of one host. What speaks with it runs in there too.
 */
final class PrivateLibvirtd implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** The first argument is the folder. What is mounted goes away with the last process in there. */
  private static final String NAMESPACE =
      """
      set -e
      for part in run lib log cache; do
        mkdir -p "$1/$part"
        [ $part = run ] && at=/run/libvirt || at=/var/$part/libvirt
        mkdir -p $at
        mount --bind "$1/$part" $at
      done
      mkdir -p "$1/etc/qemu" /etc/libvirt
      mount --bind "$1/etc" /etc/libvirt
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

  /** Serves the simulated platform of a host, in its folder. */
  static PrivateLibvirtd start(SimulatedHost host) {
    Path folder = host.folder().resolve("libvirtd");
    try {
      Files.createDirectories(folder.resolve("etc"));
      Files.writeString(folder.resolve("etc/qemu.conf"), QEMU);
      Files.writeString(folder.resolve("etc/libvirtd.conf"), DAEMON);
      Files.writeString(host.folder().resolve("daemon.yaml"), hostDocument());
      var namespace =
          new ProcessBuilder(
                  "unshare", "--mount", "--", "sh", "-c", NAMESPACE, "sh", folder.toString())
              .redirectError(folder.resolve("namespace.log").toFile())
              .start();
      String said = namespace.inputReader(StandardCharsets.UTF_8).readLine();
      if (!"ready".equals(said)) {
        throw new IllegalStateException(
            "no namespace: " + Files.readString(folder.resolve("namespace.log")));
      }
      return new PrivateLibvirtd(host, folder, namespace);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private static String hostDocument() {
    return """
    apiVersion: remit.dev/v1alpha1
    kind: Host
    metadata: {name: daemon}
    spec:
      uri: "qemu:///system"
      emulator: simulator/qemu
      insecureRoot: simulator/simulated-ca.cert
      consoleFolder: console
    """;
  }

  private Process startDaemon() throws IOException {
    Path socket = folder.resolve("run/libvirt-sock");
    Files.deleteIfExists(socket);
    var builder =
        inside(
            List.of(
                host.programs().libvirtd().toString(),
                "--pid-file",
                folder.resolve("run/pid").toString()));
    File log = folder.resolve("libvirtd.log").toFile();
    builder.redirectOutput(log).redirectError(log);
    // nodesevinfo tells of the QEMU that libvirt finds on its path.
    builder
        .environment()
        .merge(
            "PATH",
            host.simulatorFolder().resolve("bin").toString(),
            (path, first) -> first + ":" + path);
    var started = builder.start();
    Waiting.until(LIMIT, "libvirtd listens", () -> Files.exists(socket));
    return started;
  }

  /** A command that runs where this libvirtd is the system's. */
  ProcessBuilder inside(List<String> command) {
    var line =
        new ArrayList<>(List.of("nsenter", "-t", Long.toString(namespace.pid()), "-m", "--"));
    line.addAll(command);
    return new ProcessBuilder(line);
  }

  /** By which Remit names this libvirtd, in there. */
  Path document() {
    return host.folder().resolve("daemon.yaml");
  }

  /** Remit with the host's state folder, at this libvirtd. */
  ProcessBuilder remit(List<String> arguments) {
    return inside(remitLine(arguments));
  }

  /** The same, as the line that is to run in there. */
  List<String> remitLine(List<String> arguments) {
    var line =
        new ArrayList<>(
            List.of(host.programs().remit().toString(), "--state", host.state().toString()));
    line.addAll(arguments);
    line.addAll(List.of("--host", document().toString()));
    return line;
  }

  long pid() {
    return daemon.pid();
  }

  /** Starts it again where it was killed. */
  void revive() throws IOException {
    if (!daemon.isAlive()) {
      daemon = startDaemon();
    }
  }

  @Override
  public void close() {
    daemon.destroyForcibly().onExit().join();
    namespace.destroyForcibly().onExit().join();
  }
}
