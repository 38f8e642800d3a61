package dev.remit.spec;

/** Something that the owner gives up, and may give up only by name, with a reason and an end. */
public enum Risk {
  NO_DISK_INTEGRITY(
      "no-disk-integrity",
      "the host can change or replay blocks of the disk, and the guest does not notice",
      true),
  HOST_READS_CONSOLE(
      "host-reads-console",
      "the host reads everything that the guest writes to its serial console",
      false),
  // Zen 1 secure processors run code of whoever holds the board; keys of platforms were published.
  EXTRACTED_KEYS(
      "extracted-keys",
      "the platform keys of Naples have been extracted, so that software can pass for the chip",
      false);

  private final String id;
  private final String sentence;
  private final boolean inProduction;

  Risk(String id, String sentence, boolean inProduction) {
    this.id = id;
    this.sentence = sentence;
    this.inProduction = inProduction;
  }

  /** As written in a spec. */
  public String id() {
    return id;
  }

  /** What happens to whoever takes the risk: a phrase in lower case without a full stop. */
  public String sentence() {
    return sentence;
  }

  public boolean mayBeAcknowledgedIn(Profile profile) {
    return switch (profile) {
      case PRODUCTION -> inProduction;
      case CI, LAB -> true;
    };
  }
}
