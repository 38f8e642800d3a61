package dev.remit.cli;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whole seconds, minutes or hours with their unit, up to a day. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5})(ms|s|m|h)");

  @Override
  public Duration convert(String text) {
    var matched = FORM.matcher(text);
    if (!matched.matches()) {
      throw new TypeConversionException("write a whole number and a unit: 500ms, 30s, 2m or 1h");
    }
    long number = Long.parseLong(matched.group(1));
    var duration =
        switch (matched.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          default -> Duration.ofHours(number);
        };
    if (duration.compareTo(Duration.ofDays(1)) > 0) {
      throw new TypeConversionException("a wait is at most 24h");
    }
    return duration;
  }
}
