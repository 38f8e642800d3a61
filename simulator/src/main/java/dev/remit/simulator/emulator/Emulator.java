package dev.remit.simulator.emulator;

import dev.remit.bytes.MalformedException;
import dev.remit.simulator.EventLog;
import dev.remit.simulator.Faults;
import dev.remit.simulator.SimulatorFolder;
import dev.remit.simulator.guest.FirmwareTable;
import dev.remit.simulator.monitor.Disturbance;
import dev.remit.simulator.monitor.MonitorCommands;
import dev.remit.simulator.monitor.MonitorProxy;
import dev.remit.simulator.monitor.QemuMonitor;
import dev.remit.simulator.processor.FirmwareRefusal;
import dev.remit.simulator.processor.LaunchContext;
import dev.remit.simulator.processor.SecureProcessor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The process beside QEMU: tells the shell how to start QEMU, plays the secure processor, and
 * stands in QEMU's monitor until QEMU ends.
 */
public final class Emulator {
  private final SimulatorFolder folder;
  private final Path run;
  private final ProcessHandle qemuProcess;
  private final EmulatorArguments arguments;
  private final StartScript script;
  private final PrintStream console;
  private final Faults faults;
  private final EventLog log;

  /**
   * Takes over what libvirt asked for.
   *
   * @param run a private folder for this start, which is deleted at its end
   * @param qemuProcess the shell that becomes QEMU
   * @param words the command line of libvirt
   * @param shell where the shell reads what to do next
   * @param console the domain's log
   */
  public Emulator(
      SimulatorFolder folder,
      Path run,
      ProcessHandle qemuProcess,
      List<String> words,
      FileOutputStream shell,
      PrintStream console)
      throws IOException, MalformedException {
    this.folder = folder;
    this.run = run;
    this.qemuProcess = qemuProcess;
    this.arguments = EmulatorArguments.parse(words);
    this.script = new StartScript(shell);
    this.console = console;
    this.faults = folder.faults();
    this.log = folder.log();
  }

  /** Returns when QEMU has ended or could not be started. */
  public void run() throws IOException, GeneralSecurityException {
    try {
      if (arguments.asksForCapabilities()) {
        tellCapabilities();
      } else {
        launch();
      }
    } catch (MalformedException e) {
      throw new IOException("the command line or the firmware: " + e.getMessage(), e);
    } finally {
      // A QEMU that nobody answers for must not wait for libvirt; usually it has ended by now.
      qemuProcess.destroyForcibly();
      deleteRunFolder();
    }
  }

  private void tellCapabilities() throws IOException, GeneralSecurityException, MalformedException {
    var path =
        arguments
            .monitorPath()
            .orElseThrow(() -> new MalformedException(0, "-qmp unix:PATH,server=on is expected"));
    try (var calls = MonitorSocket.listen(run.resolve("m"));
        var clients = MonitorSocket.listen(path)) {
      // The shell must not end before libvirt can connect: both sockets listen by now.
      script.become(folder.settings().qemu(), arguments.callingMonitor(run.resolve("m")).words());
      var qemu = calls.acceptFrom(qemuProcess);
      folder.log().append("capabilities", "", json -> {});
      proxy(
              qemu,
              clients,
              new PlatformCommands(folder.identity(), folder.settings().cekSigned()),
              Disturbance.NONE)
          .run();
    }
  }

  private void launch() throws IOException, GeneralSecurityException, MalformedException {
    var asked =
        arguments
            .launchObject()
            .orElseThrow(() -> new MalformedException(0, "a guest object is expected"));
    var platform = new PlatformCommands(folder.identity(), folder.settings().cekSigned());
    try {
      switch (asked) {
        case LaunchObject.Sev sev -> launchSev(sev, platform);
        case LaunchObject.Snp snp -> launchSnp(snp, platform);
      }
    } catch (LaunchRefused refused) {
      // In QEMU's form, since libvirt quotes these lines to its client.
      console.println(Instant.now() + " qemu-system-x86_64: " + refused.words());
      console.println("SIMULATED secure processor: refused: " + refused.reason());
      log.append(
          "refused",
          arguments.domain(),
          json -> {
            json.writeStringProperty("words", refused.words());
            json.writeStringProperty("reason", refused.reason());
          });
    }
  }

  private void launchSev(LaunchObject.Sev asked, PlatformCommands platform)
      throws IOException, GeneralSecurityException, MalformedException, LaunchRefused {
    var context = launchStart(asked);
    var started = Deception.apply(faults, arguments);
    serve(
        asked,
        started,
        (qemu, memory) -> {
          var firmware = measured(context, asked, started, qemu, memory);
          return faults.isOrdered(Faults.NO_LAUNCH_SECURITY)
              ? platform
              : new GuestCommands(
                  platform, context, firmware, memory, faults, log, arguments.domain());
        });
  }

  private void launchSnp(LaunchObject.Snp asked, PlatformCommands platform)
      throws IOException, MalformedException, LaunchRefused {
    var version = folder.settings().version();
    log.append("launch-start", arguments.domain(), json -> {});
    serve(
        asked,
        arguments,
        (qemu, memory) -> new SnpGuestCommands(platform, version, asked.policy()));
  }

  /** What remains to be done for a guest that stands and is still paused. */
  @FunctionalInterface
  private interface Preparation {
    MonitorCommands prepare(QemuMonitor qemu, GuestMemory memory) throws IOException, LaunchRefused;
  }

  /** Starts QEMU, prepares its guest, and answers for it until QEMU ends. */
  private void serve(LaunchObject asked, EmulatorArguments started, Preparation preparation)
      throws IOException, MalformedException, LaunchRefused {
    try (var calls = MonitorSocket.listen(run.resolve("m"));
        var clients = libvirtMonitor();
        var memory = GuestMemory.create(run.resolve("memory"), started.memorySize())) {
      script.become(
          folder.settings().qemu(),
          started.unprotected(asked, memory.file()).callingMonitor(run.resolve("m")).words());
      var qemu = calls.acceptFrom(qemuProcess);
      memory.unlink();
      proxy(qemu, clients, preparation.prepare(qemu, memory), disturbance()).run();
      log.append("ended", arguments.domain(), json -> {});
    }
  }

  private LaunchContext launchStart(LaunchObject.Sev asked)
      throws IOException, GeneralSecurityException, LaunchRefused {
    var processor =
        new SecureProcessor(folder.identity(), folder.settings().version(), new SecureRandom());
    try {
      var ordered = faults.status(Faults.REFUSE_LAUNCH);
      if (ordered.isPresent()) {
        throw new FirmwareRefusal(ordered.get(), "a fault was ordered");
      }
      var context = processor.launchStart(asked.policy(), OwnerFiles.read(asked));
      log.append(
          "launch-start",
          arguments.domain(),
          json -> {
            json.writeStringProperty("policy", "0x%08x".formatted(asked.policy()));
            json.writeBooleanProperty("session", asked.session().isPresent());
          });
      return context;
    } catch (FirmwareRefusal e) {
      script.fail();
      throw new LaunchRefused(
          // QEMU prints its own, still unset result here, and not the one of the system call.
          "sev_launch_start: LAUNCH_START ret=1 fw_error=%d '%s'"
              .formatted(e.status().number(), e.status().words()),
          e.reason());
    }
  }

  private FirmwareTable measured(
      LaunchContext context,
      LaunchObject.Sev asked,
      EmulatorArguments started,
      QemuMonitor qemu,
      GuestMemory memory)
      throws IOException, LaunchRefused {
    var hashed = faults.isOrdered(Faults.HASH_NAMED_FILES) ? arguments : started;
    var firmware =
        new GuestLaunch(qemu, memory, run.resolve("read"))
            .measure(context, asked, started, hashed, folder.settings().vmsa());
    var measurement = context.measurement().orElseThrow();
    log.append(
        "measured",
        arguments.domain(),
        json -> {
          json.writeStringProperty("digest", measurement.launchDigest().hex());
          json.writeStringProperty("nonce", measurement.nonce().hex());
        });
    return firmware;
  }

  private Disturbance disturbance() {
    return new Disturbance(
        faults.text(Faults.HANG_AT), faults.text(Faults.DIE_AT), faults.text(Faults.LOSE_REPLY_OF));
  }

  private MonitorSocket libvirtMonitor() throws IOException, MalformedException {
    return MonitorSocket.inherited(
        arguments
            .monitorDescriptor()
            .orElseThrow(
                () -> new MalformedException(0, "a monitor on an inherited socket is expected")));
  }

  private MonitorProxy proxy(
      QemuMonitor qemu, MonitorSocket clients, MonitorCommands commands, Disturbance disturbance) {
    return new MonitorProxy(
        qemu, clients::accept, commands, disturbance, qemuProcess::destroyForcibly);
  }

  private void deleteRunFolder() throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(run);
  }
}
