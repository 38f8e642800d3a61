package dev.remit.cli;

import dev.remit.adapter.vendor.KeyServerUrl;
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
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A conversion as the parser wants it: of other exceptions than its own it shows no message. */
record Conversion<T>(Function<String, T> function) implements ITypeConverter<T> {
  /** Teaches the parser all types of ours, apart from who only starts without it. */
  static CommandLine register(CommandLine line) {
    return line.registerConverter(Duration.class, new Conversion<>(Converters::duration))
        .registerConverter(Protection.class, new Conversion<>(Converters::protection))
        .registerConverter(VmsaFlavour.class, new Conversion<>(Converters::vmsa))
        .registerConverter(CpuModel.class, new Conversion<>(Converters::cpuModel))
        .registerConverter(ApiVersion.class, new Conversion<>(Converters::apiVersion))
        .registerConverter(SevPolicy.class, new Conversion<>(Converters::sevPolicy))
        .registerConverter(KeyServerUrl.class, new Conversion<>(Converters::keyServer))
        .registerConverter(ChipId.class, new Conversion<>(Converters::chip))
        .registerConverter(Generation.class, new Conversion<>(Converters::generation))
        .registerConverter(SubjectKind.class, new Conversion<>(Converters::subjectKind))
        .registerConverter(Technology.class, new Conversion<>(Converters::technology))
        .registerConverter(GivenPolicy.class, new Conversion<>(GivenPolicy::read))
        .registerConverter(GivenSecret.class, new Conversion<>(GivenSecret::read));
  }

  @Override
  public T convert(String text) {
    try {
      return function.apply(text);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(wrong.getMessage());
    }
  }
}
