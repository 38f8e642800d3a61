package dev.remit.simulator.processor;

/** The secure processor refused a command. */
public final class FirmwareRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final FirmwareStatus status;
  private final String reason;

  public FirmwareRefusal(FirmwareStatus status, String reason) {
    super(reason);
    this.status = status;
    this.reason = reason;
  }

  public FirmwareStatus status() {
    return status;
  }

  /** Why, in more words than real firmware has. */
  public String reason() {
    return reason;
  }
}
