package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A command line of QEMU with the place of each argument. It comes as the kernel tells it (with a
 * zero behind each argument), as shells take it and libvirt's log writes it, or with one argument
 * in each line.
 */
public final class EmulatorArguments {
  /** UTF-16 units. */
  public static final int LONGEST = 4 << 20;

  public static final int MOST_ARGUMENTS = 4_096;

  /** Options without a value. All others, unknown ones too, take the next argument for theirs. */
  private static final Set<String> FLAGS =
      Set.of(
          "S",
          "s",
          "h",
          "help",
          "version",
          "nographic",
          "snapshot",
          "daemonize",
          "nodefaults",
          "no-user-config",
          "nouserconfig",
          "no-reboot",
          "no-shutdown",
          "no-acpi",
          "no-hpet",
          "enable-kvm",
          "usb",
          "full-screen",
          "win2k-hack",
          "mem-prealloc",
          "preconfig",
          "singlestep",
          "no-fd-bootchk",
          "portrait",
          "alt-grab",
          "ctrl-grab",
          "no-quit",
          "curses",
          "sdl",
          "semihosting",
          "old-param",
          "enable-fips",
          "xen-attach",
          "xen-domid-restrict",
          "only-migratable",
          "perfmap",
          "jitdump",
          "no-kvm",
          "no-frame",
          "enable-sync-profile",
          "no-kvm-irqchip");

  /**
   * An argument.
   *
   * @param place of its parts
   */
  record Argument(String value, TextPlace place) {
    Argument(String value, Location at) {
      this(value, TextPlace.whole(at));
    }

    Location at() {
      return place.part(0, value.length());
    }
  }

  /**
   * An option with what follows it.
   *
   * @param name without its hyphens; empty for an argument that is no option
   * @param value the name again where there is none
   */
  record Option(String name, Argument option, Argument value) {
    Location at() {
      return value.at();
    }

    KeyVal keyVal(String implied) throws MalformedException {
      return KeyVal.parse(value.value(), implied);
    }
  }

  private final Optional<Argument> emulator;
  private final List<Option> options;

  private EmulatorArguments(Optional<Argument> emulator, List<Option> options) {
    this.emulator = emulator;
    this.options = List.copyOf(options);
  }

  /**
   * A command line that somebody else wrote.
   *
   * @param file as its owner named it, for display
   */
  public static EmulatorArguments parse(String file, String text) throws MalformedException {
    if (text.length() > LONGEST) {
      throw new MalformedException(
          LONGEST, "a command line has at most " + LONGEST + " characters");
    }
    var source = new MarkedText(file, text);
    List<Argument> arguments;
    if (text.indexOf('\0') >= 0) {
      arguments = separated(source, '\0');
    } else if (text.strip().indexOf('\n') >= 0
        && !text.contains("\\\n")
        && !text.contains("\\\r\n")) {
      arguments = separated(source, '\n');
    } else {
      arguments = new ShellWords(source).words();
    }
    int start = 0;
    while (start < arguments.size() && !isEmulator(arguments.get(start).value())) {
      start++;
    }
    if (start < arguments.size()) {
      return new EmulatorArguments(
          Optional.of(arguments.get(start)),
          options(arguments.subList(start + 1, arguments.size())));
    }
    if (arguments.isEmpty()) {
      throw new MalformedException(0, "a command line has arguments");
    }
    // A program of another name: what the line starts with, unless that is an option.
    boolean named = !arguments.getFirst().value().startsWith("-");
    return new EmulatorArguments(
        named ? Optional.of(arguments.getFirst()) : Optional.empty(),
        options(arguments.subList(named ? 1 : 0, arguments.size())));
  }

  static boolean isEmulator(String word) {
    String name = word.substring(word.lastIndexOf('/') + 1);
    return !word.startsWith("-")
        && !word.contains("=")
        && (name.startsWith("qemu-system-") || name.equals("qemu-kvm") || name.equals("kvm"))
        && !name.endsWith(":");
  }

  private static List<Argument> separated(MarkedText source, char separator)
      throws MalformedException {
    var arguments = new ArrayList<Argument>();
    String text = source.text();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf(separator, start);
      int stop = end < 0 ? text.length() : end;
      int last =
          separator == '\n' && stop > start && text.charAt(stop - 1) == '\r' ? stop - 1 : stop;
      if (last > start || separator == '\0') {
        add(arguments, argument(source, text.substring(start, last), start));
      }
      start = stop + 1;
    }
    return arguments;
  }

  static void add(List<Argument> arguments, Argument argument) throws MalformedException {
    if (arguments.size() == MOST_ARGUMENTS) {
      throw new MalformedException(
          0, "a command line has at most " + MOST_ARGUMENTS + " arguments");
    }
    arguments.add(argument);
  }

  static Argument argument(MarkedText source, String value, int start) {
    return new Argument(value, (from, to) -> source.part(start + from, start + to));
  }

  static List<Option> options(List<Argument> arguments) {
    var options = new ArrayList<Option>();
    for (int at = 0; at < arguments.size(); at++) {
      var argument = arguments.get(at);
      String word = argument.value();
      if (!word.startsWith("-") || word.equals("-")) {
        options.add(new Option("", argument, argument));
        continue;
      }
      String name = word.substring(word.startsWith("--") ? 2 : 1);
      boolean takes = !FLAGS.contains(name) && at + 1 < arguments.size();
      options.add(new Option(name, argument, takes ? arguments.get(++at) : argument));
    }
    return options;
  }

  Optional<Argument> emulator() {
    return emulator;
  }

  List<Option> options() {
    return options;
  }

  static String shown(String argument) {
    return argument.length() <= 200 ? argument : argument.substring(0, 200) + "…";
  }
}
