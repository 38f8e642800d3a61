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
      case "launch" -> Optional.of(new Launch());
      case "measure" -> Optional.of(new Measure());
      case "validate" -> Optional.of(new Validate());
      default -> Optional.empty();
    };
  }

  private static final class Launch extends PlainCommand {
    private final LaunchCommand command = new LaunchCommand();

    @Override
    RemitCommand command() {
      return command;
    }

    @Override
    Optional<String> known(String written) {
      return switch (written) {
        case "--timeout" -> Optional.of("--timeout");
        case "--dry-run" -> Optional.of("--dry-run");
        case "-o", "--output" -> Optional.of("--output");
        case "-q", "--quiet" -> Optional.of("--quiet");
        case "-v", "--verbose" -> Optional.of("--verbose");
        case "0" -> Optional.of("0");
        case "--plan" -> Optional.of("--plan");
        case "--host" -> Optional.of("--host");
        case "-c", "--connect" -> Optional.of("--connect");
        default -> Optional.empty();
      };
    }

    @Override
    boolean isFlag(String name) {
      return Set.of("--dry-run", "--quiet", "--verbose").contains(name);
    }

    @Override
    void set(String name, String value) {
      switch (name) {
        case "--timeout" -> command.hostOptions.timeout = Converters.duration(value);
        case "--dry-run" -> command.dryRun = true;
        case "--output" -> command.output.form = Terminal.Form.valueOf(value);
        case "--quiet" -> command.output.quiet = true;
        case "--verbose" -> command.output.verbose = true;
        case "0" -> what().spec = Path.of(value);
        case "--plan" -> what().plan = Path.of(value);
        case "--host" -> which().file = Path.of(value);
        case "--connect" -> which().uri = value;
        default -> throw new IllegalStateException("no argument has this name: " + name);
      }
    }

    @Override
    boolean isWhole(Set<String> given) {
      return given.containsAll(Set.of())
          && atMostOne(any(given, "0"), any(given, "--plan"))
          && any(given, "0", "--plan")
          && atMostOne(any(given, "--host"), any(given, "--connect"));
    }

    private LaunchCommand.What what() {
      var owner = command;
      var group = owner.what == null ? new LaunchCommand.What() : owner.what;
      owner.what = group;
      return group;
    }

    private HostOptions.Which which() {
      var owner = command.hostOptions;
      var group = owner.which == null ? new HostOptions.Which() : owner.which;
      owner.which = group;
      return group;
    }
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
        case "--policy" -> Optional.of("--policy");
        case "--firmware" -> Optional.of("--firmware");
        case "--launch-digest" -> Optional.of("--launch-digest");
        case "--vcpus" -> Optional.of("--vcpus");
        case "--vmsa" -> Optional.of("--vmsa");
        case "--out" -> Optional.of("--out");
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
        case "--vmsa-cpu0" -> Optional.of("--vmsa-cpu0");
        case "--vmsa-cpu1" -> Optional.of("--vmsa-cpu1");
        case "--api" -> Optional.of("--api");
        case "--build" -> Optional.of("--build");
        case "--tik" -> Optional.of("--tik");
        case "--tk" -> Optional.of("--tk");
        case "--nonce" -> Optional.of("--nonce");
        case "--nonce-of" -> Optional.of("--nonce-of");
        case "--reported" -> Optional.of("--reported");
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
        case "--policy" -> command.policy = GivenPolicy.read(value);
        case "--firmware" -> command.reference.firmware = Path.of(value);
        case "--launch-digest" -> command.reference.launchDigest = value;
        case "--vcpus" -> command.reference.vcpus = Integer.parseInt(value);
        case "--vmsa" -> command.vmsa = Converters.vmsa(value);
        case "--out" -> command.out = Path.of(value);
        case "--output" -> command.output.form = Terminal.Form.valueOf(value);
        case "--quiet" -> command.output.quiet = true;
        case "--verbose" -> command.output.verbose = true;
        case "--kernel" -> kernel().kernel = Path.of(value);
        case "--initrd" -> kernel().initrd = Path.of(value);
        case "--cmdline" -> kernel().cmdline = value;
        case "--cpu" -> vcpu().model = Converters.cpuModel(value);
        case "--cpu-family" -> numbers().family = Integer.parseInt(value);
        case "--cpu-model" -> numbers().model = Integer.parseInt(value);
        case "--cpu-stepping" -> numbers().stepping = Integer.parseInt(value);
        case "--vmsa-cpu0" -> pages().boot = Path.of(value);
        case "--vmsa-cpu1" -> pages().application = Path.of(value);
        case "--api" -> mac().api = Converters.apiVersion(value);
        case "--build" -> mac().build = Integer.parseInt(value);
        case "--tik" -> key().tik = Path.of(value);
        case "--tk" -> key().both = Path.of(value);
        case "--nonce" -> nonce().nonce = value;
        case "--nonce-of" -> nonce().nonceOf = value;
        case "--reported" -> nonce().reported = value;
        default -> throw new IllegalStateException("no argument has this name: " + name);
      }
    }

    @Override
    boolean isWhole(Set<String> given) {
      return given.containsAll(Set.of())
          && noneOrAll(given, Set.of("--kernel", "--initrd", "--cmdline"), Set.of("--kernel"))
          && atMostOne(
              any(given, "--cpu"),
              any(given, "--cpu-family", "--cpu-model", "--cpu-stepping"),
              any(given, "--vmsa-cpu0", "--vmsa-cpu1"))
          && noneOrAll(
              given,
              Set.of("--cpu-family", "--cpu-model", "--cpu-stepping"),
              Set.of("--cpu-family", "--cpu-model", "--cpu-stepping"))
          && noneOrAll(given, Set.of("--vmsa-cpu0", "--vmsa-cpu1"), Set.of("--vmsa-cpu0"))
          && noneOrAll(
              given,
              Set.of("--api", "--build", "--tik", "--tk", "--nonce", "--nonce-of", "--reported"),
              Set.of("--api", "--build"))
          && atMostOne(any(given, "--tik"), any(given, "--tk"))
          && (!any(
                  given, "--api", "--build", "--tik", "--tk", "--nonce", "--nonce-of", "--reported")
              || any(given, "--tik", "--tk"))
          && atMostOne(any(given, "--nonce"), any(given, "--nonce-of"), any(given, "--reported"))
          && (!any(
                  given, "--api", "--build", "--tik", "--tk", "--nonce", "--nonce-of", "--reported")
              || any(given, "--nonce", "--nonce-of", "--reported"));
    }

    private ReferenceOptions.Kernel kernel() {
      var owner = command.reference;
      var group = owner.kernel == null ? new ReferenceOptions.Kernel() : owner.kernel;
      owner.kernel = group;
      return group;
    }

    private ReferenceOptions.Vcpu vcpu() {
      var owner = command.reference;
      var group = owner.vcpu == null ? new ReferenceOptions.Vcpu() : owner.vcpu;
      owner.vcpu = group;
      return group;
    }

    private CpuNumbers numbers() {
      var owner = vcpu();
      var group = owner.numbers == null ? new CpuNumbers() : owner.numbers;
      owner.numbers = group;
      return group;
    }

    private ReferenceOptions.Pages pages() {
      var owner = vcpu();
      var group = owner.pages == null ? new ReferenceOptions.Pages() : owner.pages;
      owner.pages = group;
      return group;
    }

    private MeasureCommand.MacInput mac() {
      var owner = command;
      var group = owner.mac == null ? new MeasureCommand.MacInput() : owner.mac;
      owner.mac = group;
      return group;
    }

    private MeasureCommand.KeyFile key() {
      var owner = mac();
      var group = owner.key == null ? new MeasureCommand.KeyFile() : owner.key;
      owner.key = group;
      return group;
    }

    private MeasureCommand.NonceSource nonce() {
      var owner = mac();
      var group = owner.nonce == null ? new MeasureCommand.NonceSource() : owner.nonce;
      owner.nonce = group;
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
