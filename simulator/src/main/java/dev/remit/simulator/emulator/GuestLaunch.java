package dev.remit.simulator.emulator;

import dev.remit.bytes.ByteSource;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.simulator.guest.CpuRegisters;
import dev.remit.simulator.guest.FirmwareTable;
import dev.remit.simulator.guest.KernelHashTable;
import dev.remit.simulator.guest.Vmsa;
import dev.remit.simulator.json.FlatObject;
import dev.remit.simulator.json.Json;
import dev.remit.simulator.monitor.QemuMonitor;
import dev.remit.simulator.processor.FirmwareRefusal;
import dev.remit.simulator.processor.LaunchContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What QEMU and KVM tell the secure processor of a guest that stands and is still paused: firmware,
 * kernel hashes, registers. All of it is read back from the guest itself.
 */
final class GuestLaunch {
  private static final long FOUR_GIB = 1L << 32;

  private final QemuMonitor qemu;
  private final GuestMemory memory;
  private final Path scratch;

  GuestLaunch(QemuMonitor qemu, GuestMemory memory, Path scratch) {
    this.qemu = qemu;
    this.memory = memory;
    this.scratch = scratch;
  }

  /**
   * Updates the launch in the order of QEMU, up to the measurement.
   *
   * @param started how QEMU was started
   * @param hashed whose files the table of kernel hashes describes
   * @return what the firmware of the guest said of itself
   */
  FirmwareTable measure(
      LaunchContext context,
      LaunchObject.Sev asked,
      EmulatorArguments started,
      EmulatorArguments hashed,
      Vmsa.Flavour flavour)
      throws IOException, LaunchRefused {
    try {
      long size = firmwareSize(started);
      var firmware = GuestMemory.read(qemu, FOUR_GIB - size, size, scratch);
      var table = FirmwareTable.parse(firmware);
      context.launchUpdate(firmware);
      if (asked.kernelHashes() && hashed.value("-kernel").isPresent()) {
        context.launchUpdate(addKernelHashes(table, hashed));
      }
      if (context.measuresRegisters()) {
        addRegisters(context, table, flavour);
      }
      context.launchMeasure();
      return table;
    } catch (MalformedException e) {
      throw new LaunchRefused("SEV: the guest cannot be measured", String.valueOf(e.getMessage()));
    } catch (FirmwareRefusal e) {
      throw new IllegalStateException("a new launch context takes updates", e);
    }
  }

  /** The size of flash unit 0 as QEMU made it, or of the file that is the ROM. */
  private long firmwareSize(EmulatorArguments started) throws IOException, MalformedException {
    if (!started.hasFlash()) {
      return Files.size(started.firmware());
    }
    return flashProperty("num-blocks") * flashProperty("sector-length");
  }

  private long flashProperty(String name) throws IOException {
    String value =
        qemu.execute(
            "qom-get",
            json -> {
              json.writeStringProperty("path", "/machine/system.flash0");
              json.writeStringProperty("property", name);
            });
    return Long.parseLong(value);
  }

  /** Writes the table where the firmware wants it, and takes it from there. */
  private Bytes addKernelHashes(FirmwareTable table, EmulatorArguments files)
      throws IOException, LaunchRefused {
    if (table.hashes().isEmpty()) {
      throw new LaunchRefused(
          "SEV: kernel specified but guest firmware has no hashes table GUID",
          "the firmware cannot check a kernel");
    }
    var area = table.hashes().get();
    if (area.base() == 0
        || area.size() < KernelHashTable.SIZE
        || !memory.holds(area.base(), KernelHashTable.SIZE)) {
      throw new LaunchRefused(
          "SEV: guest firmware hashes table area is invalid (base=0x%x size=0x%x)"
              .formatted(area.base(), area.size()),
          "the table needs " + KernelHashTable.SIZE + " bytes");
    }
    var hashes =
        KernelHashTable.of(
            file(files.value("-kernel").orElseThrow()),
            files.value("-initrd").map(GuestLaunch::file),
            files.value("-append").orElse(""));
    memory.write(area.base(), hashes.toArray());
    return GuestMemory.read(qemu, area.base(), KernelHashTable.SIZE, scratch);
  }

  private static ByteSource file(String name) {
    return () -> Files.newInputStream(Path.of(name));
  }

  private void addRegisters(LaunchContext context, FirmwareTable table, Vmsa.Flavour flavour)
      throws IOException, MalformedException, FirmwareRefusal, LaunchRefused {
    var reset = table.resetAddress();
    if (reset.isEmpty() || reset.get() == 0) {
      throw new LaunchRefused(
          reset.isEmpty()
              ? "SEV information block/Firmware GUID Table block not found in pflash rom"
              : "SEV-ES reset address is zero",
          "the firmware cannot start a second CPU");
    }
    boolean boots = true;
    for (CpuRegisters cpu : CpuRegisters.parse(registers())) {
      context.launchUpdate(
          boots ? Vmsa.ofBootCpu(cpu, flavour) : Vmsa.ofApplicationCpu(cpu, reset.get(), flavour));
      boots = false;
    }
  }

  private String registers() throws IOException, MalformedException {
    String answer =
        qemu.execute(
            "human-monitor-command",
            json -> json.writeStringProperty("command-line", "info registers -a"));
    // A text by itself is not an object; as the member of one it can be read like the others.
    return FlatObject.parse(Json.object(json -> json.writeName("text").writeRawValue(answer)))
        .text("text")
        .orElse("");
  }
}
