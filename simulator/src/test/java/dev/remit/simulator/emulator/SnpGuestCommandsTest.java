package dev.remit.simulator.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.simulator.identity.TestPlatform;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnpGuestCommandsTest {
  private final SnpGuestCommands commands =
      new SnpGuestCommands(
          new PlatformCommands(TestPlatform.identity(), true), TestPlatform.VERSION, 0x30000);

  @Test
  void reportsTheStateOfTheGuest() {
    assertThat(line("query-sev"))
        .contains("\"state\":\"launch-update\"", "\"sev-type\":\"sev-snp\"")
        .contains("\"snp-policy\":196608");
    commands.onEvent("RESUME");
    assertThat(line("query-sev")).contains("\"state\":\"running\"");
  }

  @Test
  void refusesToMeasureAsQemuDoes() {
    assertThat(line("query-sev-launch-measure"))
        .contains("GenericError", "SEV launch measurement is not available");
  }

  @Test
  void refusesASecretAsQemuDoes() {
    assertThat(line("sev-inject-launch-secret"))
        .contains("GenericError", "SEV: Not in correct state. (LSECRET) 1");
  }

  private String line(String command) {
    assertThat(commands.answers(command)).isTrue();
    var answer = commands.answer(command, Optional.empty());
    return new String(answer.line(Optional.empty()), StandardCharsets.UTF_8);
  }
}
