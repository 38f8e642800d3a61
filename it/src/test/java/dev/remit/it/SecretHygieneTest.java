package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.RemitExtension;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where the key of the disk must not be: anywhere but in its own file and in the guest. */
@Simulated
@ExtendWith(RemitExtension.class)
final class SecretHygieneTest {
  private final SimulatedHost host;

  SecretHygieneTest(SimulatedHost host) {
    this.host = host;
  }

  @Test
  void theKeyIsInNoFileArgumentEnvironmentOrOutput() throws Exception {
    byte[] key = Files.readAllBytes(host.programs().guest().resolve("disk.key"));
    var forms = formsOf(key);
    var line = new ArrayList<>(List.of(host.programs().remit().toString()));
    line.addAll(List.of("--state", host.state().toString()));
    line.addAll(Example.of(host, "hello-sev").launchArguments("-v"));
    line.addAll(List.of("--host", host.document().toString()));
    var process =
        new ProcessBuilder(line)
            .redirectOutput(host.folder().resolve("stdout").toFile())
            .redirectError(host.folder().resolve("stderr").toFile())
            .start();
    var found = new ArrayList<String>();
    do {
      found.addAll(inProcesses(process, forms));
    } while (!process.waitFor(20, TimeUnit.MILLISECONDS));
    assertThat(process.exitValue()).as(Files.readString(host.folder().resolve("stderr"))).isZero();
    Console.waitFor(host.console("hello-sev"), "remit-guest: disk unlocked");
    // The guest's memory is a file under the simulator; it is gone with the guest.
    host.remitHere("destroy", "hello-sev");
    found.addAll(inFiles(host.folder(), forms));
    assertThat(found).isEmpty();
  }

  @Test
  void findsAKeyThatIsThere() throws IOException {
    byte[] key = "the-control-of-the-search-above!".getBytes(StandardCharsets.US_ASCII);
    for (var form : formsOf(key).entrySet()) {
      Path file = host.folder().resolve("control-" + form.getKey());
      Files.write(file, ("before" + form.getValue()).getBytes(StandardCharsets.ISO_8859_1));
      assertThat(inFiles(host.folder(), Map.of(form.getKey(), form.getValue()))).hasSize(1);
      Files.delete(file);
    }
  }

  @Test
  void findsAKeyInArgumentsAndEnvironment() throws Exception {
    byte[] key = "the-control-of-the-search-above!".getBytes(StandardCharsets.US_ASCII);
    var forms = Map.of("raw", new String(key, StandardCharsets.ISO_8859_1));
    var asArgument = new ProcessBuilder("sh", "-c", "sleep 1000; :", forms.get("raw")).start();
    var inEnvironment = new ProcessBuilder("sleep", "1000");
    inEnvironment.environment().put("CONTROL", forms.get("raw"));
    var second = inEnvironment.start();
    try {
      await(() -> inProcesses(asArgument, forms).size() == 1);
      await(() -> inProcesses(second, forms).size() == 1);
    } finally {
      asArgument.descendants().forEach(ProcessHandle::destroyForcibly);
      asArgument.destroyForcibly().waitFor();
      second.destroyForcibly().waitFor();
    }
  }

  /** With all keys in memory, and as much room for a core as there can be. */
  @Test
  void theKeyIsInNothingThatACrashLeaves() throws Exception {
    byte[] key = Files.readAllBytes(host.programs().guest().resolve("disk.key"));
    Path crash = Files.createDirectory(host.folder().resolve("crash"));
    host.faults("hang-at=query-sev-launch-measure");
    var line = new ArrayList<>(List.of("sh", "-c", "ulimit -c unlimited; exec \"$@\"", "sh"));
    line.add(host.programs().remit().toString());
    line.addAll(List.of("--state", host.state().toString()));
    line.addAll(Example.of(host, "hello-sev-es").launchArguments("-v"));
    line.addAll(List.of("--host", host.document().toString()));
    var process =
        new ProcessBuilder(line)
            .directory(crash.toFile())
            .redirectOutput(crash.resolve("stdout").toFile())
            .redirectError(crash.resolve("stderr").toFile())
            .start();
    await(() -> !host.qemuProcesses().isEmpty() && hasStarted());
    assertThat(host.qemuProcesses()).noneMatch(qemu -> holds(qemu, "disk.key"));
    assertThat(
            new ProcessBuilder("kill", "-s", "SEGV", Long.toString(process.pid()))
                .start()
                .waitFor())
        .isZero();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    host.faults();
    assertThat(host.remitHere("list").status()).isZero();
    assertThat(host.qemuProcesses()).isEmpty();
    try (var left = Files.list(crash)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("stdout", "stderr");
    }
    assertThat(Files.readString(crash.resolve("stdout"))).contains("SIGSEGV");
    assertThat(inFiles(host.folder(), formsOf(key))).isEmpty();
  }

  private boolean hasStarted() throws IOException {
    try (var journals = Files.newDirectoryStream(host.state().resolve("launches"), "*.jsonl")) {
      for (Path journal : journals) {
        String last = Files.readString(journal).lines().reduce("", (first, second) -> second);
        if (last.contains("\"started\"")) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean holds(ProcessHandle process, String file) {
    try (var descriptors = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.readSymbolicLink(descriptor).endsWith(file)) {
          return true;
        }
      }
      return false;
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException, InterruptedException {
    var end = Instant.now().plus(Duration.ofMinutes(2));
    while (Instant.now().isBefore(end)) {
      try {
        if (condition.holds()) {
          return;
        }
      } catch (NoSuchFileException notYet) {
        // The folder of the journals comes with the first of them.
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError("it did not come to that");
  }

  /** As Latin-1 text, so that octets are characters. */
  private static Map<String, String> formsOf(byte[] key) {
    String hex = HexFormat.of().formatHex(key);
    var forms = new HashMap<String, String>();
    forms.put("raw", new String(key, StandardCharsets.ISO_8859_1));
    forms.put("hex", hex);
    forms.put("upper-hex", hex.toUpperCase(Locale.ROOT));
    forms.put("base64", Base64.getEncoder().withoutPadding().encodeToString(key));
    forms.put("base64url", Base64.getUrlEncoder().withoutPadding().encodeToString(key));
    for (var form : List.copyOf(forms.entrySet())) {
      forms.put(
          form.getKey() + "-utf16",
          new String(
              form.getValue().getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1));
      forms.put(
          form.getKey() + "-reversed", new StringBuilder(form.getValue()).reverse().toString());
    }
    return forms;
  }

  private static List<String> inFiles(Path folder, Map<String, String> forms) throws IOException {
    var found = new ArrayList<String>();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        forms.forEach((form, text) -> {
          if (content.contains(text)) {
            found.add(form + " in " + file);
          }
        });
      }
    }
    return found;
  }

  private List<String> inProcesses(Process remit, Map<String, String> forms) {
    var found = new ArrayList<String>();
    var pids = new ArrayList<>(List.of(remit.toHandle()));
    pids.addAll(host.qemuProcesses());
    remit.descendants().forEach(pids::add);
    for (var process : pids) {
      for (String view : List.of("cmdline", "environ")) {
        Path file = Path.of("/proc", Long.toString(process.pid()), view);
        try {
          String content = Files.readString(file, StandardCharsets.ISO_8859_1);
          forms.forEach((form, text) -> {
            if (content.contains(text)) {
              found.add(form + " in " + file);
            }
          });
        } catch (IOException gone) {
          // The process has ended.
        }
      }
    }
    return found;
  }
}
