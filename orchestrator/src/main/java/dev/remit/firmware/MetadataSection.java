package dev.remit.firmware;

/**
 * A range of guest memory that SEV-SNP measures on its own (edk2, OvmfSevMetadata.asm). No part of
 * the digest of SEV and SEV-ES.
 *
 * @param address guest physical, 32 bits
 * @param size in bytes, 32 bits
 * @param type 32 bits; any value
 */
public record MetadataSection(long address, long size, long type) {
  public MetadataSection {
    if ((address | size | type) >>> 32 != 0) {
      throw new IllegalArgumentException("a section's fields have 32 bits each");
    }
  }

  /** As edk2 calls the type; a type that it did not have when this was written says so. */
  public String name() {
    return switch ((int) type) {
      case 1 -> "SEC_MEM";
      case 2 -> "SECRETS";
      case 3 -> "CPUID";
      case 4 -> "SVSM_CAA";
      case 0x10 -> "KERNEL_HASHES";
      default -> "unknown type 0x%x".formatted(type);
    };
  }
}
