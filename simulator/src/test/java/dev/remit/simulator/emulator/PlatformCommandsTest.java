package dev.remit.simulator.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.simulator.identity.PlatformIdentity;
import dev.remit.simulator.identity.TestPlatform;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlatformCommandsTest {
  private final PlatformIdentity identity = TestPlatform.identity();

  @Test
  void handOutTheSignedCekOrTheOneOfTheFirmware() {
    assertThat(answer(true)).contains(identity.certChain().base64());
    assertThat(answer(false))
        .contains(identity.unsignedCertChain().base64())
        .doesNotContain(identity.certChain().base64())
        .contains(identity.cpu0Id().base64());
  }

  private String answer(boolean cekSigned) {
    var answer =
        new PlatformCommands(identity, cekSigned)
            .answer(PlatformCommands.CAPABILITIES, Optional.empty());
    return new String(answer.line(Optional.empty()), StandardCharsets.UTF_8);
  }
}
