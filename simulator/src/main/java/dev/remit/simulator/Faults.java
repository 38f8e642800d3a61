package dev.remit.simulator;

import dev.remit.bytes.Bytes;
import dev.remit.simulator.processor.FirmwareStatus;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The lies and accidents that a test ordered; none of them by default. */
public record Faults(Map<String, String> ordered) {
  public static final String MEASUREMENT = "report-measurement";
  public static final String NONCE = "report-nonce";
  public static final String POLICY = "report-policy";
  public static final String API = "report-api";
  public static final String BUILD = "report-build";
  public static final String REFUSE_LAUNCH = "refuse-launch";
  public static final String REFUSE_SECRET = "refuse-secret";
  public static final String HANG_AT = "hang-at";
  public static final String DIE_AT = "die-at";
  public static final String LOSE_REPLY_OF = "lose-reply-of";
  public static final String FIRMWARE = "swap-firmware";
  public static final String KERNEL = "swap-kernel";
  public static final String INITRD = "swap-initrd";
  public static final String CMDLINE = "swap-cmdline";
  public static final String HASH_NAMED_FILES = "hash-named-files";
  public static final String SMP = "smp";
  public static final String CPU = "cpu";
  public static final String NO_LAUNCH_SECURITY = "no-launch-security";

  private static final Set<String> NAMES =
      Set.of(
          MEASUREMENT,
          NONCE,
          POLICY,
          API,
          BUILD,
          REFUSE_LAUNCH,
          REFUSE_SECRET,
          HANG_AT,
          DIE_AT,
          LOSE_REPLY_OF,
          FIRMWARE,
          KERNEL,
          INITRD,
          CMDLINE,
          HASH_NAMED_FILES,
          SMP,
          CPU,
          NO_LAUNCH_SECURITY);

  public Faults {
    ordered = Map.copyOf(ordered);
  }

  /** Throws {@link IllegalArgumentException} with a sentence where a name or value is unknown. */
  public static Faults of(Map<String, String> ordered) {
    var unknown = new TreeSet<>(ordered.keySet());
    unknown.removeAll(NAMES);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown fault " + unknown.first() + "; there are " + new TreeSet<>(NAMES));
    }
    var faults = new Faults(ordered);
    requireSize(faults.octets(MEASUREMENT), 32, MEASUREMENT);
    requireSize(faults.octets(NONCE), 16, NONCE);
    faults.number(POLICY);
    faults.api();
    faults.number(BUILD);
    faults.status(REFUSE_LAUNCH);
    faults.status(REFUSE_SECRET);
    return faults;
  }

  private static void requireSize(Optional<Bytes> value, int size, String name) {
    if (value.isPresent() && value.get().size() != size) {
      throw new IllegalArgumentException(name + " takes " + size + " bytes in hex");
    }
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(ordered.get(name));
  }

  public Optional<Bytes> octets(String name) {
    return text(name).map(Bytes::ofHex);
  }

  /** Decimal, or hex after 0x; up to 32 bits. */
  public Optional<Integer> number(String name) {
    return text(name)
        .map(text -> {
          long number = Long.decode(text);
          if (number < 0 || number > 0xffff_ffffL) {
            throw new IllegalArgumentException(name + " takes a number of 32 bits");
          }
          return (int) number;
        });
  }

  public Optional<FirmwareStatus> status(String name) {
    return number(name).map(FirmwareStatus::of);
  }

  /** The API version that is reported instead of the platform's: major, minor. */
  public Optional<int[]> api() {
    return text(API)
        .map(text -> {
          String[] parts = text.split("\\.", -1);
          if (parts.length != 2) {
            throw new IllegalArgumentException(API + " takes MAJOR.MINOR");
          }
          return new int[] {Integer.parseInt(parts[0]), Integer.parseInt(parts[1])};
        });
  }

  public boolean isOrdered(String name) {
    return ordered.containsKey(name);
  }
}
