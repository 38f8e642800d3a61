package dev.remit.spec;

/** What a launch is for, which decides what may be acknowledged. */
public enum Profile {
  PRODUCTION("production"),
  CI("ci"),
  LAB("lab");

  private final String id;

  Profile(String id) {
    this.id = id;
  }

  /** As written in a spec. */
  public String id() {
    return id;
  }
}
