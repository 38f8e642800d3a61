package dev.remit.trust;

/** The order in which trust is built, in the letters of the program's name; S comes after it. */
public enum Stage {
  ROOT('R', "anchor"),
  ENDORSEMENT('E', "endorsement"),
  MEASUREMENT('M', "measurement"),
  IDENTITY('I', "identity"),
  TRUST('T', "trust");

  private final char letter;
  private final String title;

  Stage(char letter, String title) {
    this.letter = letter;
    this.title = title;
  }

  public char letter() {
    return letter;
  }

  public String title() {
    return title;
  }
}
