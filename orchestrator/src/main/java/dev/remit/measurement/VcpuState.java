package dev.remit.measurement;

import dev.remit.bytes.Bytes;
import dev.remit.platform.CpuSignature;
import java.util.Optional;

/** The vCPUs of a guest, as far as SEV-ES measures them. All but the first are alike. */
public sealed interface VcpuState {
  /** At least 1. */
  int count();

  /** As QEMU starts them. */
  record Started(int count, CpuSignature cpu) implements VcpuState {
    public Started {
      requireOne(count);
    }
  }

  /**
   * As somebody else made or dumped them, each page 4096 bytes.
   *
   * @param boot of the first vCPU
   * @param application of every other one; may be known where there is none
   */
  record Given(int count, Bytes boot, Optional<Bytes> application) implements VcpuState {
    public Given {
      requireOne(count);
      if (boot.size() != Vmsa.PAGE_SIZE
          || application.filter(page -> page.size() != Vmsa.PAGE_SIZE).isPresent()) {
        throw new IllegalArgumentException("a VMSA page has 4096 bytes");
      }
      if (application.isEmpty() && count > 1) {
        throw new IllegalArgumentException("all vCPUs but the first share a second page");
      }
    }
  }

  private static void requireOne(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("a guest has at least one vCPU");
    }
  }
}
