package dev.remit.cli;

import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A conversion as the parser wants it: of other exceptions than its own it shows no message. */
record Conversion<T>(Function<String, T> function) implements ITypeConverter<T> {
  @Override
  public T convert(String text) {
    try {
      return function.apply(text);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(wrong.getMessage());
    }
  }
}
