package dev.remit.it;

import dev.remit.junit.PrivateLibvirtd;
import dev.remit.junit.Programs;
import dev.remit.junit.Run;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Remit at a libvirtd of our own, with guests that have names and disks of theirs. */
final class PrivateLibvirt implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final SimulatedHost host;
  private final PrivateLibvirtd daemon;

  private PrivateLibvirt(SimulatedHost host, PrivateLibvirtd daemon) {
    this.host = host;
    this.daemon = daemon;
  }

  static PrivateLibvirt start() {
    var host = SimulatedHost.create(Programs.find());
    try {
      return new PrivateLibvirt(host, PrivateLibvirtd.start(host));
    } catch (RuntimeException cause) {
      host.close();
      throw cause;
    }
  }

  Path folder() {
    return host.folder();
  }

  /** The jar that {@code bin/remit} starts, which names its libraries. */
  Path program() throws IOException {
    try (var jars = Files.list(host.programs().checkout().resolve("orchestrator/target"))) {
      return jars.filter(jar ->
              jar.getFileName().toString().matches("remit-orchestrator-[0-9][^-]*(-SNAPSHOT)?.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  Path document() {
    return daemon.document();
  }

  Path state() {
    return host.state();
  }

  Path console(String name) {
    return host.console(name);
  }

  /**
   * The example's guest under a name, with a disk of its own.
   *
   * @param init what the kernel is to start in the place of the guest's own program, or nothing
   */
  Path spec(String name, String init) throws IOException {
    Path guest = host.programs().guest();
    Path disk = copy(guest.resolve("disk.luks"), name + ".luks");
    Path key = copy(guest.resolve("disk.key"), name + ".key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    // On a busy machine a guest may wait in vain for its timer.
    String text =
        Files.readString(host.programs().checkout().resolve("examples/hello-sev.yaml"))
            .replace("../build/guest/disk.luks", disk.toString())
            .replace("../build/guest/disk.key", key.toString())
            .replace("../build/guest", guest.toString())
            .replace("name: hello-sev ", "name: " + name + " ")
            .replace("remit.secret=devmem", ("remit.secret=devmem no_timer_check " + init).strip());
    return Files.writeString(folder().resolve(name + ".yaml"), text);
  }

  private Path copy(Path from, String name) throws IOException {
    return Files.copy(from, folder().resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  void faults(String... faults) {
    host.faults(faults);
  }

  /** What the simulated processor did, one JSON object a line. */
  List<String> events() {
    return host.events();
  }

  Run remitHere(String... arguments) {
    return run(LIMIT, daemon.remit(List.of(arguments)).toArray(String[]::new));
  }

  /** Starts a command of Remit and does not wait for it; its outputs go to files of that name. */
  Process startHere(String outputs, String... arguments) throws IOException {
    return daemon
        .inside(withSignals(daemon.remit(List.of(arguments))))
        .redirectOutput(folder().resolve(outputs + ".out").toFile())
        .redirectError(folder().resolve(outputs + ".err").toFile())
        .start();
  }

  String output(String outputs) throws IOException {
    return Files.readString(folder().resolve(outputs + ".out"))
        + Files.readString(folder().resolve(outputs + ".err"));
  }

  /** Runs a program beside the daemon to its end. */
  Run run(Duration limit, String... line) {
    var all = daemon.inside(withSignals(List.of(line))).command();
    return Programs.run(limit, Path.of(all.getFirst()), all.subList(1, all.size()));
  }

  /** Whoever runs tests in the background has these signals ignored, and so would its children. */
  private static List<String> withSignals(List<String> line) {
    var all = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
    all.addAll(line);
    return all;
  }

  List<ProcessHandle> qemuProcesses() {
    return host.qemuProcesses();
  }

  /** As a check that does not go through Remit: what libvirt itself has. */
  List<String> domains() {
    var run = daemon.virsh("list", "--all", "--name");
    if (run.status() != 0) {
      throw new IllegalStateException(run.toString());
    }
    return run.stdout().lines().filter(line -> !line.isBlank()).toList();
  }

  @Override
  public void close() {
    daemon.close();
    host.close();
  }
}
