package dev.remit.simulator.identity;

/** The version that the platform's SEV firmware reports; each number is one octet. */
public record FirmwareVersion(int major, int minor, int build) {
  public FirmwareVersion {
    requireOctet(major);
    requireOctet(minor);
    requireOctet(build);
  }

  private static void requireOctet(int number) {
    if (number < 0 || number > 0xff) {
      throw new IllegalArgumentException("a version number is 0 to 255, not " + number);
    }
  }
}
