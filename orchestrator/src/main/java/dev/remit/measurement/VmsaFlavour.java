package dev.remit.measurement;

/**
 * How the host's kernel and QEMU prepare a vCPU under SEV-ES. The owner cannot tell which of the
 * two a host runs, and the state of the floating-point unit is measured: both are right answers.
 */
public enum VmsaFlavour {
  /** KVM_SEV_INIT2 and QEMU from 9.1: MXCSR and the x87 control word have their reset values. */
  CURRENT("current", 0x1f80, 0x37f),
  /** Older ones, and {@code legacy-vm-type=on}: both are zero. */
  LEGACY("legacy", 0, 0);

  private final String id;
  private final int mxcsr;
  private final int x87ControlWord;

  VmsaFlavour(String id, int mxcsr, int x87ControlWord) {
    this.id = id;
    this.mxcsr = mxcsr;
    this.x87ControlWord = x87ControlWord;
  }

  /** As printed. */
  public String id() {
    return id;
  }

  int mxcsr() {
    return mxcsr;
  }

  int x87ControlWord() {
    return x87ControlWord;
  }
}
