package dev.remit.report;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.diagnostic.HostText;
import dev.remit.measurement.Sha256;
import dev.remit.measurement.VmsaPage;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The page of a vCPU: that it was written, or what is in it. */
public final class VmsaReport {
  /** Longer fields are rows of registers, of which only what is not zero says something. */
  private static final int LONGEST_NUMBER = 8;

  private VmsaReport() {}

  public static Answer written(VmsaPage page, Path file, List<Given> given) {
    String hash = Sha256.of(page.raw()).hex();
    var json = Json.of("remit.vmsa/1");
    json.put("file", file.toString());
    json.put("sha256", hash);
    json.set("given", Given.json(given));
    return new Answer(
        ExitStatus.DONE,
        "%s: starts at 0x%08x, sha256:%s"
            .formatted(new HostText(file.toString()), page.start(), hash),
        json);
  }

  /** Every field with its name, and every octet that has none and is not zero. */
  public static Answer shown(VmsaPage page, Path file) {
    var text = new StringBuilder("decoded, not verified");
    var json = Json.of("remit.vmsa/1");
    json.put("note", "decoded, not verified");
    json.put("file", file.toString());
    json.put("sha256", Sha256.of(page.raw()).hex());
    json.set("fields", fields(page.fields(), text, ""));
    json.set("unnamed", fields(page.unnamed(), text, "unnamed "));
    return new Answer(ExitStatus.DONE, text.toString(), json);
  }

  private static ObjectNode fields(List<VmsaPage.Field> fields, StringBuilder text, String prefix) {
    var json = Json.object();
    for (var field : fields) {
      String value = value(field.value(), prefix.isEmpty());
      json.put(field.name(), value);
      text.append('\n').append(prefix).append(field.name()).append(": ").append(value);
    }
    return json;
  }

  private static String value(Bytes octets, boolean named) {
    if (named && octets.size() <= LONGEST_NUMBER) {
      return "0x" + octets.reversed().hex();
    }
    return octets.isZero() ? "all zero" : octets.hex();
  }
}
