package dev.remit.exposure;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/** A size of memory in a domain's document, in any unit that libvirt takes. */
final class MemorySize {
  private static final String PREFIXES = "kmgtpe";
  private static final int MOST_DIGITS = 20;

  private MemorySize() {}

  /** Whether two elements say the same size; false where one says none. */
  static boolean areEqual(XmlElement one, XmlElement other) {
    var size = octets(one);
    return size.isPresent() && size.equals(octets(other));
  }

  /** KiB where no unit is given; "KB" is a thousand (libvirt, virScaleInteger). */
  private static Optional<BigInteger> octets(XmlElement element) {
    String digits = element.text();
    String unit = element.attribute("unit").toLowerCase(Locale.ROOT);
    if (digits.isEmpty()
        || digits.length() > MOST_DIGITS
        || !digits.chars().allMatch(each -> each >= '0' && each <= '9')) {
      return Optional.empty();
    }
    var number = new BigInteger(digits);
    if (unit.isEmpty()) {
      return Optional.of(number.shiftLeft(10));
    } else if (unit.equals("b") || unit.equals("byte") || unit.equals("bytes")) {
      return Optional.of(number);
    }
    int power = PREFIXES.indexOf(unit.charAt(0)) + 1;
    if (power == 0) {
      return Optional.empty();
    }
    return switch (unit.substring(1)) {
      case "", "ib" -> Optional.of(number.shiftLeft(10 * power));
      case "b" -> Optional.of(number.multiply(BigInteger.valueOf(1_000).pow(power)));
      default -> Optional.empty();
    };
  }
}
