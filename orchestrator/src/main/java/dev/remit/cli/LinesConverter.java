package dev.remit.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number of lines. */
final class LinesConverter implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    if (text.matches("[1-9][0-9]{0,3}|10000")) {
      return Integer.valueOf(text);
    }
    throw new TypeConversionException("write a whole number from 1 to 10000");
  }
}
