package dev.remit.junit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ExecuteWatchdog;
import org.apache.commons.exec.PumpStreamHandler;

/** The built programs of one checkout of Remit. */
public record Programs(Path checkout) {

  /**
   * The checkout that the system property {@code remit.checkout} names, else the one above the
   * working folder.
   */
  public static Programs find() {
    String named = System.getProperty("remit.checkout");
    Path from = Path.of(named == null ? "" : named).toAbsolutePath();
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.isExecutable(folder.resolve("bin/remit"))) {
        return new Programs(folder);
      }
    }
    throw new IllegalStateException(
        "no checkout of Remit at or above " + from + ": name one by -Dremit.checkout=FOLDER");
  }

  public Path remit() {
    return checkout.resolve("bin/remit");
  }

  public Path simulator() {
    return checkout.resolve("simulator/bin/remit-simulator");
  }

  /** What {@code scripts/build-guest} made: firmware, kernel, initrd, disk and its key. */
  public Path guest() {
    Path guest = checkout.resolve("build/guest");
    if (!Files.isRegularFile(guest.resolve("disk.key"))) {
      throw new IllegalStateException(
          "the test guest is not built: run scripts/setup and scripts/build-guest");
    }
    return guest;
  }

  /** The daemon: what {@code scripts/setup} unpacked where it is not installed. */
  public Path libvirtd() {
    Path unpacked = checkout.resolve("build/packages/libvirt-daemon/usr/sbin/libvirtd");
    return Files.exists(unpacked) ? unpacked : Path.of("/usr/sbin/libvirtd");
  }

  /** Runs a program to its end; kills it and fails when it takes longer than the limit. */
  public static Run run(Duration limit, Path program, List<String> arguments) {
    var line = new CommandLine(program.toString());
    arguments.forEach(argument -> line.addArgument(argument, false));
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var watchdog = ExecuteWatchdog.builder().setTimeout(limit).get();
    var executor =
        DefaultExecutor.builder().setExecuteStreamHandler(new PumpStreamHandler(out, err)).get();
    executor.setWatchdog(watchdog);
    executor.setExitValues(null);
    int status;
    try {
      status = executor.execute(line);
    } catch (IOException cause) {
      throw new UncheckedIOException(program + " cannot be started", cause);
    }
    var run =
        new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    if (watchdog.killedProcess()) {
      throw new IllegalStateException(
          program.getFileName() + " " + arguments + " took longer than " + limit + ": " + run);
    }
    return run;
  }
}
