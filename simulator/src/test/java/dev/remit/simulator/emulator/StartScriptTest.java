package dev.remit.simulator.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartScriptTest {
  private final Path file;

  StartScriptTest(@TempDir Path folder) {
    file = folder.resolve("script");
  }

  @Test
  void passesEveryArgumentThroughTheShellAsItIs() throws Exception {
    var arguments =
        List.of("%s|", "plain", "", "two words", "it's", "$HOME `id` \"x\" \\n", "a\nb", "*", "é");
    new StartScript(new FileOutputStream(file.toFile()))
        .become(Path.of("/usr/bin/printf"), arguments);
    var shell = shell();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("plain||two words|it's|$HOME `id` \"x\" \\n|a\nb|*|é|");
    assertThat(shell.waitFor()).isZero();
  }

  @Test
  void endsTheShellAsQemuEnds() throws Exception {
    new StartScript(new FileOutputStream(file.toFile())).fail();
    assertThat(shell().waitFor()).isEqualTo(1);
  }

  private Process shell() throws IOException {
    return new ProcessBuilder(
            "/bin/sh", "-c", "eval \"$1\"; echo not reached", "sh", Files.readString(file))
        .start();
  }
}
