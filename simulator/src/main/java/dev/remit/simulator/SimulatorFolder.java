package dev.remit.simulator;

import dev.remit.simulator.identity.PlatformIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where one simulated platform lives: its identity, settings, faults, log and wrapper. */
public final class SimulatorFolder {
  /** A monitor's socket lies two levels below, and a socket's path has at most 107 bytes. */
  private static final int LONGEST_PATH = 80;

  private final Path root;

  public SimulatorFolder(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  /**
   * Makes what is missing. An identity stays as it is; given settings replace the ones of before.
   *
   * @param program the absolute path of the simulator's own program, which the wrapper starts
   */
  public void initialize(Path program, Map<String, String> given)
      throws IOException, GeneralSecurityException {
    initialize(program, given, Optional.empty());
  }

  /**
   * The same; a platform that is made is a further chip under the root of another folder's.
   *
   * @param sibling that other folder
   */
  public void initialize(Path program, Map<String, String> given, Optional<SimulatorFolder> sibling)
      throws IOException, GeneralSecurityException {
    if (root.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new IOException(
          "the folder's path has more than "
              + LONGEST_PATH
              + " bytes: sockets below it would not"
              + " fit; choose a shorter one");
    }
    Files.createDirectories(root.resolve("bin"));
    var settings = new TreeMap<>(Files.exists(settingsFile()) ? read(settingsFile()) : Map.of());
    settings.putAll(given);
    Settings.of(settings);
    write(settingsFile(), settings);
    if (!Files.exists(platformFolder())) {
      PlatformIdentity.create(
          platformFolder(),
          settings().version(),
          new SecureRandom(),
          sibling.map(SimulatorFolder::platformFolder));
    }
    Files.createDirectories(
        root.resolve("run"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    replace(root.resolve("simulated-ca.cert"), identity().caCertificates().toArray());
    replace(root.resolve("simulated-chain.cert"), identity().exportedChain().toArray());
    replace(root.resolve("simulated-cek.cert"), identity().cek().raw().toArray());
    replace(
        root.resolve("simulated-chip.id"),
        (identity().cpu0Id().hex() + "\n").getBytes(StandardCharsets.US_ASCII));
    var wrapper = root.resolve("qemu");
    replace(
        wrapper,
        """
        #!/bin/sh
        # SIMULATED: starts QEMU under a secure processor made of software. It protects nothing.
        exec %s emulate %s "$@"
        """
            .formatted(ShellWord.quote(program.toString()), ShellWord.quote(root.toString()))
            .getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    var onPath = root.resolve("bin").resolve("qemu-system-x86_64");
    Files.deleteIfExists(onPath);
    Files.createSymbolicLink(onPath, Path.of("..", "qemu"));
  }

  public Path root() {
    return root;
  }

  public PlatformIdentity identity() throws IOException, GeneralSecurityException {
    return PlatformIdentity.load(platformFolder());
  }

  public Settings settings() throws IOException {
    return Settings.of(read(settingsFile()));
  }

  /** No faults where none were ordered. */
  public Faults faults() throws IOException {
    try {
      return Faults.of(read(faultsFile()));
    } catch (NoSuchFileException e) {
      return Faults.of(Map.of());
    }
  }

  /** Replaces all faults; each holds for every launch until the next call. */
  public void order(Map<String, String> faults) throws IOException {
    Faults.of(faults);
    write(faultsFile(), faults);
  }

  public Path logFile() {
    return root.resolve("log.jsonl");
  }

  public EventLog log() {
    return new EventLog(logFile());
  }

  private Path platformFolder() {
    return root.resolve("platform");
  }

  private Path settingsFile() {
    return root.resolve("settings");
  }

  private Path faultsFile() {
    return root.resolve("faults");
  }

  private static Map<String, String> read(Path file) throws IOException {
    var entries = new TreeMap<String, String>();
    for (String line : Files.readAllLines(file)) {
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw new IOException(file + " holds lines of the form NAME=VALUE");
      }
      entries.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return entries;
  }

  private static void write(Path file, Map<String, String> entries) throws IOException {
    var text = new StringBuilder();
    for (var entry : entries.entrySet()) {
      if (entry.getValue().indexOf('\n') >= 0) {
        throw new IOException(entry.getKey() + " must be one line");
      }
      text.append(entry.getKey()).append('=').append(entry.getValue()).append('\n');
    }
    replace(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void replace(Path file, byte[] content) throws IOException {
    var unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.write(unfinished, content);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
