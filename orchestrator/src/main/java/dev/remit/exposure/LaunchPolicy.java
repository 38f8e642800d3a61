package dev.remit.exposure;

import dev.remit.diagnostic.Location;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalLong;

/** Judges what a launch demands of the platform: policy bits, attributes and host data. */
final class LaunchPolicy {
  private static final int SEV_NODBG = 0;
  private static final int SEV_NOKS = 1;
  private static final int SEV_ES = 2;
  private static final int SEV_NOSEND = 3;

  // SNP ABI, "Guest Policy".
  private static final int SNP_SMT = 16;
  private static final int SNP_RESERVED_ONE = 17;
  private static final int SNP_MIGRATE_MA = 18;
  private static final int SNP_DEBUG = 19;
  private static final int SNP_CXL_ALLOW = 21;
  private static final int SNP_RAPL_DIS = 23;
  private static final int SNP_CIPHERTEXT_HIDING = 24;
  private static final int SNP_FIRST_RESERVED = 26;

  // TDX module ABI, "TD ATTRIBUTES".
  private static final int TD_DEBUG = 0;
  private static final int TD_SEPT_VE_DISABLE = 28;
  private static final long TD_PROFILING = 1L << 4 | 1L << 5 | 1L << 6 | 1L << 63;
  private static final long TD_CONSIDERED =
      TD_PROFILING | 1L << TD_DEBUG | 1L << TD_SEPT_VE_DISABLE;

  private LaunchPolicy() {}

  /** A number as strtoull with base 0 takes it, which is how libvirt and QEMU read policies. */
  static OptionalLong number(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    try {
      if (lower.startsWith("0x")) {
        return OptionalLong.of(Long.parseUnsignedLong(lower.substring(2), 16));
      }
      boolean octal = lower.length() > 1 && lower.startsWith("0");
      return OptionalLong.of(Long.parseUnsignedLong(lower, octal ? 8 : 10));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** What cannot be read counts as a policy that allows everything. */
  static Technology sevTechnology(String policy) {
    return isSet(number(policy).orElse(0), SEV_ES) ? Technology.SEV_ES : Technology.SEV;
  }

  static void checkSev(String policy, Location at, Findings findings) {
    long bits = number(policy).orElse(0);
    String shown = "policy 0x%x".formatted(bits);
    if (!isSet(bits, SEV_ES)) {
      findings.add("POL-03", at, shown + " has bit 2 (ES) clear");
    }
    findings.add("POL-04", at, "a guest of SEV or SEV-ES");
    if (!isSet(bits, SEV_NODBG)) {
      findings.add("POL-05", at, shown + " has bit 0 (NODBG) clear");
    }
    if (!isSet(bits, SEV_NOKS)) {
      findings.addLesser("POL-10", at, shown + " has bit 1 (NOKS) clear");
    }
    if (!isSet(bits, SEV_NOSEND)) {
      findings.add("POL-11", at, shown + " has bit 3 (NOSEND) clear");
    }
    if (bits >>> 16 == 0) {
      findings.add("POL-16", at, shown + " takes any version of the firmware");
    }
  }

  static void checkSnp(String policy, Location at, Findings findings) {
    long bits = number(policy).orElse(1L << SNP_DEBUG);
    String shown = "policy 0x%x".formatted(bits);
    if (isSet(bits, SNP_DEBUG)) {
      findings.add("POL-06", at, shown + " has bit 19 (DEBUG) set");
    }
    if (isSet(bits, SNP_MIGRATE_MA)) {
      findings.addLesser("POL-12", at, shown + " has bit 18 (MIGRATE_MA) set");
    }
    if (isSet(bits, SNP_SMT)) {
      findings.add("POL-13", at, shown + " has bit 16 (SMT) set");
    }
    if (!isSet(bits, SNP_RESERVED_ONE) || bits >>> SNP_FIRST_RESERVED != 0) {
      findings.add("POL-14", at, shown + " does not have its reserved bits as they must be");
    }
    if ((bits & 0xffff) == 0) {
      findings.add("POL-15", at, shown + " takes any version of the firmware");
    } else if (isSet(bits, SNP_CXL_ALLOW)
        || !isSet(bits, SNP_RAPL_DIS)
        || !isSet(bits, SNP_CIPHERTEXT_HIDING)) {
      findings.add(
          "POL-15", at, shown + " lacks RAPL_DIS or CIPHERTEXT_HIDING_DRAM, or allows CXL");
    }
  }

  static void checkTdx(String attributes, Location at, Findings findings) {
    long bits = number(attributes).orElse(1L << TD_DEBUG);
    String shown = "attributes 0x%x".formatted(bits);
    if (isSet(bits, TD_DEBUG)) {
      findings.add("POL-07", at, shown + " have bit 0 (DEBUG) set");
    }
    if ((bits & ~TD_CONSIDERED) != 0) {
      findings.add("POL-08", at, shown + " have MIGRTABLE or an unknown bit set");
    } else if ((bits & TD_PROFILING) != 0) {
      findings.addLesser("POL-08", at, shown + " have a bit of profiling set");
    }
    if (!isSet(bits, TD_SEPT_VE_DISABLE)) {
      findings.add("POL-09", at, shown + " have bit 28 (SEPT_VE_DISABLE) clear");
    }
  }

  /**
   * HOST_DATA or MRCONFIGID: POL-27 and POL-28.
   *
   * @param base64 empty where it is missing
   * @param size in bytes
   */
  static void checkBound(String base64, int size, String name, Location at, Findings findings) {
    byte[] value;
    try {
      value = decoded(base64, size);
    } catch (IllegalArgumentException e) {
      findings.add("POL-28", at, name + " is neither Base64 nor hexadecimal");
      return;
    }
    int last = value.length;
    while (last > 0 && value[last - 1] == 0) {
      last--;
    }
    if (last == 0) {
      findings.add("POL-27", at, "no " + name);
    } else if (value.length != size) {
      findings.add("POL-28", at, "%s has %d bytes of %d".formatted(name, value.length, size));
    } else if (size - last >= 8) {
      // A digest ends in eight zeros once in 2^64 times.
      findings.add("POL-28", at, "%s ends in %d zeros".formatted(name, size - last));
    }
  }

  /** QEMU took MRCONFIGID in hexadecimal digits before it took Base64. */
  private static byte[] decoded(String text, int size) {
    String value = text.strip();
    return value.length() == 2 * size && value.matches("[0-9A-Fa-f]+")
        ? HexFormat.of().parseHex(value)
        : Base64.getDecoder().decode(value);
  }

  private static boolean isSet(long bits, int bit) {
    return (bits >>> bit & 1) == 1;
  }
}
