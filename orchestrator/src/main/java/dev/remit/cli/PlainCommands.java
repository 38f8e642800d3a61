package dev.remit.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The arguments of the commands that start most often, as their annotations have them. Written by a
 * test of the same name, which fails where the annotations say something else.
 */
final class PlainCommands {
  private PlainCommands() {}

  static Optional<PlainCommand> named(String name) {
    return switch (name) {
      case "measure" -> Optional.of(new Measure());
      case "validate" -> Optional.of(new Validate());
      default -> Optional.empty();
    };
  }

  private static final class Measure extends PlainCommand {
    private final MeasureCommand command = new MeasureCommand();

    @Override
    RemitCommand command() {
      return command;
    }

    @Override
    Optional<String> known(String written) {
      return switch (written) {
        case "--tee" -> Optional.of("--tee");
        case "--firmware" -> Optional.of("--firmware");
        case "--vcpus" -> Optional.of("--vcpus");
        case "--vmsa" -> Optional.of("--vmsa");
        case "-o", "--output" -> Optional.of("--output");
        case "-q", "--quiet" -> Optional.of("--quiet");
        case "-v", "--verbose" -> Optional.of("--verbose");
        case "--kernel" -> Optional.of("--kernel");
        case "--initrd" -> Optional.of("--initrd");
        case "--cmdline" -> Optional.of("--cmdline");
        case "--cpu" -> Optional.of("--cpu");
        case "--cpu-family" -> Optional.of("--cpu-family");
        case "--cpu-model" -> Optional.of("--cpu-model");
        case "--cpu-stepping" -> Optional.of("--cpu-stepping");
        case "--tik" -> Optional.of("--tik");
        case "--api" -> Optional.of("--api");
        case "--build" -> Optional.of("--build");
        case "--guest-policy" -> Optional.of("--guest-policy");
        case "--nonce" -> Optional.of("--nonce");
        default -> Optional.empty();
      };
    }

    @Override
    boolean isFlag(String name) {
      return Set.of("--quiet", "--verbose").contains(name);
    }

    @Override
    void set(String name, String value) {
      switch (name) {
        case "--tee" -> command.tee = Converters.protection(value);
        case "--firmware" -> command.firmware = Path.of(value);
        case "--vcpus" -> command.vcpus = Integer.parseInt(value);
        case "--vmsa" -> command.vmsa = Converters.vmsa(value);
        case "--output" -> command.output.form = Terminal.Form.valueOf(value);
        case "--quiet" -> command.output.quiet = true;
        case "--verbose" -> command.output.verbose = true;
        case "--kernel" -> kernel().kernel = Path.of(value);
        case "--initrd" -> kernel().initrd = Path.of(value);
        case "--cmdline" -> kernel().cmdline = value;
        case "--cpu" -> cpu().model = Converters.cpuModel(value);
        case "--cpu-family" -> numbers().family = Integer.parseInt(value);
        case "--cpu-model" -> numbers().model = Integer.parseInt(value);
        case "--cpu-stepping" -> numbers().stepping = Integer.parseInt(value);
        case "--tik" -> mac().tik = Path.of(value);
        case "--api" -> mac().api = Converters.apiVersion(value);
        case "--build" -> mac().build = Integer.parseInt(value);
        case "--guest-policy" -> mac().policy = Converters.sevPolicy(value);
        case "--nonce" -> mac().nonce = Converters.nonce(value);
        default -> throw new IllegalStateException("no argument has this name: " + name);
      }
    }

    @Override
    boolean isWhole(Set<String> given) {
      return given.containsAll(Set.of("--tee", "--firmware"))
          && noneOrAll(
              given,
              Set.of("--kernel", "--initrd", "--cmdline"),
              Set.of("--kernel", "--initrd", "--cmdline"))
          && atMostOne(
              any(given, "--cpu"), any(given, "--cpu-family", "--cpu-model", "--cpu-stepping"))
          && noneOrAll(
              given,
              Set.of("--cpu-family", "--cpu-model", "--cpu-stepping"),
              Set.of("--cpu-family", "--cpu-model", "--cpu-stepping"))
          && noneOrAll(
              given,
              Set.of("--tik", "--api", "--build", "--guest-policy", "--nonce"),
              Set.of("--tik", "--api", "--build", "--guest-policy", "--nonce"));
    }

    private MeasureCommand.Kernel kernel() {
      var owner = command;
      var group = owner.kernel == null ? new MeasureCommand.Kernel() : owner.kernel;
      owner.kernel = group;
      return group;
    }

    private MeasureCommand.Cpu cpu() {
      var owner = command;
      var group = owner.cpu == null ? new MeasureCommand.Cpu() : owner.cpu;
      owner.cpu = group;
      return group;
    }

    private MeasureCommand.Numbers numbers() {
      var owner = cpu();
      var group = owner.numbers == null ? new MeasureCommand.Numbers() : owner.numbers;
      owner.numbers = group;
      return group;
    }

    private MeasureCommand.MacInput mac() {
      var owner = command;
      var group = owner.mac == null ? new MeasureCommand.MacInput() : owner.mac;
      owner.mac = group;
      return group;
    }
  }

  private static final class Validate extends PlainCommand {
    private final ValidateCommand command = new ValidateCommand();

    @Override
    RemitCommand command() {
      return command;
    }

    @Override
    Optional<String> known(String written) {
      return switch (written) {
        case "0" -> Optional.of("0");
        case "--document-only" -> Optional.of("--document-only");
        case "-o", "--output" -> Optional.of("--output");
        case "-q", "--quiet" -> Optional.of("--quiet");
        case "-v", "--verbose" -> Optional.of("--verbose");
        default -> Optional.empty();
      };
    }

    @Override
    boolean isFlag(String name) {
      return Set.of("--document-only", "--quiet", "--verbose").contains(name);
    }

    @Override
    void set(String name, String value) {
      switch (name) {
        case "0" -> command.specFile = Path.of(value);
        case "--document-only" -> command.documentOnly = true;
        case "--output" -> command.output.form = Terminal.Form.valueOf(value);
        case "--quiet" -> command.output.quiet = true;
        case "--verbose" -> command.output.verbose = true;
        default -> throw new IllegalStateException("no argument has this name: " + name);
      }
    }

    @Override
    boolean isWhole(Set<String> given) {
      return given.containsAll(Set.of("0"));
    }
  }
}
