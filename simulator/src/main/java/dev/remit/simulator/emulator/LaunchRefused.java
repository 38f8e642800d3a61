package dev.remit.simulator.emulator;

/** A launch that QEMU would have given up, with QEMU's words for it. */
final class LaunchRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final String words;
  private final String reason;

  /**
   * @param words what QEMU prints
   * @param reason what the simulator knows beyond that
   */
  LaunchRefused(String words, String reason) {
    super(words);
    this.words = words;
    this.reason = reason;
  }

  String words() {
    return words;
  }

  String reason() {
    return reason;
  }
}
