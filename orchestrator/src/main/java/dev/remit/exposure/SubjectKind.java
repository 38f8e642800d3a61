package dev.remit.exposure;

import java.util.Arrays;
import java.util.Optional;

/** What a file is that is looked through for leaks. */
public enum SubjectKind {
  DOMAIN("domain", "libvirt's document of a domain"),
  KUBEVIRT("kubevirt", "a manifest of KubeVirt"),
  KCLI("kcli", "a plan of kcli"),
  COMMAND_LINE("qemu", "a command line of QEMU"),
  KERNEL_COMMAND_LINE("cmdline", "a kernel command line"),
  USER_DATA("user-data", "user data of cloud-init"),
  SPEC("spec", "a document of Remit"),
  FIRMWARE("firmware", "an OVMF image"),
  IMAGE("image", "a disk, medium or initrd");

  private final String id;
  private final String title;

  SubjectKind(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** As written on the command line. */
  public String id() {
    return id;
  }

  /** With an article. */
  public String title() {
    return title;
  }

  public static Optional<SubjectKind> ofId(String id) {
    return Arrays.stream(values()).filter(kind -> kind.id.equals(id)).findFirst();
  }
}
