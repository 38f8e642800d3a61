package dev.remit.cli;

import dev.remit.bytes.MalformedException;
import dev.remit.measurement.VmsaFlavour;
import dev.remit.platform.ApiVersion;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** How options become values; each says what would be right. */
final class Converters {
  private Converters() {}

  static void register(CommandLine line) {
    line.registerConverter(Protection.class, Converters::protection)
        .registerConverter(VmsaFlavour.class, Converters::vmsa)
        .registerConverter(CpuModel.class, Converters::cpuModel)
        .registerConverter(ApiVersion.class, Converters::apiVersion)
        .registerConverter(SevPolicy.class, Converters::sevPolicy);
  }

  static Protection protection(String text) {
    return Arrays.stream(Protection.values())
        .filter(kind -> kind.id().equals(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("write sev or sev-es"));
  }

  static VmsaFlavour vmsa(String text) {
    return Arrays.stream(VmsaFlavour.values())
        .filter(flavour -> flavour.id().equals(text))
        .findFirst()
        .orElseThrow(() -> new TypeConversionException("write current or legacy"));
  }

  static CpuModel cpuModel(String text) {
    return CpuModel.named(text)
        .orElseThrow(() ->
            new TypeConversionException(
                "write one of "
                    + String.join(", ", CpuModel.known().stream().map(CpuModel::name).toList())));
  }

  static ApiVersion apiVersion(String text) {
    try {
      return ApiVersion.parse(text);
    } catch (IllegalArgumentException outside) {
      throw new TypeConversionException("write two numbers from 0 to 255, for example 1.55");
    }
  }

  static SevPolicy sevPolicy(String text) {
    try {
      return SevPolicy.fromBits(
          text.startsWith("0x")
              ? Integer.parseUnsignedInt(text.substring(2), 16)
              : Integer.parseUnsignedInt(text));
    } catch (NumberFormatException notANumber) {
      throw new TypeConversionException("write 32 bits as decimal, or as 0x and hex");
    } catch (MalformedException reserved) {
      throw new TypeConversionException(reserved.getMessage());
    }
  }
}
