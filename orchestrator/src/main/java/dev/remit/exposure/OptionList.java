package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.exposure.EmulatorArguments.Option;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The options of a command line of QEMU, and what several rules ask of them. */
final class OptionList {
  static final Set<String> PROTECTIONS =
      Set.of("sev-guest", "sev-snp-guest", "tdx-guest", "s390-pv-guest");

  private final List<Option> options;
  private final Set<Technology> technologies;
  private final Set<String> sockets = new HashSet<>();
  private final boolean pc;
  private final boolean interactive;

  OptionList(List<Option> options) throws MalformedException {
    this.options = options;
    this.technologies = findTechnologies();
    for (var option : all("chardev")) {
      var backend = option.keyVal("backend");
      if (backend.value("backend").equals("socket") && (backend.has("fd") || backend.has("path"))) {
        sockets.add(backend.value("id"));
      }
    }
    this.pc = isPc(machine());
    this.interactive = findInteractive();
  }

  private Set<Technology> findTechnologies() throws MalformedException {
    var found = EnumSet.noneOf(Technology.class);
    for (var object : all("object")) {
      var values = object.keyVal("qom-type");
      switch (values.value("qom-type")) {
        case "sev-guest" ->
            found.add(LaunchPolicy.sevTechnology(ObjectArguments.sevPolicy(values)));
        case "sev-snp-guest" -> found.add(Technology.SEV_SNP);
        case "tdx-guest" -> found.add(Technology.TDX);
        case "s390-pv-guest" -> found.add(Technology.S390_PV);
        default -> {}
      }
    }
    return found.isEmpty() ? EnumSet.allOf(Technology.class) : found;
  }

  private static boolean isPc(KeyVal machine) {
    String type = machine.value("type");
    return !type.startsWith("s390") && !type.startsWith("virt") && !type.startsWith("pseries");
  }

  private boolean findInteractive() throws MalformedException {
    for (var option : all("serial")) {
      String value = option.value().value();
      if (!value.equals("none")
          && !value.equals("null")
          && !value.startsWith("file:")
          && !value.startsWith("chardev:")) {
        return true;
      }
    }
    for (var option : all("chardev")) {
      var values = option.keyVal("backend");
      boolean serial =
          values.value("id").contains("serial") || values.value("id").contains("console");
      if (serial && !Set.of("file", "null").contains(values.value("backend"))) {
        return true;
      }
    }
    return options.stream().anyMatch(option -> option.name().equals("nographic"));
  }

  List<Option> all() {
    return options;
  }

  List<Option> all(String name) {
    return options.stream().filter(option -> option.name().equals(name)).toList();
  }

  Optional<Option> first(String name) {
    return options.stream().filter(option -> option.name().equals(name)).findFirst();
  }

  Optional<Option> last(String name) {
    return all(name).stream().reduce((before, last) -> last);
  }

  boolean has(String name) {
    return first(name).isPresent();
  }

  /** The last of those that QEMU makes one machine of. */
  Optional<Option> lastMachine() {
    return machineOptions().reduce((before, last) -> last);
  }

  /** What all of them say together: a later value replaces an earlier one. */
  KeyVal machine() throws MalformedException {
    var machines = new ArrayList<KeyVal>();
    for (var option : machineOptions().toList()) {
      machines.add(option.keyVal("type"));
    }
    return KeyVal.merged(machines);
  }

  private Stream<Option> machineOptions() {
    return options.stream()
        .filter(option -> option.name().equals("machine") || option.name().equals("M"));
  }

  /** What {@code -smp} and the machine say of processors, which is one to QEMU. */
  KeyVal processors() throws MalformedException {
    var processors = new ArrayList<KeyVal>();
    for (var option : options) {
      if (option.name().equals("smp")) {
        processors.add(option.keyVal("cpus"));
      } else if (option.name().equals("machine") || option.name().equals("M")) {
        processors.add(option.keyVal("type").below("smp"));
      }
    }
    return KeyVal.merged(processors);
  }

  /** What the options ask for; everything where they ask for nothing that is known. */
  Set<Technology> technologies() {
    return technologies;
  }

  /** Ids of character devices that are sockets at the host. */
  Set<String> sockets() {
    return sockets;
  }

  /** Whether the machine has the devices of a PC. */
  boolean isPc() {
    return pc;
  }

  /** Whether the line says that QEMU alone runs the guest, without KVM and its clock. */
  boolean isEmulated() throws MalformedException {
    boolean emulated = false;
    for (var option : all("accel")) {
      if (!option.keyVal("accel").value("accel").equals("tcg")) {
        return false;
      }
      emulated = true;
    }
    for (String accelerator : machine().values("accel")) {
      if (!accelerator.equals("tcg")) {
        return false;
      }
      emulated = true;
    }
    return emulated && !has("enable-kvm");
  }

  /** Whether a line takes input from the host. */
  boolean isInteractive() {
    return interactive;
  }
}
