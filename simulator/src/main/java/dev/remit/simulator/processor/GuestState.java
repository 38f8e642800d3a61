package dev.remit.simulator.processor;

import java.util.Locale;

/** The states of a launch, in QEMU's words and numbers (QAPI, "SevState"). */
public enum GuestState {
  UNINIT(0),
  LAUNCH_UPDATE(1),
  LAUNCH_SECRET(2),
  RUNNING(3);

  private final int number;

  GuestState(int number) {
    this.number = number;
  }

  /** QEMU's number, which it prints in one of its refusals. */
  public int number() {
    return number;
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
