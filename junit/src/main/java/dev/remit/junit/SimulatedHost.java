package dev.remit.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A host of its own in a folder of its own: libvirt's embedded driver, and a SIMULATED platform
 * made for it. Closing it ends every guest and removes the folder.
 *
 * <p>One process at a time can use it, as libvirt's embedded driver demands.
 */
public final class SimulatedHost implements AutoCloseable {
  /** For one run of Remit, probing of the emulator included. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Programs programs;
  private final Path folder;

  private SimulatedHost(Programs programs, Path folder) {
    this.programs = programs;
    this.folder = folder;
  }

  /**
   * Makes the platform and the host document.
   *
   * @param settings for the simulator's {@code init}, for example {@code --vmsa legacy}
   */
  public static SimulatedHost create(Programs programs, String... settings) {
    try {
      // Sockets of libvirt lie deep below it, and their paths have at most 107 bytes.
      var host = new SimulatedHost(programs, Files.createTempDirectory("rmt"));
      host.settings(settings);
      Files.createDirectory(host.folder.resolve("console"));
      Files.writeString(host.document(), host.documentOf("qemu:///embed?root=root"));
      return host;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  /** The text of a host document in this folder. */
  String documentOf(String uri) {
    return """
    apiVersion: remit.dev/v1alpha1
    kind: Host
    metadata: {name: simulated}
    spec:
      uri: "%s"
      emulator: simulator/qemu
      insecureRoot: simulator/simulated-ca.cert
      consoleFolder: console
    """
        .formatted(uri);
  }

  public Programs programs() {
    return programs;
  }

  /** A folder for the test's own files; removed with the host. */
  public Path folder() {
    return folder;
  }

  public Path document() {
    return folder.resolve("host.yaml");
  }

  public Path simulatorFolder() {
    return folder.resolve("simulator");
  }

  /** Journals and evidence of the launches at this host. */
  public Path state() {
    return folder.resolve("state");
  }

  /** Runs Remit with this host's state folder. */
  public Run remit(String... arguments) {
    var all = new ArrayList<>(List.of("--state", state().toString()));
    all.addAll(List.of(arguments));
    return Programs.run(LIMIT, programs.remit(), all);
  }

  /** Runs a command of Remit that takes a host, on this one. */
  public Run remitHere(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--host", document().toString()));
    return remit(all.toArray(String[]::new));
  }

  /** Changes what kind of platform is simulated, for example {@code --vmsa legacy}. */
  public void settings(String... settings) {
    var arguments = new ArrayList<>(List.of("init", simulatorFolder().toString()));
    arguments.addAll(List.of(settings));
    requireDone(Programs.run(LIMIT, programs.simulator(), arguments));
  }

  /** Orders faults of the simulated processor for the launches that follow; none clears them. */
  public void faults(String... faults) {
    var arguments = new ArrayList<>(List.of("fault", simulatorFolder().toString()));
    arguments.addAll(faults.length == 0 ? List.of("clear") : List.of(faults));
    requireDone(Programs.run(LIMIT, programs.simulator(), arguments));
  }

  /** What the simulated processor did, one JSON object a line. */
  public List<String> events() {
    var run =
        Programs.run(LIMIT, programs.simulator(), List.of("log", simulatorFolder().toString()));
    requireDone(run);
    return run.stdout().lines().toList();
  }

  /** What a guest wrote to its serial console. */
  public Path console(String name) {
    return folder.resolve("console").resolve(name + ".log");
  }

  /** QEMU processes of this host. */
  public List<ProcessHandle> qemuProcesses() {
    return processes().filter(process -> isQemu(process)).toList();
  }

  private static boolean isQemu(ProcessHandle process) {
    return process.info().command().filter(path -> path.contains("qemu-system")).isPresent();
  }

  /** Every process that was started with a path of this host among its arguments. */
  private Stream<ProcessHandle> processes() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(
            process -> arguments(process).filter(text -> text.contains(folder + "/")).isPresent());
  }

  private static Optional<String> arguments(ProcessHandle process) {
    try {
      return Optional.of(
          Files.readString(
              Path.of("/proc", Long.toString(process.pid()), "cmdline"),
              StandardCharsets.ISO_8859_1));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private void requireDone(Run run) {
    if (run.status() != 0) {
      throw new IllegalStateException("the simulator ended with " + run);
    }
  }

  /** Kills them, and returns when they are gone. */
  void endProcesses() {
    var ended = processes().toList();
    ended.forEach(ProcessHandle::destroyForcibly);
    for (var process : ended) {
      process.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }
  }

  @Override
  public void close() {
    endProcesses();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failed)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException cause) {
      throw new UncheckedIOException("a process still writes below " + folder, cause);
    }
  }
}
