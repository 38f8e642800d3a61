package dev.remit.simulator;

import dev.remit.bytes.MalformedException;
import dev.remit.simulator.emulator.Emulator;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The program. Its status: 0 done, 2 wrong usage, 5 the system failed. */
public final class Main {
  private static final int USAGE = 2;
  private static final int SYSTEM = 5;

  private static final String HELP =
      """
      remit-simulator: a SIMULATED secure processor under libvirt and QEMU. It protects nothing.

        init DIR [--qemu PATH] [--api MAJOR.MINOR] [--build N] [--vmsa current|legacy]
                 [--cek signed|unsigned] [--root-of DIR]
            makes a platform, once, and DIR/qemu: the emulator for a host document;
            --cek unsigned: libvirt gets the CEK as on real hosts, without a signature;
            --root-of DIR: a platform that is made is another chip under the root of that one
        fault DIR NAME=VALUE...   orders faults for the launches that follow, instead of earlier ones
        fault DIR clear           takes them back
        log DIR                   prints what the secure processor did
      """;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> words) {
    try {
      if (words.size() < 2) {
        System.err.print(HELP);
        return USAGE;
      }
      var folder = new SimulatorFolder(Path.of(words.get(1)));
      var rest = words.subList(2, words.size());
      switch (words.getFirst()) {
        case "init" -> {
          var settings = settings(rest);
          var sibling = Optional.ofNullable(settings.remove("root-of"));
          folder.initialize(
              program(), settings, sibling.map(other -> new SimulatorFolder(Path.of(other))));
        }
        case "fault" -> folder.order(faults(rest));
        case "log" -> printLog(folder);
        case "beside-qemu" -> standBesideQemu(folder, rest);
        default -> throw new IllegalArgumentException("unknown command " + words.getFirst());
      }
      return 0;
    } catch (IllegalArgumentException e) {
      System.err.println("remit-simulator: " + e.getMessage());
      System.err.print(HELP);
      return USAGE;
    } catch (IOException | GeneralSecurityException | MalformedException e) {
      System.err.println("remit-simulator (SIMULATED secure processor): " + e.getMessage());
      return SYSTEM;
    }
  }

  /** The shell that started this says where it is itself. */
  private static Path program() {
    String path = System.getProperty("remit.simulator.program");
    if (path == null) {
      throw new IllegalArgumentException("start simulator/bin/remit-simulator instead");
    }
    return Path.of(path);
  }

  private static Map<String, String> settings(List<String> options) {
    var settings = new TreeMap<String, String>();
    for (int i = 0; i < options.size(); i += 2) {
      if (!options.get(i).startsWith("--") || i + 1 == options.size()) {
        throw new IllegalArgumentException("an option and its value are expected");
      }
      settings.put(options.get(i).substring(2), options.get(i + 1));
    }
    return settings;
  }

  private static Map<String, String> faults(List<String> words) {
    if (words.equals(List.of("clear"))) {
      return Map.of();
    }
    if (words.isEmpty()) {
      throw new IllegalArgumentException("NAME=VALUE or clear is expected");
    }
    var faults = new TreeMap<String, String>();
    for (String word : words) {
      String[] parts = word.split("=", 2);
      if (parts.length != 2) {
        throw new IllegalArgumentException("a fault is NAME=VALUE, not " + word);
      }
      faults.put(parts[0], parts[1]);
    }
    return faults;
  }

  private static void printLog(SimulatorFolder folder) throws IOException {
    try {
      Files.copy(folder.logFile(), System.out);
    } catch (NoSuchFileException e) {
      // Nothing has happened yet.
    }
  }

  /** The arguments are a folder for this start, the shell's process, and libvirt's command line. */
  private static void standBesideQemu(SimulatorFolder folder, List<String> words)
      throws IOException, GeneralSecurityException, MalformedException {
    if (words.size() < 2) {
      throw new IllegalArgumentException("only the program itself calls this");
    }
    var process =
        ProcessHandle.of(Long.parseLong(words.get(1)))
            .orElseThrow(() -> new IOException("the shell that becomes QEMU has ended"));
    new Emulator(
            folder,
            Path.of(words.getFirst()),
            process,
            words.subList(2, words.size()),
            new FileOutputStream(FileDescriptor.out),
            System.err)
        .run();
  }
}
