package dev.remit.simulator.identity;

/** What a key of the platform chain is for (SEV API, "Key usage"). */
public enum KeyUsage {
  ARK(0x0000),
  ASK(0x0013),
  OCA(0x1001),
  PEK(0x1002),
  PDH(0x1003),
  CEK(0x1004);

  private final int number;

  KeyUsage(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }
}
