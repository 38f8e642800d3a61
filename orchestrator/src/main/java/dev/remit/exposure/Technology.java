package dev.remit.exposure;

import dev.remit.platform.Protection;

/** A technology of confidential VMs, whether Remit launches it or not. */
public enum Technology {
  SEV("sev", "SEV"),
  SEV_ES("sev-es", "SEV-ES"),
  SEV_SNP("sev-snp", "SEV-SNP"),
  TDX("tdx", "TDX"),
  S390_PV("s390-pv", "Secure Execution");

  private final String id;
  private final String title;

  Technology(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** The technology of a protection that Remit launches. */
  public static Technology of(Protection protection) {
    return switch (protection) {
      case SEV -> SEV;
      case SEV_ES -> SEV_ES;
    };
  }

  /** As written in the catalogue, and by libvirt for all but SEV-ES. */
  public String id() {
    return id;
  }

  /** As written by its vendor. */
  public String title() {
    return title;
  }
}
