package dev.remit.exposure;

/** A place where a leak shows. */
public enum Sign {
  SPEC("spec", "Remit's own documents", true),
  DOMAIN("domain", "libvirt's document of the domain", true),
  COMMAND_LINE("command-line", "QEMU's command line", true),
  /** Wherever it stands. */
  KERNEL_COMMAND_LINE("kernel-command-line", "the command line of the kernel", true),
  USER_DATA("user-data", "user data of cloud-init", true),
  IMAGE("image", "disks, media, initrds and firmware", true),
  LIVE("live", "the running domain", false),
  GUEST("guest", "the inside of the guest", false),
  HOST("host", "what the host does", false),
  EVIDENCE("evidence", "measurement and reports", false),
  REMIT("remit", "Remit itself", false);

  private final String id;
  private final String place;
  private final boolean checkable;

  Sign(String id, String place, boolean checkable) {
    this.id = id;
    this.place = place;
    this.checkable = checkable;
  }

  /** As written in the catalogue. */
  public String id() {
    return id;
  }

  /** For people. */
  public String place() {
    return place;
  }

  /** Whether a rule over files can see the leak there. */
  public boolean isCheckable() {
    return checkable;
  }
}
