package dev.remit.cli;

import dev.remit.adapter.vendor.KeyServerUrl;
import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.exposure.SubjectKind;
import dev.remit.exposure.Technology;
import dev.remit.measurement.VmsaFlavour;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.ChipId;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;

/** How options become values; each says in its exception what would be right. */
final class Converters {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(ms|s|m|h)");

  private Converters() {}

  /** A whole number with its unit, up to a day. */
  static Duration duration(String text) {
    var matched = DURATION.matcher(text);
    if (!matched.matches()) {
      throw new IllegalArgumentException("write a whole number and a unit: 500ms, 30s, 2m or 1h");
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
      throw new IllegalArgumentException("a wait is at most 24h");
    }
    return duration;
  }

  static KeyServerUrl keyServer(String text) {
    try {
      return KeyServerUrl.parse(text);
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "write https://HOST, or http:// and this machine, without user, query and fragment",
          wrong);
    }
  }

  /** In hex, or in base64 as libvirt tells it. */
  static ChipId chip(String text) {
    try {
      return new ChipId(
          text.length() == 2 * ChipId.SIZE ? Bytes.ofHex(text) : Bytes.ofBase64(text));
    } catch (IllegalArgumentException neither) {
      throw new IllegalArgumentException(
          "a chip id has 64 bytes: write 128 hex digits, or 88 characters of base64", neither);
    }
  }

  static Generation generation(String text) {
    return Arrays.stream(Generation.values())
        .filter(known -> known.id().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "write one of "
                    + String.join(
                        ", ", Arrays.stream(Generation.values()).map(Generation::id).toList())));
  }

  static Protection protection(String text) {
    return Arrays.stream(Protection.values())
        .filter(kind -> kind.id().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("write sev or sev-es"));
  }

  static VmsaFlavour vmsa(String text) {
    return Arrays.stream(VmsaFlavour.values())
        .filter(flavour -> flavour.id().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("write current or legacy"));
  }

  static CpuModel cpuModel(String text) {
    return CpuModel.named(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "write one of "
                    + String.join(", ", CpuModel.known().stream().map(CpuModel::name).toList())));
  }

  static ApiVersion apiVersion(String text) {
    try {
      return ApiVersion.parse(text);
    } catch (IllegalArgumentException outside) {
      throw new IllegalArgumentException(
          "write two numbers from 0 to 255, for example 1.55", outside);
    }
  }

  static SevPolicy sevPolicy(String text) {
    try {
      return SevPolicy.fromBits(
          text.startsWith("0x")
              ? Integer.parseUnsignedInt(text.substring(2), 16)
              : Integer.parseUnsignedInt(text));
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("write 32 bits as decimal, or as 0x and hex", notANumber);
    } catch (MalformedException reserved) {
      throw new IllegalArgumentException(reserved.getMessage(), reserved);
    }
  }

  static SubjectKind subjectKind(String text) {
    return SubjectKind.ofId(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "write one of "
                    + String.join(
                        ", ", Arrays.stream(SubjectKind.values()).map(SubjectKind::id).toList())));
  }

  static Technology technology(String text) {
    return Arrays.stream(Technology.values())
        .filter(each -> each.id().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "write one of "
                    + String.join(
                        ", ", Arrays.stream(Technology.values()).map(Technology::id).toList())));
  }
}
