package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.RemitExtension;
import dev.remit.junit.SimulatedHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
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

  /** As Latin-1 text, so that octets are characters. */
  private static Map<String, String> formsOf(byte[] key) {
    String hex = HexFormat.of().formatHex(key);
    return Map.of(
        "raw", new String(key, StandardCharsets.ISO_8859_1),
        "hex", hex,
        "upper-hex", hex.toUpperCase(Locale.ROOT),
        "base64", Base64.getEncoder().withoutPadding().encodeToString(key),
        "base64url", Base64.getUrlEncoder().withoutPadding().encodeToString(key));
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
