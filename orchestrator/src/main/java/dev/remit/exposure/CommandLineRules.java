package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.exposure.EmulatorArguments.Argument;
import dev.remit.exposure.EmulatorArguments.Option;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The catalogue over a command line of QEMU. */
public final class CommandLineRules {
  /** Options that are an entry of the catalogue by being there. */
  private static final Map<String, String> BY_NAME =
      Map.ofEntries(
          Map.entry("acpitable", "FW-10"),
          Map.entry("option-rom", "FW-16"),
          Map.entry("dtb", "FW-22"),
          Map.entry("shim", "FW-22"),
          Map.entry("tpmdev", "DEV-16"),
          Map.entry("virtfs", "DEV-01"),
          Map.entry("fsdev", "DEV-01"),
          Map.entry("mem-path", "DEV-03"),
          Map.entry("incoming", "HOST-04"),
          Map.entry("loadvm", "HOST-03"),
          Map.entry("snapshot", "DISK-15"),
          Map.entry("gdb", "HOST-06"),
          Map.entry("s", "HOST-06"),
          Map.entry("d", "HOST-06"),
          Map.entry("trace", "HOST-06"),
          Map.entry("plugin", "HOST-06"),
          Map.entry("qtest", "HOST-06"),
          Map.entry("perfmap", "HOST-06"),
          Map.entry("jitdump", "HOST-06"),
          Map.entry("usb", "DEV-11"),
          Map.entry("usbdevice", "DEV-11"),
          Map.entry("soundhw", "DEV-11"),
          Map.entry("vnc", "DEV-08"),
          Map.entry("spice", "DEV-08"),
          Map.entry("sdl", "DEV-08"),
          Map.entry("curses", "DEV-08"),
          Map.entry("cdrom", "DEV-29"),
          Map.entry("fda", "DEV-29"),
          Map.entry("fdb", "DEV-29"),
          Map.entry("sd", "DEV-29"),
          Map.entry("hda", "DISK-06"),
          Map.entry("hdb", "DISK-06"),
          Map.entry("hdc", "DISK-06"),
          Map.entry("hdd", "DISK-06"),
          Map.entry("pflash", "FW-03"),
          Map.entry("debugcon", "FW-25"),
          Map.entry("watchdog", "DEV-28"),
          Map.entry("prom-env", "DEV-37"),
          // What these files and settings say is not on the line.
          Map.entry("readconfig", "ORCH-11"),
          Map.entry("set", "ORCH-11"));

  /** Options that others judge or that do no harm. */
  private static final Set<String> CONSIDERED =
      Set.of(
          "name",
          "S",
          "machine",
          "M",
          "accel",
          "cpu",
          "m",
          "smp",
          "overcommit",
          "object",
          "uuid",
          "display",
          "no-user-config",
          "nodefaults",
          "chardev",
          "mon",
          "rtc",
          "no-shutdown",
          "no-reboot",
          "action",
          "boot",
          "device",
          "netdev",
          "net",
          "nic",
          "blockdev",
          "drive",
          "audio",
          "audiodev",
          "sandbox",
          "msg",
          "kernel",
          "initrd",
          "append",
          "smbios",
          "fw_cfg",
          "global",
          "numa",
          "serial",
          "parallel",
          "monitor",
          "qmp",
          "qmp-pretty",
          "vga",
          "nographic",
          "bios",
          "enable-kvm",
          "daemonize",
          "pidfile",
          "D",
          "add-fd",
          "watchdog-action",
          "no-hpet",
          "no-acpi",
          "realtime",
          "k",
          "compat",
          "seed",
          "only-migratable",
          "mem-prealloc",
          "run-with",
          "runas",
          "user",
          "L",
          "no-fd-bootchk",
          "iscsi",
          "icount",
          "tb-size",
          "g",
          "cpu-pm",
          "enable-fips",
          "full-screen",
          "writeconfig");

  private final OptionList options;
  private final Findings findings;

  private CommandLineRules(OptionList options, Findings findings) {
    this.options = options;
    this.findings = findings;
  }

  /** What the command line asks for; everything where it asks for nothing that is known. */
  public static Set<Technology> technologies(EmulatorArguments line) throws MalformedException {
    return new OptionList(line.options()).technologies();
  }

  /** Finds what is there and what is missing, in the order of the line. */
  public static void check(EmulatorArguments line, Findings findings) throws MalformedException {
    var unsorted = new Findings();
    var rules = new CommandLineRules(new OptionList(line.options()), unsorted);
    line.emulator()
        .ifPresent(
            emulator -> SourceNames.checkEmulator(emulator.value(), emulator.at(), unsorted));
    rules.checkAll();
    rules.checkMissing(line.emulator().orElseGet(() -> line.options().getFirst().option()));
    findings.addSorted(unsorted);
  }

  /** Arguments that a domain's document adds to those that libvirt writes. */
  static void checkRaw(List<Argument> arguments, Findings findings) {
    try {
      var rules =
          new CommandLineRules(new OptionList(EmulatorArguments.options(arguments)), findings);
      rules.checkAll();
      rules.checkReplaced();
    } catch (MalformedException e) {
      findings.add("ORCH-11", arguments.getFirst().at(), "raw arguments: " + e.what());
    }
  }

  /** What libvirt wrote before loses against these. */
  private void checkReplaced() throws MalformedException {
    var machine = options.lastMachine();
    if (machine.isPresent() && !protections(options.machine()).isEmpty()) {
      findings.add(
          "POL-01", machine.get().at(), "raw arguments that replace the machine's protection");
    }
    for (var option : options.all()) {
      if (!endsAtReboot(option).orElse(true)) {
        findings.add("POL-37", option.at(), "a reboot that does not end the guest");
      }
      if (!locksMemory(option).orElse(true)) {
        findings.add("HOST-12", option.at(), "memory that the host may swap out");
      }
    }
  }

  private interface Saying {
    Optional<Boolean> of(Option option) throws MalformedException;
  }

  /** What the last option says that says anything; false where none does. */
  private boolean last(Saying saying) throws MalformedException {
    boolean last = false;
    for (var option : options.all()) {
      last = saying.of(option).orElse(last);
    }
    return last;
  }

  private static Optional<Boolean> endsAtReboot(Option option) throws MalformedException {
    return switch (option.name()) {
      case "no-reboot" -> Optional.of(true);
      case "action" -> option.keyVal("").find("reboot").map("shutdown"::equals);
      default -> Optional.empty();
    };
  }

  private static Optional<Boolean> locksMemory(Option option) throws MalformedException {
    String key =
        switch (option.name()) {
          case "overcommit" -> "mem-lock";
          case "realtime" -> "mlock";
          default -> "";
        };
    if (key.isEmpty()) {
      return Optional.empty();
    }
    var values = option.keyVal("");
    return values.has(key) ? Optional.of(values.isOn(key)) : Optional.empty();
  }

  private void checkAll() throws MalformedException {
    for (var option : options.all()) {
      check(option);
      checkSecrets(option);
    }
    var machine = new MachineArguments(options, findings);
    machine.checkMachine();
    machine.checkProcessors();
    new DriveArguments(options, findings).check();
    new DeviceArguments(options, findings).check();
  }

  private void check(Option option) throws MalformedException {
    String value = option.value().value();
    String byName = BY_NAME.get(option.name());
    if (byName != null) {
      checkByName(option, byName);
    } else if (option.name().isEmpty()) {
      findings.add("DISK-06", option.at(), "an argument that QEMU takes for a disk");
    } else if (!CONSIDERED.contains(option.name())) {
      findings.add(
          "ORCH-11", option.option().at(), "the option -" + EmulatorArguments.shown(option.name()));
    }
    switch (option.name()) {
      case "cpu" -> new MachineArguments(options, findings).checkCpu(option);
      case "m" -> {
        var values = option.keyVal("size");
        if (values.has("maxmem") || values.has("slots")) {
          findings.add("DEV-20", option.at(), "slots for more memory");
          findings.add("POL-38", option.at(), "memory that can grow");
        }
      }
      case "object" -> new ObjectArguments(options, findings).checkObject(option);
      case "append" ->
          KernelCommandLineRules.check(
              KernelCommandLine.parse(value, option.value().place()),
              options.isInteractive(),
              findings);
      case "smbios" -> checkSmbios(option);
      case "fw_cfg" -> FwCfgNames.check(option.keyVal("name").value("name"), option.at(), findings);
      case "boot" -> checkBoot(option);
      case "rtc" -> {
        var values = option.keyVal("base");
        if (!values.find("base").orElse("utc").equals("utc")
            || !values.find("clock").orElse("host").equals("host")) {
          findings.add("DEV-23", option.at(), "a clock that the line sets");
        }
      }
      case "uuid" -> SmbiosValues.checkUuid(value, option.at(), findings);
      case "vga" -> {
        if (!value.equals("none")) {
          findings.add("DEV-09", option.at(), "a video device " + value);
        }
      }
      case "display" -> {
        if (!value.startsWith("none")) {
          findings.add("DEV-08", option.at(), "a display");
        }
      }
      case "nographic" -> {
        findings.add("DEV-07", option.at(), "a serial line on the terminal of the host");
        findings.add("HOST-06", option.at(), "a monitor on the terminal of the host");
      }
      case "serial", "virtioconsole" ->
          new LineArguments(options, findings).checkSerial(option, value);
      case "parallel" -> {
        if (!value.equals("none")) {
          findings.add("DEV-29", option.at(), "a parallel port");
        }
      }
      case "monitor", "qmp", "qmp-pretty" -> {
        if (!value.equals("none")) {
          findings.add("HOST-06", option.at(), "a monitor");
        }
      }
      case "mon" -> new LineArguments(options, findings).checkMonitor(option);
      case "audio", "audiodev" -> {
        var values = option.keyVal("driver");
        if (!values.value("driver").equals("none")) {
          findings.add("DEV-11", option.at(), "audio of the host");
        }
      }
      case "watchdog-action" -> checkWatchdog(option, value);
      case "action" -> checkWatchdog(option, option.keyVal("").find("watchdog").orElse("none"));
      case "netdev", "nic", "net" -> new LineArguments(options, findings).checkNetwork(option);
      case "global" -> checkGlobal(option);
      case "bios" -> checkFirmware(option, value);
      case "drive" -> {
        var values = option.keyVal("file");
        if (values.value("if").equals("pflash")) {
          checkFirmware(option, values.value("file"));
        }
      }
      default -> {}
    }
  }

  private void checkGlobal(Option option) throws MalformedException {
    String value = option.value().value();
    var values = option.keyVal("");
    if (value.contains("romfile")) {
      findings.add("FW-16", option.at(), "an option ROM by -global");
    }
    if (value.equals("cfi.pflash01.secure=on")
        || (values.value("property").equals("secure") && values.isOn("value"))) {
      findings.add("FW-05", option.at(), "variables that only firmware for Secure Boot may write");
    }
  }

  private void checkFirmware(Option option, String file) {
    String lower = file.toLowerCase(Locale.ROOT);
    if (lower.contains("secboot")
        || lower.contains("secureboot")
        || lower.contains("secure-boot")) {
      findings.add("FW-05", option.at(), "firmware for Secure Boot");
    }
  }

  private void checkByName(Option option, String id) throws MalformedException {
    String found = "the option -" + option.name();
    if (id.equals("DEV-01")) {
      var values = option.keyVal("fsdriver");
      if (values.isOn("readonly")) {
        findings.addLesser(id, option.at(), "a read-only directory of the host");
      } else {
        findings.add(id, option.at(), "a directory of the host");
      }
    } else if (id.equals("DEV-16")) {
      findings.addLesser(id, option.at(), "a TPM that the host keeps");
    } else if ((id.equals("DEV-08") && option.value().value().equals("none"))) {
      return;
    } else {
      findings.add(id, option.at(), found);
    }
  }

  private void checkSmbios(Option option) throws MalformedException {
    var values = option.keyVal("file");
    int type = Math.clamp(LaunchPolicy.number(values.value("type")).orElse(0), 0, 255);
    if (values.has("file") || values.has("path")) {
      findings.add("FW-12", option.at(), "an SMBIOS table in a file of the host");
      if (type == 11 || values.has("file")) {
        findings.add("PROV-16", option.at(), "SMBIOS strings in a file of the host");
      }
    }
    for (String key : Set.copyOf(values.keys())) {
      if (!Set.of("type", "file", "path").contains(key)) {
        for (String value : values.values(key)) {
          SmbiosValues.check(type, type == 11 ? "string" : key, value, option.at(), findings);
        }
      }
    }
  }

  private void checkBoot(Option option) throws MalformedException {
    var values = option.keyVal("order");
    String order = values.value("order") + values.value("once");
    if (order.contains("n")) {
      findings.add("FW-14", option.at(), "boot over the network");
    }
    if (order.contains("a") || order.contains("d")) {
      findings.add("DEV-29", option.at(), "boot from a removable medium");
    }
    if (values.isOn("menu") || values.has("splash") || values.has("splash-time")) {
      findings.add("FW-15", option.at(), "a boot menu");
    }
  }

  private void checkWatchdog(Option option, String action) {
    if (!action.equals("none")) {
      findings.add("DEV-28", option.at(), "a watchdog that can " + EmulatorArguments.shown(action));
    }
  }

  private void checkSecrets(Option option) throws MalformedException {
    if (option.name().equals("append")) {
      return;
    }
    if (option.name().equals("object")) {
      var values = option.keyVal("qom-type");
      if (OptionList.PROTECTIONS.contains(values.value("qom-type")) || values.has("data")) {
        return;
      }
    }
    NamedText.check(
        "-" + EmulatorArguments.shown(option.name()),
        option.value().value(),
        option.at(),
        findings);
  }

  /** Names of objects, one under each name of the property; QEMU takes any of them. */
  private static List<String> protections(KeyVal machine) {
    return Stream.of("confidential-guest-support", "memory-encryption")
        .flatMap(name -> machine.find(name).stream())
        .toList();
  }

  /** What QEMU does where the line is silent. */
  private void checkMissing(Argument whole) throws MalformedException {
    var at = whole.at();
    var objects = new HashSet<String>();
    for (var object : options.all("object")) {
      var values = object.keyVal("qom-type");
      if (OptionList.PROTECTIONS.contains(values.value("qom-type"))) {
        objects.add(values.value("id"));
      }
    }
    var protections = protections(options.machine());
    if (protections.isEmpty() || !objects.containsAll(protections)) {
      findings.add("POL-01", at, "no confidential-guest-support of the machine");
    }
    if (options.lastMachine().isEmpty()) {
      for (String id : new String[] {"HOST-01", "DEV-04", "PROV-26", "DEV-10", "DEV-23"}) {
        findings.add(id, at, "no -machine that says otherwise");
      }
    }
    if (!options.has("nodefaults")) {
      for (String id : new String[] {"DEV-07", "DEV-09", "DEV-29", "NET-03"}) {
        findings.add(id, at, "no -nodefaults: QEMU adds devices");
      }
    }
    if (!options.has("cpu") && options.isPc()) {
      findings.add("DEV-38", at, "no -cpu that says otherwise");
      if (!options.isEmulated()) {
        findings.add("DEV-23", at, "no -cpu without kvmclock");
      }
    }
    if (!last(CommandLineRules::endsAtReboot)) {
      findings.add("POL-37", at, "a reboot that does not end the guest");
    }
    if (!last(CommandLineRules::locksMemory)) {
      findings.add("HOST-12", at, "memory that the host may swap out");
    }
    if (!options.has("kernel")) {
      findings.add("FW-24", at, "no kernel beside the firmware that would be measured");
    } else if (options.technologies().size() == Technology.values().length) {
      for (String id : new String[] {"POL-23", "FW-21"}) {
        findings.add(id, options.all("kernel").getFirst().at(), "a kernel that nothing binds");
      }
    }
  }
}
