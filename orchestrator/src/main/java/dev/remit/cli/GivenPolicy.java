package dev.remit.cli;

import dev.remit.platform.SevPolicy;
import dev.remit.report.Given;

/**
 * A guest policy that an option gives as a number.
 *
 * @param form how it was written, for the JSON of an answer
 */
record GivenPolicy(SevPolicy value, Form form) {
  enum Form {
    HEX,
    DECIMAL
  }

  static GivenPolicy read(String text) {
    return new GivenPolicy(
        Converters.sevPolicy(text), text.startsWith("0x") ? Form.HEX : Form.DECIMAL);
  }

  Given given(String option) {
    return new Given(
        option,
        switch (form) {
          case HEX -> "hex";
          case DECIMAL -> "decimal";
        },
        value.toString());
  }
}
