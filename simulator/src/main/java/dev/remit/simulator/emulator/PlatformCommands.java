package dev.remit.simulator.emulator;

import dev.remit.simulator.identity.PlatformIdentity;
import dev.remit.simulator.monitor.Answer;
import dev.remit.simulator.monitor.MonitorCommands;
import java.util.Optional;

/** The commands that tell what the platform can do, before any guest. */
final class PlatformCommands implements MonitorCommands {
  static final String CAPABILITIES = "query-sev-capabilities";

  // Where a page-table entry says that a page is encrypted, on EPYC since Rome.
  private static final int C_BIT = 51;
  private static final int REDUCED_PHYSICAL_BITS = 1;

  private final PlatformIdentity identity;
  private final boolean cekSigned;

  PlatformCommands(PlatformIdentity identity, boolean cekSigned) {
    this.identity = identity;
    this.cekSigned = cekSigned;
  }

  @Override
  public boolean answers(String command) {
    return command.equals(CAPABILITIES);
  }

  @Override
  public Answer answer(String command, Optional<String> arguments) {
    return new Answer.Return(json -> {
      json.writeStringProperty("pdh", identity.pdh().raw().base64());
      json.writeStringProperty(
          "cert-chain", (cekSigned ? identity.certChain() : identity.unsignedCertChain()).base64());
      json.writeStringProperty("cpu0-id", identity.cpu0Id().base64());
      json.writeNumberProperty("cbitpos", C_BIT);
      json.writeNumberProperty("reduced-phys-bits", REDUCED_PHYSICAL_BITS);
    });
  }

  @Override
  public void onEvent(String event) {}
}
