package dev.remit.platform;

/**
 * Family, model and stepping of a processor, combined values as AMD prints them.
 *
 * @param family 0 to 270
 * @param model 0 to 255
 * @param stepping 0 to 15
 */
public record CpuSignature(int family, int model, int stepping) {
  public CpuSignature {
    if (family < 0 || family > 0xf + 0xff || model >>> 8 != 0 || stepping >>> 4 != 0) {
      throw new IllegalArgumentException("family is 0 to 270, model 0 to 255, stepping 0 to 15");
    }
  }

  /** CPUID leaf 1, EAX (AMD64 APM volume 3, appendix E). */
  public int eax() {
    int baseFamily = Math.min(family, 0xf);
    int extendedFamily = family - baseFamily;
    return extendedFamily << 20
        | (model >> 4) << 16
        | baseFamily << 8
        | (model & 0xf) << 4
        | stepping;
  }
}
