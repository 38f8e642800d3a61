package dev.remit.simulator.monitor;

import java.util.Optional;

/**
 * How the monitor misbehaves when a test orders it to.
 *
 * @param hangAt the command at which the monitor falls silent for good
 * @param dieAt the command at which QEMU is killed
 * @param loseReplyOf a command that takes effect and is never answered
 */
public record Disturbance(
    Optional<String> hangAt, Optional<String> dieAt, Optional<String> loseReplyOf) {
  public static final Disturbance NONE =
      new Disturbance(Optional.empty(), Optional.empty(), Optional.empty());
}
