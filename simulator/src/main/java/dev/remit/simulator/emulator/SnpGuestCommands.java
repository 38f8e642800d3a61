package dev.remit.simulator.emulator;

import dev.remit.simulator.identity.FirmwareVersion;
import dev.remit.simulator.monitor.Answer;
import dev.remit.simulator.monitor.MonitorCommands;
import dev.remit.simulator.processor.GuestState;
import java.util.Optional;
import java.util.Set;

/** The commands about an SEV-SNP guest: QEMU measures none and injects nothing into one. */
final class SnpGuestCommands implements MonitorCommands {
  private static final Set<String> NAMES =
      Set.of(GuestCommands.STATE, GuestCommands.MEASURE, GuestCommands.INJECT);

  private final PlatformCommands platform;
  private final FirmwareVersion version;
  private final long policy;
  private GuestState state = GuestState.LAUNCH_UPDATE;

  SnpGuestCommands(PlatformCommands platform, FirmwareVersion version, long policy) {
    this.platform = platform;
    this.version = version;
    this.policy = policy;
  }

  @Override
  public boolean answers(String command) {
    return NAMES.contains(command) || platform.answers(command);
  }

  @Override
  public Answer answer(String command, Optional<String> arguments) {
    return switch (command) {
      case GuestCommands.STATE ->
          new Answer.Return(json -> {
            json.writeBooleanProperty("enabled", true);
            json.writeNumberProperty("api-major", version.major());
            json.writeNumberProperty("api-minor", version.minor());
            json.writeNumberProperty("build-id", version.build());
            json.writeStringProperty("state", state.word());
            json.writeStringProperty("sev-type", "sev-snp");
            json.writeNumberProperty("snp-policy", policy);
          });
      case GuestCommands.MEASURE -> Answer.error("SEV launch measurement is not available");
      case GuestCommands.INJECT ->
          Answer.error(
              "SEV: Not in correct state. (LSECRET) " + Integer.toHexString(state.number()));
      default -> platform.answer(command, arguments);
    };
  }

  @Override
  public void onEvent(String event) {
    if (event.equals("RESUME")) {
      state = GuestState.RUNNING;
    }
  }
}
