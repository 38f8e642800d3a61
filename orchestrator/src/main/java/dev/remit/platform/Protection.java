package dev.remit.platform;

/** What the processor does for a guest. */
public enum Protection {
  SEV("sev", "SEV"),
  SEV_ES("sev-es", "SEV-ES");

  private final String id;
  private final String title;

  Protection(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** As written in a spec. */
  public String id() {
    return id;
  }

  /** As written by AMD. */
  public String title() {
    return title;
  }
}
