package dev.remit.cli;

import dev.remit.diagnostic.BadInput;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.GuestConsole;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.launch.Launches;
import dev.remit.report.Answer;
import dev.remit.report.ConsoleReport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "console",
    description =
        "Show what a VM last said, by the word of the host that keeps its console, and for how long"
            + " it has said nothing. No host is asked.")
final class ConsoleCommand extends RemitCommand {
  private static final Duration POLL = Duration.ofMillis(500);

  /** The first silence that is worth a line while somebody follows; each further one is double. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  @Parameters(index = "0", paramLabel = "NAME", description = "The VM's name.")
  String name = "";

  @Mixin HostOptions hostOptions = new HostOptions();

  @Option(
      names = "--lines",
      paramLabel = "N",
      defaultValue = "20",
      showDefaultValue = Visibility.ALWAYS,
      converter = LinesConverter.class,
      description = "How many of the last lines, from 1 to 10000.")
  int lines = 20;

  @Option(
      names = "--follow",
      description = "Go on until the journal tells of the VM's end, or until interrupted.")
  boolean follow;

  @Override
  Answer answer() throws Failure, BadInput {
    if (follow && output.form == Terminal.Form.json) {
      throw WrongUsage.of(
          "--follow has no form in JSON",
          "an answer in JSON is one object, and this one has no end",
          "leave out one of --follow and --output");
    }
    var remit = program.remit();
    var entry =
        Launches.newest(
            remit.journals(),
            name,
            new SpecFiles(remit.files(), remit.clock()).givenUri(hostOptions));
    var file = file(entry);
    var console = remit.console(file, hostOptions.timeout);
    var said = console.since(0);
    var shown = ConsoleReport.of(entry, file, said, lines, remit.clock().instant());
    if (!follow) {
      return shown;
    }
    say(ConsoleReport.headline(entry, said, remit.clock().instant()));
    ConsoleReport.last(said, lines).forEach(line -> program.terminal().line(line));
    return ConsoleReport.end(follow(remit.journals(), remit.clock(), entry, console, said));
  }

  private static Path file(Journals.Entry entry) throws BadInput {
    var origin =
        entry
            .intent()
            .origin()
            .orElseThrow(() ->
                new BadInput(
                    Diagnostic.of(
                        Code.NO_DOCUMENTS,
                        "the journal of " + entry.intent().name() + " does not name its console",
                        "an earlier release wrote it, and noted less",
                        "look into consoleFolder of the host document")));
    return Path.of(
        origin
            .console()
            .orElseThrow(() ->
                new BadInput(
                    Diagnostic.of(
                        Code.NO_CONSOLE,
                        entry.intent().name() + " has no console",
                        "its document says \"console: none\", so that the host gets none of its"
                            + " output",
                        "ask the guest itself; or launch it with \"console: serial\" and the risk"
                            + " host-reads-console acknowledged"))));
  }

  /** Returns when the journal tells of the end, and all was shown. */
  private Journals.Entry follow(
      Journals journals,
      InstantSource clock,
      Journals.Entry followed,
      GuestConsole console,
      GuestConsole.Said before)
      throws Failure {
    var said = before;
    var silence = SILENCE;
    while (true) {
      var entry = now(journals, followed);
      boolean over = entry.last() == LaunchEvent.ENDED || entry.last() == LaunchEvent.DESTROYED;
      var more = console.since(said.next());
      if (more.skipped()) {
        say("more was written than is shown");
      }
      more.lines().forEach(line -> program.terminal().line(ConsoleReport.line(line)));
      var silent = ConsoleReport.silence(more, clock.instant());
      if (more.size() != said.size()) {
        silence = SILENCE;
      } else if (silent.compareTo(silence) >= 0) {
        say(ConsoleReport.headline(entry, more, clock.instant()));
        silence = silent.multipliedBy(2);
      }
      said = more;
      if (over) {
        return entry;
      }
      pause();
    }
  }

  private static Journals.Entry now(Journals journals, Journals.Entry followed) throws Failure {
    return journals.entries().stream()
        .filter(entry -> entry.intent().launchId().equals(followed.intent().launchId()))
        .findFirst()
        .orElse(followed);
  }

  private static void pause() throws Failure {
    try {
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Failure(
          Diagnostic.of(
              Code.INTERRUPTED,
              "interrupted while following a console",
              "the guest goes on",
              "follow it again"));
    }
  }
}
