package dev.remit.report;

import dev.remit.bytes.Bytes;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;

/**
 * A value that a command took, as its answer repeats it. Never a secret.
 *
 * @param option as it stands on the command line
 * @param form in which it was written: hex, base64, decimal, file, text
 * @param value its octets in hex; of a file that is not octets of a known number, what it is for
 */
public record Given(String option, String form, String value) {
  public static Given octets(String option, Enum<?> form, Bytes value) {
    return new Given(option, form.name().toLowerCase(Locale.ROOT), value.hex());
  }

  static ArrayNode json(List<Given> given) {
    return Json.array(
        given,
        each -> {
          var json = Json.object();
          json.put("option", each.option());
          json.put("form", each.form());
          json.put("value", each.value());
          return json;
        });
  }
}
