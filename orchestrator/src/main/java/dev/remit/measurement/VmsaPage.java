package dev.remit.measurement;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.platform.CpuSignature;
import java.util.ArrayList;
import java.util.List;

/**
 * The page of a vCPU's saved registers as somebody else wrote it, field by field (AMD64 APM volume
 * 2, table B-4; Linux, arch/x86/include/asm/svm.h, sev_es_save_area). Nothing of it is dropped:
 * what has no name here and is not zero is told by its place.
 *
 * @param raw 4096 bytes
 */
public record VmsaPage(Bytes raw) {
  private static final int CS_BASE = 0x18;
  private static final int RIP = 0x178;
  private static final int RDX = 0x310;

  /** Where the processor's reset vector is, and the first vCPU starts. */
  private static final long RESET_VECTOR = 0xffff_fff0L;

  private static final List<Place> PLACES = places();

  public VmsaPage {
    if (raw.size() != Vmsa.PAGE_SIZE) {
      throw new IllegalArgumentException("a VMSA has 4096 bytes, not " + raw.size());
    }
  }

  /**
   * One field, or a run of octets that have no name here.
   *
   * @param name as in the APM; of a run without a name, where it is
   * @param offset from the start of the page, in bytes
   * @param value as it lies in memory, a number least significant octet first
   */
  public record Field(String name, int offset, Bytes value) {}

  private record Place(String name, int offset, int size) {}

  public static VmsaPage parse(Bytes raw) throws MalformedException {
    if (raw.size() != Vmsa.PAGE_SIZE) {
      throw new MalformedException(
          0, "the page of a vCPU has 4096 bytes, and this file " + raw.size());
    }
    return new VmsaPage(raw);
  }

  /** Every named field, in the order of the page. */
  public List<Field> fields() {
    return PLACES.stream()
        .map(place -> new Field(place.name, place.offset, raw.slice(place.offset, place.size)))
        .toList();
  }

  /** What is not zero between the named fields and after them, in the order of the page. */
  public List<Field> unnamed() {
    var runs = new ArrayList<Field>();
    int from = 0;
    for (var place : PLACES) {
      addRuns(runs, from, place.offset);
      from = place.offset + place.size;
    }
    addRuns(runs, from, Vmsa.PAGE_SIZE);
    return List.copyOf(runs);
  }

  private void addRuns(List<Field> runs, int from, int to) {
    int start = from;
    while (start < to) {
      int end = start;
      while (end < to && raw.at(end) != 0) {
        end++;
      }
      if (end > start) {
        runs.add(new Field("0x%03x".formatted(start), start, raw.slice(start, end - start)));
      }
      start = end + 1;
    }
  }

  /** The address of the first instruction, 32 bits as a rule. */
  public long start() {
    return number(CS_BASE) + number(RIP);
  }

  /** Whether this vCPU starts where the processor does, so that no firmware chooses the place. */
  public boolean startsAtResetVector() {
    return start() == RESET_VECTOR;
  }

  /** The same on another processor: QEMU leaves its signature in RDX. */
  public VmsaPage withSignature(CpuSignature cpu) {
    return with(RDX, Bytes.le32(cpu.eax()).paddedTo(8));
  }

  /**
   * The same with another place to start.
   *
   * @param address the firmware's SEV-ES reset address, 32 bits
   */
  public VmsaPage withStart(long address) {
    if (address >>> 32 != 0) {
      throw new IllegalArgumentException("a vCPU starts below 4 GiB");
    }
    return with(CS_BASE, Bytes.le32((int) (address & 0xffff_0000L)).paddedTo(8))
        .with(RIP, Bytes.le32((int) (address & 0xffff)).paddedTo(8));
  }

  private VmsaPage with(int offset, Bytes value) {
    int after = offset + value.size();
    return new VmsaPage(
        Bytes.concat(raw.slice(0, offset), value, raw.slice(after, Vmsa.PAGE_SIZE - after)));
  }

  private long number(int offset) {
    long number = 0;
    for (int octet = 7; octet >= 0; octet--) {
      number = number << 8 | raw.at(offset + octet);
    }
    return number;
  }

  private static List<Place> places() {
    var layout = new Layout();
    for (String segment :
        List.of("es", "cs", "ss", "ds", "fs", "gs", "gdtr", "ldtr", "idtr", "tr")) {
      layout.next(segment + ".selector", 2).next(segment + ".attributes", 2);
      layout.next(segment + ".limit", 4).next(segment + ".base", 8);
    }
    layout.quads("pl0_ssp", "pl1_ssp", "pl2_ssp", "pl3_ssp", "u_cet");
    layout.at(0xca).next("vmpl", 1).next("cpl", 1);
    layout.at(0xd0).quads("efer");
    layout.at(0x140).quads("xss", "cr4", "cr3", "cr0", "dr7", "dr6", "rflags", "rip");
    layout.quads("dr0", "dr1", "dr2", "dr3");
    layout.quads("dr0_addr_mask", "dr1_addr_mask", "dr2_addr_mask", "dr3_addr_mask");
    layout.at(0x1d8).quads("rsp", "s_cet", "ssp", "isst_addr", "rax", "star", "lstar", "cstar");
    layout.quads("sfmask", "kernel_gs_base", "sysenter_cs", "sysenter_esp", "sysenter_eip", "cr2");
    layout.at(0x268).quads("g_pat", "dbgctl", "br_from", "br_to");
    layout.quads("last_excp_from", "last_excp_to");
    layout.at(0x2e8).next("pkru", 4).next("tsc_aux", 4);
    layout.at(0x308).quads("rcx", "rdx", "rbx").at(0x328).quads("rbp", "rsi", "rdi");
    layout.quads("r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15");
    layout.at(0x390).quads("guest_exit_info_1", "guest_exit_info_2", "guest_exit_int_info");
    layout.quads("guest_nrip", "sev_features", "vintr_ctrl", "guest_exit_code", "virtual_tom");
    layout.quads("tlb_id", "pcpu_id", "event_inj", "xcr0");
    layout.at(0x400).quads("x87_dp").next("mxcsr", 4).next("x87_ftw", 2).next("x87_fsw", 2);
    layout.next("x87_fcw", 2).next("x87_fop", 2).next("x87_ds", 2).next("x87_cs", 2);
    layout.quads("x87_rip").next("fpreg_x87", 80).next("fpreg_xmm", 256).next("fpreg_ymm", 256);
    return List.copyOf(layout.places);
  }

  /** The fields one after the other; gaps are reserved. */
  private static final class Layout {
    private final List<Place> places = new ArrayList<>();
    private int offset;

    Layout at(int next) {
      if (next < offset) {
        throw new IllegalStateException("the fields of a VMSA do not overlap");
      }
      offset = next;
      return this;
    }

    Layout next(String name, int size) {
      places.add(new Place(name, offset, size));
      offset += size;
      return this;
    }

    Layout quads(String... names) {
      for (String name : names) {
        next(name, 8);
      }
      return this;
    }
  }
}
