package dev.remit.exposure;

/**
 * What becomes of a finding in a document of somebody else, who acknowledged nothing; worst first.
 */
public enum Ruling {
  REFUSED("refused"),
  UNACKNOWLEDGED("needs acknowledgment"),
  /** Also what Remit would have written right by itself. */
  WARNING("warning"),
  RESIDUAL("residual");

  private final String phrase;

  Ruling(String phrase) {
    this.phrase = phrase;
  }

  /** In lower case. */
  public String phrase() {
    return phrase;
  }

  /** Whether it keeps a document from passing. */
  public boolean stops() {
    return this == REFUSED || this == UNACKNOWLEDGED;
  }

  public static Ruling of(Entry entry, Finding.Form form) {
    return switch (entry.byDefault()) {
      case REFUSE ->
          form == Finding.Form.LESSER && entry.acknowledgeable().isPresent()
              ? UNACKNOWLEDGED
              : REFUSED;
      case ACKNOWLEDGE -> UNACKNOWLEDGED;
      case WARN, FIXED -> WARNING;
      case RESIDUAL -> RESIDUAL;
    };
  }
}
