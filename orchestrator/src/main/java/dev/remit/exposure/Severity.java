package dev.remit.exposure;

/** How bad a leak is, worst first. */
public enum Severity {
  CRITICAL("critical"),
  HIGH("high"),
  MEDIUM("medium"),
  LOW("low");

  private final String id;

  Severity(String id) {
    this.id = id;
  }

  /** As written in the catalogue. */
  public String id() {
    return id;
  }
}
