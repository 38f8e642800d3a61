package dev.remit.launch;

/** How a guest ended, as its host claims. Nothing proves it. */
public enum Ending {
  /** libvirt does not tell a guest that reset itself from one that powered itself off. */
  SHUTDOWN("shutdown", "shut down or reset by the guest"),
  DESTROYED("destroyed", "destroyed at the host"),
  CRASHED("crashed", "crashed: its QEMU ended by itself or was killed"),
  FAILED("failed", "failed before it ran"),
  /** It left without an end: saved to a file, migrated, or lost by libvirt. */
  TAKEN_AWAY("taken-away", "taken away: saved, migrated or lost by the host"),
  UNTOLD("untold", "gone, and the host does not say how it ended");

  private final String id;
  private final String phrase;

  Ending(String id, String phrase) {
    this.id = id;
    this.phrase = phrase;
  }

  /** As journals and JSON write it. */
  public String id() {
    return id;
  }

  /** To be read after "is" or "was". */
  public String phrase() {
    return phrase;
  }
}
