package dev.remit.simulator.emulator;

import dev.remit.simulator.ShellWord;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the shell that libvirt started must do next. That shell becomes QEMU, so that process id,
 * signals, exit status and inherited descriptors are what libvirt expects of an emulator.
 */
final class StartScript {
  private final FileOutputStream shell;

  StartScript(FileOutputStream shell) {
    this.shell = shell;
  }

  void become(Path program, List<String> arguments) throws IOException {
    say(
        "exec "
            + ShellWord.quote(program.toString())
            + arguments.stream().map(ShellWord::quote).collect(Collectors.joining(" ", " ", "")));
  }

  /** The shell ends as QEMU does when it cannot start. */
  void fail() throws IOException {
    say("exit 1");
  }

  /** The shell acts when the stream closes. */
  private void say(String script) throws IOException {
    shell.write((script + "\n").getBytes(StandardCharsets.UTF_8));
    shell.close();
  }
}
