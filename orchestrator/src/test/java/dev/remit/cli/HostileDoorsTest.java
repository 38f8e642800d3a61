package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.Failure;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Hostile;
import dev.remit.report.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** Each way on which a text of somebody else comes to the terminal. */
final class HostileDoorsTest {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of(),
          List.of("validate"),
          List.of("verify"),
          List.of("inspect"),
          List.of("check"),
          List.of("explain"),
          List.of("help"),
          List.of("schema"),
          List.of("launch", "--plan"),
          List.of("list", "--timeout"),
          List.of("list", "--connect"),
          List.of("list", "--host"),
          List.of("measure", "--tee"),
          List.of("measure", "--cpu"),
          List.of("--color"));

  @TempDir private Path folder;

  static List<String> texts() {
    return Hostile.TEXTS;
  }

  @ParameterizedTest
  @MethodSource("texts")
  void areShutForArguments(String text) {
    for (var command : COMMANDS) {
      for (var form : List.of("text", "json")) {
        var all = new ArrayList<>(command);
        all.add(text);
        all.addAll(List.of("--state", folder.resolve("state").toString(), "-o", form));
        assertHarmless(CommandLineRun.of(all.toArray(String[]::new)), text);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void areShutForTheContentOfDocumentsPlansAndBundles(String text) throws IOException {
    var contents =
        List.of(
            text,
            "apiVersion: " + text,
            "kind: VM\nmetadata: {name: \"" + text + "\"}\n" + text + ": 1\n",
            "{\"schema\":\"" + text + "\"}",
            "{\"schema\":\"remit.plan/1\",\"" + text.replace("\"", "") + "\":1}",
            "{\"schema\":\"remit.bundle/1\",\"plan\":\"" + text.replace("\"", "") + "\"}");
    for (var content : contents) {
      var file = Files.write(folder.resolve("it"), content.getBytes(StandardCharsets.UTF_8));
      var commands =
          content.startsWith("{")
              ? List.of(List.of("verify"), List.of("inspect"), List.of("launch", "--plan"))
              : List.of(List.of("validate"), List.of("list", "--host"));
      for (var command : commands) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(file.toString(), "--state", folder.resolve("state").toString()));
        assertHarmless(CommandLineRun.of(all.toArray(String[]::new)), text);
      }
    }
  }

  /** A file's name may be anything but a slash and a zero. */
  @Test
  void areShutForNamesOfFilesThatAreThere() throws IOException {
    for (var text :
        List.of("\u001b[2J", "a\nremit: TRUSTED", "\u202e.yaml", "\u009b", "<script>")) {
      var file = Files.writeString(folder.resolve("x" + text), "kind: Spaceship\n");
      for (var command : List.of("validate", "verify", "inspect", "check")) {
        assertHarmless(CommandLineRun.of(command, file.toString()), text);
      }
    }
  }

  /** Whatever a report forgot. */
  @ParameterizedTest
  @MethodSource("texts")
  void areShutAtTheTerminalItself(String text) {
    var json = JsonNodeFactory.instance.objectNode().put("schema", text);
    var answer = new Answer(ExitStatus.DONE, text, json);
    var shown =
        shown(terminal -> {
          terminal.answer(answer, Terminal.Form.text);
          terminal.answer(answer, Terminal.Form.json);
          terminal.badNews(answer, Terminal.Form.text);
          terminal.badNews(answer, Terminal.Form.json);
        });
    assertThat(Hostile.isHarmless(shown)).isTrue();
    String said = shown(terminal -> terminal.say(text));
    assertThat(Hostile.isHarmless(said)).isTrue();
    assertThat(Hostile.lines(said)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void areShutForLogs(String text) {
    var record = new LogRecord(Level.FINE, "domain {0}");
    record.setLoggerName("dev.remit");
    record.setParameters(new Object[] {text});
    record.setThrown(
        new Failure(
            Diagnostic.of(Code.CALL_FAILED, "a" + text, "b" + text, "c" + text),
            new IOException(text, new IllegalStateException(text))));
    String logged = new Logging.OneLineEach().format(record);
    assertThat(Hostile.isHarmless(logged)).isTrue();
    assertThat(logged.lines().filter(line -> !line.startsWith("    at "))).hasSize(4);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void areShutForBugs(String text) {
    var bug = new IllegalStateException(text, new IOException(text));
    String shown =
        shown(terminal ->
            Program.lastResort(terminal)
                .uncaughtException(new Thread(null, null, "a" + text), bug));
    assertThat(Hostile.isHarmless(shown)).isTrue();
    assertThat(shown.lines().filter(line -> !line.startsWith("    at "))).hasSize(1);
  }

  private static String shown(Consumer<Terminal> what) {
    var octets = new ByteArrayOutputStream();
    var stream = new PrintStream(octets, true, StandardCharsets.UTF_8);
    what.accept(new Terminal(stream, stream));
    return octets.toString(StandardCharsets.UTF_8);
  }

  private static void assertHarmless(CommandLineRun run, String text) {
    assertThat(Hostile.isHarmless(run.out())).as("%s", new HostText(text)).isTrue();
    assertThat(Hostile.isHarmless(run.err())).as("%s", new HostText(text)).isTrue();
    assertThat(run.err().length()).as("errors stay short").isLessThan(200_000);
    assertThat(run.out() + run.err())
        .as("a line that the text begins")
        .doesNotContain("\nremit: TRUSTED", "\n  fix: run this");
    assertThat(run.status()).isNotEqualTo(ExitStatus.BUG.number());
  }
}
