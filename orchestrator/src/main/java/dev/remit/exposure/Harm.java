package dev.remit.exposure;

/** What a leak lets a host do. */
public enum Harm {
  /** See what it should not. */
  READ("read"),
  /** Change or inject what nothing measures. */
  TAMPER("tamper"),
  /** Have the guest run with less protection than its owner believes. */
  WEAKEN("weaken");

  private final String id;

  Harm(String id) {
    this.id = id;
  }

  /** As written in the catalogue. */
  public String id() {
    return id;
  }
}
