package dev.remit.cli;

import dev.remit.adapter.vendor.KeyServerUrl;
import dev.remit.app.KeyServer;
import dev.remit.app.Remit;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.Failure;
import dev.remit.report.DiagnosticReport;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The command line as a whole. */
@Command(
    name = "remit",
    description = "Launches confidential virtual machines that are proven before they are trusted.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {"", "\"remit help COMMAND\" tells more; \"remit help status\" lists exit status."},
    subcommands = {
      DoctorCommand.class,
      ValidateCommand.class,
      CheckCommand.class,
      SealCommand.class,
      PlanCommand.class,
      LaunchCommand.class,
      VerifyCommand.class,
      EndorsementsCommand.class,
      MeasureCommand.class,
      SessionCommand.class,
      SecretCommand.class,
      VmsaCommand.class,
      OcaCommand.class,
      InspectCommand.class,
      ListCommand.class,
      ShowCommand.class,
      WaitCommand.class,
      ConsoleCommand.class,
      StopCommand.class,
      RelaunchCommand.class,
      DestroyCommand.class,
      ExplainCommand.class,
      SchemaCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    })
final class Program {
  /** Before the parser has put the real one in its place. */
  static final Program NONE =
      new Program(
          new Terminal(
              new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8),
              new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8)));

  private final Terminal terminal;

  @Option(
      names = "--state",
      paramLabel = "FOLDER",
      scope = ScopeType.INHERIT,
      description = "Journals and evidence; default: remit in $$XDG_STATE_HOME or ~/.local/state.")
  @Nullable Path state;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      scope = ScopeType.INHERIT,
      description =
          "Colour in help and on terminals: ${COMPLETION-CANDIDATES}; NO_COLOR is obeyed.")
  When color = When.auto;

  @Option(
      names = "--offline",
      scope = ScopeType.INHERIT,
      description = "Ask no key server: take signed CEKs only from what was kept or imported.")
  boolean offline;

  @Option(
      names = "--key-server",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description = "Ask this key server instead of AMD's; https, or http to this machine.")
  @Nullable KeyServerUrl keyServer;

  /** Set by the command that runs. */
  boolean quiet;

  enum When {
    auto,
    always,
    never
  }

  Program(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Runs one command and returns the exit status of the process. */
  static int run(Terminal terminal, String... arguments) {
    var program = new Program(terminal);
    if (HelpText.isAskedForBy(arguments)) {
      terminal.out().print(HelpText.PREPARED);
      terminal.out().flush();
      return ExitStatus.DONE.number();
    }
    var plain = PlainCommand.read(program, arguments);
    return plain.isPresent()
        ? program.call(plain.get(), form(arguments))
        : program.parse(arguments);
  }

  private int call(RemitCommand command, Terminal.Form form) {
    try {
      return command.call();
    } catch (RuntimeException bug) {
      return bug(bug, form);
    }
  }

  private int parse(String... arguments) {
    return commandLine(this)
        .setColorScheme(Help.defaultColorScheme(ansi(arguments)))
        .setParameterExceptionHandler((wrong, given) -> wrongUsage(wrong, form(arguments)))
        .setExecutionExceptionHandler((bug, command, parsed) -> bug(bug, form(arguments)))
        .execute(arguments);
  }

  /** The parser, with all commands. */
  static CommandLine commandLine(Program program) {
    var terminal = program.terminal();
    var line =
        new CommandLine(program)
            .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
            .setCaseInsensitiveEnumValuesAllowed(false)
            .setAbbreviatedOptionsAllowed(false)
            .setOverwrittenOptionsAllowed(false)
            // An argument that begins with @ is one: a file of arguments would be quoted in errors.
            .setExpandAtFiles(false);
    return Conversion.register(line);
  }

  Terminal terminal() {
    return terminal;
  }

  Remit remit() {
    return new Remit(stateFolder(), InstantSource.system(), keyServer(), this::sayUnlessQuiet);
  }

  private KeyServer keyServer() {
    if (offline) {
      return new KeyServer.Nobody();
    }
    return keyServer == null ? new KeyServer.Amd() : new KeyServer.Named(keyServer);
  }

  private void sayUnlessQuiet(String line) {
    if (!quiet) {
      terminal.say(line);
    }
  }

  /** As the XDG base directory specification has it. */
  private Path stateFolder() {
    if (state != null) {
      return state;
    }
    var environment = System.getenv();
    String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
    if (!xdg.isEmpty()) {
      return Path.of(xdg, "remit");
    }
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return Path.of(home, ".local", "state", "remit");
  }

  private static Help.Ansi ansi(String[] arguments) {
    return switch (given(arguments, "--color").orElse("auto")) {
      case "always" -> Help.Ansi.ON;
      case "never" -> Help.Ansi.OFF;
      default -> System.getenv("NO_COLOR") == null ? Help.Ansi.AUTO : Help.Ansi.OFF;
    };
  }

  private static Terminal.Form form(String[] arguments) {
    return given(arguments, "--output", "-o").orElse("text").equals("json")
        ? Terminal.Form.json
        : Terminal.Form.text;
  }

  /** The value of an option, which counts also where the parser stops at another one. */
  private static Optional<String> given(String[] arguments, String... names) {
    for (int at = 0; at < arguments.length; at++) {
      for (String name : names) {
        if (arguments[at].equals(name) && at + 1 < arguments.length) {
          return Optional.of(arguments[at + 1]);
        }
        if (arguments[at].startsWith(name + "=")) {
          return Optional.of(arguments[at].substring(name.length() + 1));
        }
      }
    }
    return Optional.empty();
  }

  private int wrongUsage(ParameterException wrong, Terminal.Form form) {
    var command = wrong.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String message = wrong.getMessage();
    var news =
        DiagnosticReport.of(
            List.of(
                Diagnostic.of(
                    Code.WRONG_USAGE,
                    message == null
                        ? "the arguments do not fit"
                        : message.lines().findFirst().orElse("").replaceFirst("^Error: ", ""),
                    "the usage is: "
                        + command.getHelp().synopsis(0).strip().replaceAll("\\s+", " "),
                    "see \"" + name + " --help\"")));
    terminal.badNews(news, form);
    return ExitStatus.USAGE.number();
  }

  /** Only the places are shown: a message may quote anything. */
  private int bug(Exception bug, Terminal.Form form) {
    var news = new ArrayList<Diagnostic>();
    news.add(
        Diagnostic.of(
            Code.BUG,
            "a bug in Remit: " + bug.getClass().getSimpleName(),
            "something happened that its authors thought impossible",
            "report it with the lines below; whatever was not released is destroyed now or by the"
                + " next run"));
    news.addAll(Failure.suppressedIn(bug));
    terminal.badNews(DiagnosticReport.of(news), form);
    sayPlaces(terminal, bug);
    return ExitStatus.BUG.number();
  }

  /** What to do about an exception that nobody caught, on whichever thread. */
  static Thread.UncaughtExceptionHandler lastResort(Terminal terminal) {
    return (thread, bug) -> {
      terminal.say(
          "remit: a bug in Remit: %s on thread \"%s\""
              .formatted(bug.getClass().getSimpleName(), thread.getName()));
      sayPlaces(terminal, bug);
    };
  }

  private static void sayPlaces(Terminal terminal, Throwable bug) {
    for (var frame : bug.getStackTrace()) {
      terminal.say("    at " + frame);
    }
  }

  /** The completion script for a shell. */
  static String completion(CommandLine line) {
    return AutoComplete.bash("remit", line);
  }
}
