package dev.remit.simulator.guest;

import dev.remit.bytes.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The registers of one virtual CPU, as QEMU's monitor prints them. */
public final class CpuRegisters {
  private static final Pattern CPU = Pattern.compile("(?m)^CPU#\\d+\\s*$");
  private static final Pattern VALUE = Pattern.compile("\\b([A-Z]{2,5}\\d*)=([0-9a-f]{4,16})\\b");
  private static final Pattern SEGMENT =
      Pattern.compile(
          "(?m)^(ES|CS|SS|DS|FS|GS|LDT|TR) *=([0-9a-f]{4}) ([0-9a-f]{8,16}) ([0-9a-f]{8})"
              + " ([0-9a-f]{8})");
  private static final Pattern TABLE =
      Pattern.compile("(?m)^(GDT|IDT)= +([0-9a-f]{8,16}) ([0-9a-f]{8})");

  private final Map<String, Long> values;
  private final Map<String, Segment> segments;

  private CpuRegisters(Map<String, Long> values, Map<String, Segment> segments) {
    this.values = values;
    this.segments = segments;
  }

  /**
   * A segment register.
   *
   * @param descriptor the upper word of the descriptor: the attributes are in bits 8 to 23
   */
  public record Segment(int selector, long base, int limit, int descriptor) {
    /**
     * The attributes as a VMSA packs them: the limit's bits between the two halves are left out.
     */
    int attributes() {
      return ((descriptor >>> 8) & 0xff) | ((descriptor >>> 12) & 0xf00);
    }

    Segment withBase(long other) {
      return new Segment(selector, other, limit, descriptor);
    }
  }

  /** Reads the answer to {@code info registers -a}. */
  public static List<CpuRegisters> parse(String text) throws MalformedException {
    var cpus = new ArrayList<CpuRegisters>();
    String[] parts = CPU.split(text.replace("\r", ""), -1);
    for (int i = 1; i < parts.length; i++) {
      cpus.add(parseOne(parts[i]));
    }
    if (cpus.isEmpty()) {
      throw new MalformedException(0, "the monitor prints at least one CPU");
    }
    return List.copyOf(cpus);
  }

  private static CpuRegisters parseOne(String text) {
    var values = new TreeMap<String, Long>();
    var segments = new TreeMap<String, Segment>();
    for (Matcher m = VALUE.matcher(text); m.find(); ) {
      values.putIfAbsent(m.group(1), Long.parseUnsignedLong(m.group(2), 16));
    }
    for (Matcher m = SEGMENT.matcher(text); m.find(); ) {
      segments.put(
          m.group(1),
          new Segment(
              Integer.parseInt(m.group(2), 16),
              Long.parseUnsignedLong(m.group(3), 16),
              Integer.parseUnsignedInt(m.group(4), 16),
              Integer.parseUnsignedInt(m.group(5), 16)));
    }
    for (Matcher m = TABLE.matcher(text); m.find(); ) {
      segments.put(
          m.group(1),
          new Segment(
              0,
              Long.parseUnsignedLong(m.group(2), 16),
              Integer.parseUnsignedInt(m.group(3), 16),
              0));
    }
    return new CpuRegisters(values, segments);
  }

  /** A control, debug or floating-point register. */
  long value(String name) throws MalformedException {
    return known(name, values.get(name));
  }

  /** A general register, which QEMU calls RAX in 64-bit mode and EAX otherwise. */
  long general(String name) throws MalformedException {
    Long narrow = values.get("E" + name);
    return narrow != null ? narrow : known("R" + name, values.get("R" + name));
  }

  Segment segment(String name) throws MalformedException {
    return known(name, segments.get(name));
  }

  private static <T> T known(String name, @Nullable T register) throws MalformedException {
    if (register == null) {
      throw new MalformedException(0, "the monitor must print register " + name);
    }
    return register;
  }
}
