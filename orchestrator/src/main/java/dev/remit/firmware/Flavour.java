package dev.remit.firmware;

/** The kind of OVMF build, as far as its table of areas tells. */
public enum Flavour {
  /** Has a hash table and a secret area, as builds of {@code OvmfPkg/AmdSev} do. */
  AMD_SEV("AmdSev"),
  /** Has neither, as builds of {@code OvmfPkg/OvmfPkgX64} do. */
  OVMF_X64("OvmfX64"),
  /** Has one of the two. */
  PARTIAL("neither AmdSev nor OvmfX64");

  private final String title;

  Flavour(String title) {
    this.title = title;
  }

  /** As people call it. */
  public String title() {
    return title;
  }
}
