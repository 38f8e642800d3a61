package dev.remit.exposure;

/** What becomes of a leak that is found, unless its owner acknowledged it. */
public enum Default {
  REFUSE("refuse", "refused"),
  ACKNOWLEDGE("acknowledge", "refused until it is acknowledged"),
  WARN("warn", "a warning"),
  /** Remit writes the safe value itself. */
  FIXED("fixed", "Remit writes the safe value"),
  /** Nobody can avoid it; reports name what is left. */
  RESIDUAL("residual", "allowed, as a risk that remains");

  private final String id;
  private final String phrase;

  Default(String id, String phrase) {
    this.id = id;
    this.phrase = phrase;
  }

  /** As written in the catalogue. */
  public String id() {
    return id;
  }

  /** For people, in lower case without a full stop. */
  public String phrase() {
    return phrase;
  }
}
