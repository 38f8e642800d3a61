package dev.remit.it;

import dev.remit.junit.Programs;
import dev.remit.junit.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A libvirtd of our own, of the kind that serves one user's session, over a SIMULATED platform: it
 * takes several clients at once, which the embedded one does not. Closing it ends everything.
 *
 * <p>libvirtd serves a session to an ordinary user only: where root runs the tests, it and its
 * clients run as nobody.
 */
final class PrivateLibvirt implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String NOBODY = "65534";

  private final Programs programs;
  private final Path folder;

  private PrivateLibvirt(Programs programs, Path folder) {
    this.programs = programs;
    this.folder = folder;
  }

  static PrivateLibvirt start() throws IOException {
    var host = new PrivateLibvirt(Programs.find(), Files.createTempDirectory("rmt"));
    try {
      host.prepare();
      // In the background: it comes back when the sockets are there.
      host.requireDone(
          host.run(
              LIMIT,
              "libvirtd",
              "-d",
              "-f",
              host.path("libvirtd.conf"),
              "-p",
              host.path("libvirtd.pid")));
      return host;
    } catch (IOException | RuntimeException cause) {
      host.close();
      throw cause;
    }
  }

  private void prepare() throws IOException {
    for (String made : List.of("run", "config/libvirt", "cache", "console", "emulator")) {
      Files.createDirectories(folder.resolve(made));
    }
    Files.setPosixFilePermissions(
        folder.resolve("run"), PosixFilePermissions.fromString("rwx------"));
    Files.writeString(
        folder.resolve("config/libvirt/qemu.conf"),
        """
        namespaces = []
        security_driver = "none"
        stdio_handler = "file"
        """);
    Files.writeString(
        folder.resolve("libvirtd.conf"),
        """
        auth_unix_rw = "none"
        log_outputs = "4:file:/dev/null"
        """);
    // libvirt asks the QEMU that it finds on its path what the host can do.
    Files.createSymbolicLink(
        folder.resolve("emulator/qemu-system-x86_64"), folder.resolve("simulator/qemu"));
    Files.writeString(
        document(),
        """
        apiVersion: remit.dev/v1alpha1
        kind: Host
        metadata: {name: simulated}
        spec:
          uri: "qemu:///session"
          emulator: simulator/qemu
          insecureRoot: simulator/simulated-ca.cert
          consoleFolder: console
        """);
    requireDone(run(LIMIT, programs.simulator().toString(), "init", path("simulator")));
  }

  Path folder() {
    return folder;
  }

  /** The jar that {@code bin/remit} starts, which names its libraries. */
  Path program() throws IOException {
    try (var jars = Files.list(programs.checkout().resolve("orchestrator/target"))) {
      return jars.filter(jar ->
              jar.getFileName().toString().matches("remit-orchestrator-[0-9][^-]*(-SNAPSHOT)?.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  Path document() {
    return folder.resolve("host.yaml");
  }

  Path state() {
    return folder.resolve("state");
  }

  Path console(String name) {
    return folder.resolve("console").resolve(name + ".log");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  /**
   * The example's guest under a name, with a disk of its own.
   *
   * @param init what the kernel is to start in the place of the guest's own program, or nothing
   */
  Path spec(String name, String init) throws IOException {
    Path guest = programs.guest();
    Path disk = copy(guest.resolve("disk.luks"), name + ".luks");
    Path key = copy(guest.resolve("disk.key"), name + ".key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    String text =
        Files.readString(programs.checkout().resolve("examples/hello-sev.yaml"))
            .replace("../build/guest/disk.luks", disk.toString())
            .replace("../build/guest/disk.key", key.toString())
            .replace("../build/guest", guest.toString())
            .replace("name: hello-sev ", "name: " + name + " ")
            .replace("remit.secret=devmem", ("remit.secret=devmem " + init).strip());
    return Files.writeString(folder.resolve(name + ".yaml"), text);
  }

  private Path copy(Path from, String name) throws IOException {
    return Files.copy(from, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  void faults(String... faults) {
    var arguments =
        new ArrayList<>(List.of(programs.simulator().toString(), "fault", path("simulator")));
    arguments.addAll(faults.length == 0 ? List.of("clear") : List.of(faults));
    requireDone(run(LIMIT, arguments.toArray(String[]::new)));
  }

  /** What the simulated processor did, one JSON object a line. */
  List<String> events() {
    var run = run(LIMIT, programs.simulator().toString(), "log", path("simulator"));
    requireDone(run);
    return run.stdout().lines().toList();
  }

  Run remitHere(String... arguments) {
    return run(LIMIT, line(arguments).toArray(String[]::new));
  }

  /** Starts a command of Remit and does not wait for it; its outputs go to files of that name. */
  Process startHere(String outputs, String... arguments) throws IOException {
    own();
    return new ProcessBuilder(asUser(line(arguments)))
        .redirectOutput(folder.resolve(outputs + ".out").toFile())
        .redirectError(folder.resolve(outputs + ".err").toFile())
        .start();
  }

  String output(String outputs) throws IOException {
    return Files.readString(folder.resolve(outputs + ".out"))
        + Files.readString(folder.resolve(outputs + ".err"));
  }

  private List<String> line(String... arguments) {
    var line = new ArrayList<>(List.of(programs.remit().toString(), "--state", state().toString()));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--host", document().toString()));
    return line;
  }

  /** Runs a program in this session to its end. */
  Run run(Duration limit, String... line) {
    own();
    var all = asUser(List.of(line));
    return Programs.run(limit, Path.of(all.getFirst()), all.subList(1, all.size()));
  }

  private List<String> asUser(List<String> line) {
    var all = new ArrayList<String>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    }
    // Whoever runs tests in the background has these signals ignored, and so would their children.
    all.addAll(
        List.of(
            "env",
            "--default-signal=INT,HUP",
            "XDG_RUNTIME_DIR=" + path("run"),
            "XDG_CONFIG_HOME=" + path("config"),
            "XDG_CACHE_HOME=" + path("cache"),
            "HOME=" + folder,
            "JAVA_HOME=" + System.getProperty("java.home"),
            "PATH=" + path("emulator") + ":/usr/sbin:/usr/bin:/sbin:/bin"));
    all.addAll(line);
    return all;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** What root wrote since belongs to the user too. */
  private void own() {
    if (isRoot()) {
      requireDone(
          Programs.run(
              LIMIT, Path.of("chown"), List.of("-hR", NOBODY + ":" + NOBODY, folder.toString())));
    }
  }

  List<ProcessHandle> qemuProcesses() {
    return processes()
        .filter(process ->
            process.info().command().filter(it -> it.contains("qemu-system")).isPresent())
        .toList();
  }

  /** Every process that was started with a path of this folder among its arguments. */
  private Stream<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> arguments(process).contains(folder + "/"));
  }

  private static String arguments(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  private void requireDone(Run run) {
    if (run.status() != 0) {
      throw new IllegalStateException(run.toString());
    }
  }

  @Override
  public void close() {
    daemon().ifPresent(ProcessHandle::destroyForcibly);
    processes().forEach(ProcessHandle::destroyForcibly);
    // What was killed may still be writing for an instant.
    processes().forEach(process -> process.onExit().orTimeout(10, TimeUnit.SECONDS).join());
    requireDone(Programs.run(LIMIT, Path.of("rm"), List.of("-rf", folder.toString())));
  }

  private Optional<ProcessHandle> daemon() {
    try {
      String pid = Files.readString(folder.resolve("libvirtd.pid")).strip();
      return ProcessHandle.of(Long.parseLong(pid));
    } catch (IOException neverStarted) {
      return Optional.empty();
    }
  }

  /** As a check that does not go through Remit: what libvirt itself has. */
  List<String> domains() {
    var run = run(LIMIT, "virsh", "-q", "-c", "qemu:///session", "list", "--all", "--name");
    requireDone(run);
    return run.stdout().lines().filter(line -> !line.isBlank()).toList();
  }
}
