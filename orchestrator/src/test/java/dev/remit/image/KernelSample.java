package dev.remit.image;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.Sample;

/** Writes kernels that do nothing. */
public final class KernelSample {
  /** One sector of boot code, four of setup code (what a zero means), and one paragraph. */
  private static final int SIZE = 5 * 512 + 16;

  private KernelSample() {}

  /** The header of a bzImage, and nothing behind it that runs. */
  public static Bytes bzImage() {
    var file = Sample.overwritten(Bytes.zeros(SIZE), 0x1f4, Bytes.of(1));
    file = Sample.overwritten(file, 0x1fe, Bytes.of(0x55, 0xaa));
    file = Sample.overwritten(file, 0x202, Block.ascii("HdrS"));
    return Sample.overwritten(file, 0x206, Bytes.of(0x0f, 0x02));
  }
}
