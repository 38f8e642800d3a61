package dev.remit.platform;

/** A family of EPYC processors under one AMD root key; and the one that is made of software. */
public enum Generation {
  NAPLES("naples"),
  ROME("rome"),
  MILAN("milan"),
  GENOA("genoa"),
  TURIN("turin"),
  SIMULATED("simulated");

  private final String id;

  Generation(String id) {
    this.id = id;
  }

  /** As written in a spec. */
  public String id() {
    return id;
  }

  @Override
  public String toString() {
    return id;
  }
}
