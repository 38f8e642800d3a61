package dev.remit.measurement;

/**
 * One input that was something else than what was taken for it.
 *
 * @param expected what was taken, for display
 * @param found what fits, for display; a command line may have any character in it
 * @param sentence both in words, without a control character
 */
public record Change(Input input, String expected, String found, String sentence) {
  /** What enters a measurement. */
  public enum Input {
    COMMAND_LINE("cmdline"),
    KERNEL_HASHES("kernelHashes"),
    FIRMWARE("firmware"),
    VCPUS("vcpus"),
    CPU_MODEL("cpuModel"),
    VMSA("vmsa"),
    PROTECTION("protection"),
    GUEST_POLICY("guestPolicy"),
    FIRMWARE_VERSION("sevFirmware"),
    KEYS("keys");

    private final String id;

    Input(String id) {
      this.id = id;
    }

    /** As JSON calls it. */
    public String id() {
      return id;
    }
  }
}
