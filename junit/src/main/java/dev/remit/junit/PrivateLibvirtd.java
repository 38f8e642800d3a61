package dev.remit.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
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
   * Puts folders below $1 over libvirt's own and becomes the daemon, $2, which finds the simulator
   * in $3 before any other QEMU. In a user namespace /run is made new: nothing can be added to it
   * there.
   */
  private static final String START =
      """
      set -eu
      [ -d /run/libvirt ] || mkdir /run/libvirt 2>/dev/null || mount -t tmpfs tmpfs /run
      for place in /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt /run/libvirt; do
        mkdir -p "$1$place" "$place"
        mount --bind "$1$place" "$place"
      done
      PATH=$3:$PATH
      exec "$2" -f "$1/libvirtd.conf" -p "$1/pid"
      """;

  private final SimulatedHost host;
  private final Path folder;
  private final Process process;

  private PrivateLibvirtd(SimulatedHost host, Path folder, Process process) {
    this.host = host;
    this.folder = folder;
    this.process = process;
  }

  /** Returns when the daemon answers. */
  public static PrivateLibvirtd start(SimulatedHost host) {
    Path folder = host.folder().resolve("libvirtd");
    try {
      Path settings = Files.createDirectories(folder.resolve("etc/libvirt"));
      Files.writeString(
          folder.resolve("libvirtd.conf"),
          """
          unix_sock_dir = "%s"
          unix_sock_rw_perms = "0700"
          auth_unix_rw = "none"
          auth_unix_ro = "none"
          """
              .formatted(folder));
      Files.writeString(
          settings.resolve("qemu.conf"),
          """
          namespaces = []
          cgroup_controllers = []
          security_driver = "none"
          stdio_handler = "file"
          user = "root"
          group = "root"
          """);
      var started = new PrivateLibvirtd(host, folder, daemon(host, folder));
      started.awaitAnswer();
      return started;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private static Process daemon(SimulatedHost host, Path folder) throws IOException {
    var line = new ArrayList<>(List.of("unshare", "--mount"));
    if (!System.getProperty("user.name").equals("root")) {
      line.add("--map-root-user");
    }
    line.addAll(List.of("sh", "-c", START, "libvirtd", folder.toString()));
    line.add(host.programs().libvirtd().toString());
    line.add(host.simulatorFolder().resolve("bin").toString());
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output").toFile())
        .start();
  }

  private void awaitAnswer() throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (virsh("uri").status() != 0) {
      if (!process.isAlive() || System.nanoTime() > end) {
        close();
        throw new IllegalStateException(
            "libvirtd does not answer; it said: " + Files.readString(folder.resolve("output")));
      }
    }
  }

  /** By which other programs reach the daemon. */
  public String uri() {
    return "qemu+unix:///system?socket=" + folder.resolve("libvirt-sock");
  }

  /** The daemon itself. */
  public ProcessHandle process() {
    return process.toHandle();
  }

  /** Runs a command of virsh on the daemon. */
  public Run virsh(String... arguments) {
    var all = new ArrayList<>(List.of("--quiet", "--connect", uri()));
    all.addAll(List.of(arguments));
    return Programs.run(LIMIT, Path.of("/usr/bin/virsh"), all);
  }

  @Override
  public void close() {
    // The daemon first, so that it starts nothing again.
    process.destroyForcibly();
    try {
      process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    host.endProcesses();
  }
}
