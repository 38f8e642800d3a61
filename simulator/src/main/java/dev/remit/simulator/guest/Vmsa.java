package dev.remit.simulator.guest;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The save area of one virtual CPU, as KVM hands it to the firmware of an SEV-ES guest: 4096 bytes
 * (AMD64 APM volume 2, table B-4).
 */
public final class Vmsa {
  private static final int SIZE = 4096;

  private static final int ES = 0x00;
  private static final int CS = 0x10;
  private static final int SS = 0x20;
  private static final int DS = 0x30;
  private static final int FS = 0x40;
  private static final int GS = 0x50;
  private static final int GDTR = 0x60;
  private static final int LDTR = 0x70;
  private static final int IDTR = 0x80;
  private static final int TR = 0x90;
  private static final int EFER = 0xd0;
  private static final int CR4 = 0x148;
  private static final int CR3 = 0x150;
  private static final int CR0 = 0x158;
  private static final int DR7 = 0x160;
  private static final int DR6 = 0x168;
  private static final int RFLAGS = 0x170;
  private static final int RIP = 0x178;
  private static final int RSP = 0x1d8;
  private static final int RAX = 0x1f8;
  private static final int CR2 = 0x240;
  private static final int G_PAT = 0x268;
  private static final int RCX = 0x308;
  private static final int RDX = 0x310;
  private static final int RBX = 0x318;
  private static final int RBP = 0x328;
  private static final int RSI = 0x330;
  private static final int RDI = 0x338;
  private static final int XCR0 = 0x3e8;
  private static final int MXCSR = 0x408;
  private static final int X87_FCW = 0x410;

  // KVM runs every guest with EFER.SVME and CR4.MCE set, and clears the cache bits of CR0.
  private static final long EFER_SVME = 1L << 12;
  private static final long CR4_MCE = 1L << 6;
  private static final long CR0_CACHE_BITS = 3L << 29;
  private static final long PAT_AT_RESET = 0x0007040600070406L;
  private static final long XCR0_AT_RESET = 1;

  /** Which state of the floating-point unit the kernel puts into the page. */
  public enum Flavour {
    /** Kernels with KVM_SEV_INIT2: the state at reset. */
    CURRENT,
    /** Older kernels: zeros. */
    LEGACY
  }

  private Vmsa() {}

  /** The page of the CPU that boots. */
  public static Bytes ofBootCpu(CpuRegisters cpu, Flavour flavour) throws MalformedException {
    return page(cpu, cpu.segment("CS"), cpu.general("IP"), flavour);
  }

  /** The page of another CPU, which starts where the firmware says. */
  public static Bytes ofApplicationCpu(CpuRegisters cpu, long resetAddress, Flavour flavour)
      throws MalformedException {
    var code = cpu.segment("CS").withBase(resetAddress & 0xffff0000L);
    return page(cpu, code, resetAddress & 0xffff, flavour);
  }

  private static Bytes page(CpuRegisters cpu, CpuRegisters.Segment code, long rip, Flavour flavour)
      throws MalformedException {
    var page = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    put(page, ES, cpu.segment("ES"));
    put(page, CS, code);
    put(page, SS, cpu.segment("SS"));
    put(page, DS, cpu.segment("DS"));
    put(page, FS, cpu.segment("FS"));
    put(page, GS, cpu.segment("GS"));
    put(page, GDTR, cpu.segment("GDT"));
    put(page, LDTR, cpu.segment("LDT"));
    put(page, IDTR, cpu.segment("IDT"));
    put(page, TR, cpu.segment("TR"));
    page.putLong(EFER, cpu.value("EFER") | EFER_SVME);
    page.putLong(CR4, cpu.value("CR4") | CR4_MCE);
    page.putLong(CR3, cpu.value("CR3"));
    page.putLong(CR0, cpu.value("CR0") & ~CR0_CACHE_BITS);
    page.putLong(DR7, cpu.value("DR7"));
    page.putLong(DR6, cpu.value("DR6"));
    page.putLong(RFLAGS, cpu.general("FL"));
    page.putLong(RIP, rip);
    page.putLong(RSP, cpu.general("SP"));
    page.putLong(RAX, cpu.general("AX"));
    page.putLong(CR2, cpu.value("CR2"));
    page.putLong(G_PAT, PAT_AT_RESET);
    page.putLong(RCX, cpu.general("CX"));
    page.putLong(RDX, cpu.general("DX"));
    page.putLong(RBX, cpu.general("BX"));
    page.putLong(RBP, cpu.general("BP"));
    page.putLong(RSI, cpu.general("SI"));
    page.putLong(RDI, cpu.general("DI"));
    page.putLong(XCR0, XCR0_AT_RESET);
    if (flavour == Flavour.CURRENT) {
      page.putInt(MXCSR, (int) cpu.value("MXCSR"));
      page.putShort(X87_FCW, (short) cpu.value("FCW"));
    }
    return Bytes.copyOf(page.array());
  }

  private static void put(ByteBuffer page, int at, CpuRegisters.Segment segment) {
    page.putShort(at, (short) segment.selector());
    page.putShort(at + 2, (short) segment.attributes());
    page.putInt(at + 4, segment.limit());
    page.putLong(at + 8, segment.base());
  }
}
