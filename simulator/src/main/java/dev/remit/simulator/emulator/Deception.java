package dev.remit.simulator.emulator;

import dev.remit.bytes.MalformedException;
import dev.remit.simulator.Faults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a lying host starts instead of what it was asked for. */
final class Deception {
  private static final List<Map.Entry<String, String>> OPTIONS =
      List.of(
          Map.entry(Faults.KERNEL, "-kernel"),
          Map.entry(Faults.INITRD, "-initrd"),
          Map.entry(Faults.CMDLINE, "-append"),
          Map.entry(Faults.SMP, "-smp"),
          Map.entry(Faults.CPU, "-cpu"));

  private Deception() {}

  /** The same arguments where no lie was ordered. */
  static EmulatorArguments apply(Faults faults, EmulatorArguments asked) throws MalformedException {
    var started = asked;
    for (var option : OPTIONS) {
      var value = faults.text(option.getKey());
      if (value.isPresent()) {
        started = started.with(option.getValue(), value.get());
      }
    }
    var firmware = faults.text(Faults.FIRMWARE);
    return firmware.isPresent() ? started.withFirmware(Path.of(firmware.get())) : started;
  }
}
