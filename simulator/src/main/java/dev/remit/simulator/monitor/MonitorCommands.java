package dev.remit.simulator.monitor;

import java.util.Optional;

/** The commands that are not QEMU's to answer. */
public interface MonitorCommands {
  boolean answers(String command);

  /**
   * Called once for each command that {@link #answers} claims, in the order of the client.
   *
   * @param arguments as JSON, where the client gave some
   */
  Answer answer(String command, Optional<String> arguments);

  /** Called for each event of QEMU, before the client sees it. */
  void onEvent(String event);
}
