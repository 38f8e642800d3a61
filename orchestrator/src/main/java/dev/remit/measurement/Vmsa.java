package dev.remit.measurement;

import dev.remit.bytes.Bytes;
import dev.remit.platform.CpuSignature;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The page in which a vCPU's registers are saved and measured under SEV-ES, as QEMU sets it up
 * (AMD64 APM volume 2, table B-4; QEMU, target/i386/sev.c and cpu.c).
 */
public final class Vmsa {
  public static final int PAGE_SIZE = 4096;

  // Segments: selector, attributes, limit, base.
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
  private static final int CR0 = 0x158;
  private static final int DR7 = 0x160;
  private static final int DR6 = 0x168;
  private static final int RFLAGS = 0x170;
  private static final int RIP = 0x178;
  private static final int G_PAT = 0x268;
  private static final int RDX = 0x310;
  private static final int XCR0 = 0x3e8;
  private static final int MXCSR = 0x408;
  private static final int X87_CONTROL_WORD = 0x410;

  // Attributes: present, type, and what the type was accessed for.
  private static final int DATA = 0x93;
  private static final int CODE = 0x9b;
  private static final int LOCAL_TABLE = 0x82;
  private static final int BUSY_TASK = 0x8b;

  private static final long RESET_VECTOR = 0xffff_fff0L;

  private Vmsa() {}

  /** The first vCPU's page: it starts at the processor's reset vector. */
  public static Bytes bootProcessor(VmsaFlavour flavour, CpuSignature cpu) {
    return page(flavour, cpu, RESET_VECTOR);
  }

  /**
   * The page of every other vCPU.
   *
   * @param start the firmware's SEV-ES reset address, 32 bits
   */
  public static Bytes applicationProcessor(VmsaFlavour flavour, CpuSignature cpu, long start) {
    return page(flavour, cpu, start);
  }

  private static Bytes page(VmsaFlavour flavour, CpuSignature cpu, long start) {
    if (start >>> 32 != 0) {
      throw new IllegalArgumentException("a vCPU starts below 4 GiB");
    }
    var page = ByteBuffer.allocate(PAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    for (int data : new int[] {ES, SS, DS, FS, GS}) {
      segment(page, data, 0, DATA, 0);
    }
    segment(page, CS, 0xf000, CODE, start & 0xffff_0000L);
    segment(page, GDTR, 0, 0, 0);
    segment(page, LDTR, 0, LOCAL_TABLE, 0);
    segment(page, IDTR, 0, 0, 0);
    segment(page, TR, 0, BUSY_TASK, 0);
    page.putLong(EFER, 0x1000); // SVM enable
    page.putLong(CR4, 0x40); // machine check enable
    page.putLong(CR0, 0x10); // extension type
    page.putLong(DR7, 0x400);
    page.putLong(DR6, 0xffff_0ff0L);
    page.putLong(RFLAGS, 2);
    page.putLong(RIP, start & 0xffff);
    page.putLong(G_PAT, 0x0007_0406_0007_0406L);
    page.putLong(RDX, Integer.toUnsignedLong(cpu.eax()));
    page.putLong(XCR0, 1);
    page.putInt(MXCSR, flavour.mxcsr());
    page.putShort(X87_CONTROL_WORD, (short) flavour.x87ControlWord());
    return Bytes.copyOf(page.array());
  }

  private static void segment(
      ByteBuffer page, int offset, int selector, int attributes, long base) {
    page.putShort(offset, (short) selector);
    page.putShort(offset + 2, (short) attributes);
    page.putInt(offset + 4, 0xffff);
    page.putLong(offset + 8, base);
  }
}
