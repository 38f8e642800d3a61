package dev.remit.simulator.emulator;

import dev.remit.bytes.MalformedException;
import dev.remit.simulator.json.FlatObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command line by which libvirt starts QEMU. Immutable; each change makes another one. */
final class EmulatorArguments {
  /** The options of QEMU that libvirt uses and that take no value. */
  private static final Set<String> FLAGS =
      Set.of(
          "-S",
          "-no-user-config",
          "-nodefaults",
          "-nographic",
          "-daemonize",
          "-no-shutdown",
          "-no-reboot",
          "-no-hpet",
          "-no-acpi",
          "-enable-kvm",
          "-mem-prealloc",
          "-only-migratable",
          "-preconfig",
          "-snapshot",
          "-usb");

  private static final Pattern GUEST_NAME = Pattern.compile("guest=((?:[^,]|,,)*)");
  private static final Pattern INHERITED = Pattern.compile("fd=(\\d+)");
  private static final Pattern LISTENING = Pattern.compile("unix:((?:[^,]|,,)*),server=on.*");
  private static final Pattern FLASH = Pattern.compile("(?:^|,)pflash0=([^,]*)");

  private final List<Option> options;

  private EmulatorArguments(List<Option> options) {
    this.options = List.copyOf(options);
  }

  private record Option(String name, Optional<String> value) {
    boolean is(String wanted) {
      return name.equals(wanted);
    }

    /** The value, where QEMU takes an object in JSON. */
    FlatObject object() throws MalformedException {
      return FlatObject.parse(value.orElse(""));
    }

    Option with(String other) {
      return new Option(name, Optional.of(other));
    }
  }

  static EmulatorArguments parse(List<String> words) throws MalformedException {
    var options = new ArrayList<Option>();
    for (int i = 0; i < words.size(); i++) {
      String name = words.get(i);
      if (FLAGS.contains(name)) {
        options.add(new Option(name, Optional.empty()));
      } else if (name.startsWith("-") && i + 1 < words.size()) {
        options.add(new Option(name, Optional.of(words.get(++i))));
      } else {
        throw new MalformedException(i, "an option of QEMU and its value are expected");
      }
    }
    return new EmulatorArguments(options);
  }

  List<String> words() {
    var words = new ArrayList<String>();
    for (Option option : options) {
      words.add(option.name());
      option.value().ifPresent(words::add);
    }
    return words;
  }

  /** The value of an option's last appearance. */
  Optional<String> value(String name) {
    Optional<String> value = Optional.empty();
    for (Option option : options) {
      if (option.is(name)) {
        value = option.value();
      }
    }
    return value;
  }

  /** Whether libvirt only asks what this emulator can do. */
  boolean asksForCapabilities() {
    return value("-machine").filter(machine -> machine.startsWith("none")).isPresent();
  }

  String domain() {
    return value("-name")
        .map(GUEST_NAME::matcher)
        .filter(Matcher::find)
        .map(m -> m.group(1).replace(",,", ","))
        .orElse("");
  }

  /** Empty where no confidential guest is asked for. */
  Optional<LaunchObject> launchObject() throws MalformedException {
    for (FlatObject object : objects("-object")) {
      if (LaunchObject.isOne(object)) {
        return Optional.of(LaunchObject.of(object));
      }
    }
    return Optional.empty();
  }

  /** The bytes of guest memory, which must be one piece. */
  long memorySize() throws MalformedException {
    long size = 0;
    for (FlatObject object : objects("-object")) {
      if (isMemory(object)) {
        if (size != 0) {
          throw new MalformedException(0, "the guest's memory must be one object");
        }
        size = object.number("size").orElse(0L);
      }
    }
    if (size <= 0) {
      throw new MalformedException(0, "the guest's memory must be an object with a size");
    }
    return size;
  }

  private static boolean isMemory(FlatObject object) {
    return object.text("qom-type").filter(type -> type.startsWith("memory-backend-")).isPresent();
  }

  /** The file that holds the firmware, as flash or as ROM. */
  Path firmware() throws MalformedException {
    var rom = value("-bios");
    if (rom.isPresent()) {
      return Path.of(rom.get());
    }
    String node = flashStorage();
    for (FlatObject device : objects("-blockdev")) {
      if (device.text("node-name").equals(Optional.of(node))) {
        return Path.of(
            device
                .text("filename")
                .orElseThrow(() -> new MalformedException(0, "the firmware must be a file")));
      }
    }
    throw new MalformedException(0, "the firmware must be flash unit 0 or a ROM");
  }

  /** Whether the firmware is flash and not a ROM. */
  boolean hasFlash() {
    return value("-bios").isEmpty();
  }

  /** The node that reads the firmware's file: below a format's node, where there is one. */
  private String flashStorage() throws MalformedException {
    var flash =
        value("-machine")
            .map(FLASH::matcher)
            .filter(Matcher::find)
            .map(m -> m.group(1))
            .orElseThrow(() -> new MalformedException(0, "the machine must have firmware"));
    for (FlatObject device : objects("-blockdev")) {
      if (device.text("node-name").equals(Optional.of(flash))) {
        return device.text("file").orElse(flash);
      }
    }
    throw new MalformedException(0, "flash unit 0 must be a block device of the command line");
  }

  /** The descriptor on which libvirt's monitor connection arrives, if it is inherited. */
  Optional<Integer> monitorDescriptor() {
    return monitorDevice()
        .flatMap(Option::value)
        .map(INHERITED::matcher)
        .filter(Matcher::find)
        .map(m -> Integer.parseInt(m.group(1)));
  }

  /** The path where a monitor must listen, if libvirt gave one. */
  Optional<Path> monitorPath() {
    return value("-qmp")
        .map(LISTENING::matcher)
        .filter(Matcher::matches)
        .map(m -> Path.of(m.group(1).replace(",,", ",")));
  }

  /** The character device behind the monitor that libvirt asks for. */
  private Optional<Option> monitorDevice() {
    for (Option monitor : options) {
      if (monitor.is("-mon")) {
        String id = part(monitor, "chardev=").replace("chardev=", "id=");
        return options.stream()
            .filter(option -> option.is("-chardev") && part(option, "id=").equals(id))
            .findFirst();
      }
    }
    return Optional.empty();
  }

  /** The first part of a value with commas that begins so, or nothing. */
  private static String part(Option option, String beginning) {
    return Arrays.stream(option.value().orElse("").split(",", -1))
        .filter(part -> part.startsWith(beginning))
        .findFirst()
        .orElse("");
  }

  /** QEMU calls whoever listens at the path for its monitor, instead of being called. */
  EmulatorArguments callingMonitor(Path path) throws MalformedException {
    String escaped = path.toString().replace(",", ",,");
    var device = monitorDevice();
    return changed(option -> {
      if (device.isPresent() && option.equals(device.get())) {
        return Optional.of(option.with("socket," + part(option, "id=") + ",path=" + escaped));
      }
      return Optional.of(option.is("-qmp") ? option.with("unix:" + escaped) : option);
    });
  }

  /** An ordinary guest whose memory is a file that others may read and write. */
  EmulatorArguments unprotected(LaunchObject launchObject, Path memory) throws MalformedException {
    String support = ",confidential-guest-support=" + launchObject.id();
    return changed(option ->
        switch (option.name()) {
          case "-object" -> {
            var object = option.object();
            if (LaunchObject.isOne(object)) {
              yield Optional.empty();
            }
            yield Optional.of(
                isMemory(object) ? option.with(inFile(object, memory).json()) : option);
          }
          case "-machine" ->
              Optional.of(option.with(option.value().orElse("").replace(support, "")));
          default -> Optional.of(option);
        });
  }

  private static FlatObject inFile(FlatObject memory, Path file) {
    return memory
        .without(Set.of("hugetlb", "hugetlbsize", "seal", "mem-path", "share"))
        .with("qom-type", "memory-backend-file")
        .with("mem-path", file.toString())
        .with("share", true);
  }

  /** The same with another value for an option; the option is added where it was missing. */
  EmulatorArguments with(String name, String value) throws MalformedException {
    if (value(name).isEmpty()) {
      var longer = new ArrayList<>(options);
      longer.add(new Option(name, Optional.of(value)));
      return new EmulatorArguments(longer);
    }
    return changed(option -> Optional.of(option.is(name) ? option.with(value) : option));
  }

  /** The same with another file for the firmware. */
  EmulatorArguments withFirmware(Path file) throws MalformedException {
    if (!hasFlash()) {
      return with("-bios", file.toString());
    }
    var node = Optional.of(flashStorage());
    return changed(option ->
        Optional.of(
            option.is("-blockdev") && option.object().text("node-name").equals(node)
                ? option.with(option.object().with("filename", file.toString()).json())
                : option));
  }

  @FunctionalInterface
  private interface Change {
    Optional<Option> apply(Option option) throws MalformedException;
  }

  private EmulatorArguments changed(Change change) throws MalformedException {
    var changed = new ArrayList<Option>();
    for (Option option : options) {
      change.apply(option).ifPresent(changed::add);
    }
    return new EmulatorArguments(changed);
  }

  private List<FlatObject> objects(String name) throws MalformedException {
    var objects = new ArrayList<FlatObject>();
    for (Option option : options) {
      if (option.is(name)) {
        objects.add(option.object());
      }
    }
    return objects;
  }
}
