package dev.remit.it;

import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** An example of this checkout, copied to a host's folder, where a test may change it. */
final class Example {
  private final SimulatedHost host;
  private final String name;
  private String text;

  private Example(SimulatedHost host, String name, String text) {
    this.host = host;
    this.name = name;
    this.text = text;
  }

  static Example of(SimulatedHost host, String name) {
    Path source = host.programs().checkout().resolve("examples").resolve(name + ".yaml");
    Path disk = host.programs().guest().resolve("disk.luks");
    try {
      // A guest that still runs holds the lock on its disk.
      Path own = Files.createTempFile(host.folder(), name, ".luks");
      Files.copy(disk, own, StandardCopyOption.REPLACE_EXISTING);
      return new Example(
          host,
          name,
          Files.readString(source)
              .replace("../build/guest", host.programs().guest().toString())
              .replace(disk.toString(), own.toString()));
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  String name() {
    return name;
  }

  /** The text is there, or the test does not test what it says. */
  Example replace(String old, String replacement) {
    if (!text.contains(old)) {
      throw new IllegalArgumentException("the example does not say: " + old);
    }
    text = text.replace(old, replacement);
    return this;
  }

  Example withoutAcknowledgmentOf(String risk) {
    String without = text.replaceFirst("(?s) *- risk: " + risk + ".*?until:[^\n]*\n", "");
    if (without.equals(text)) {
      throw new IllegalArgumentException("the example does not acknowledge " + risk);
    }
    text = without;
    return this;
  }

  /** Names a changed copy of one of the guest's files in the place of the file. */
  Example changed(String file, Change change) {
    Path guest = host.programs().guest();
    try {
      Path copy = host.folder().resolve(file);
      Files.write(copy, change.of(Files.readAllBytes(guest.resolve(file))));
      return replace(guest.resolve(file).toString(), copy.toString());
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  interface Change {
    byte[] of(byte[] content);
  }

  Path write() {
    Path file = host.folder().resolve(name + ".yaml");
    try {
      Files.writeString(file, text);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
    return file;
  }

  List<String> launchArguments(String... more) {
    var arguments = new ArrayList<>(List.of("launch", write().toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** Seals the user data of this example into a new folder of the host, and returns it. */
  Path seal() throws IOException {
    Path text = host.programs().checkout().resolve("examples/user-data.yaml");
    Path folder = Files.createTempDirectory(host.folder(), "seed").resolve("sealed");
    replace("userData: user-data.yaml", "userData: " + text);
    replace("volume: ../build/sealed", "volume: " + folder);
    var run = host.remit("seal", write().toString());
    if (run.status() != 0) {
      throw new AssertionError(run.toString());
    }
    return folder;
  }

  /** Starts to launch, and leaves what is said in the host's folder. */
  Process start(String... more) throws IOException {
    var line = new ArrayList<>(List.of(host.programs().remit().toString()));
    line.addAll(List.of("--state", host.state().toString()));
    line.addAll(launchArguments(more));
    line.addAll(List.of("--host", host.document().toString()));
    return new ProcessBuilder(line)
        .redirectOutput(host.folder().resolve("stdout").toFile())
        .redirectError(host.folder().resolve("stderr").toFile())
        .start();
  }

  dev.remit.junit.Run launch(String... more) {
    return host.remitHere(launchArguments(more).toArray(String[]::new));
  }
}
