package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.exposure.Yaml.Spot;
import java.util.ArrayList;
import java.util.List;

/**
 * A cloud-config in the form of a JSON patch (RFC 6902), made into the configuration that it adds.
 * What it changes inside of a module's values depends on what is there, and cannot be read.
 */
final class ConfigPatch {
  private static final int MOST_STEPS = 2;

  private ConfigPatch() {}

  /** All that the patch puts somewhere; a key that it sets several times is there several times. */
  static Yaml result(Yaml patch) throws MalformedException {
    if (!(patch instanceof Yaml.Items)) {
      throw new MalformedException(patch.start(), "a patch is a list of operations");
    }
    var entries = new ArrayList<Yaml.Entry>();
    for (Spot operation : new Spot("", patch).each()) {
      String name = only(operation, "op");
      if (name.equals("add") || name.equals("replace")) {
        put(operation, entries);
      } else if (!name.equals("test")) {
        throw new MalformedException(
            operation.node().start(), "a patch moves, copies or removes what is not in it");
      }
    }
    return mapping(entries, patch);
  }

  private static void put(Spot operation, List<Yaml.Entry> entries) throws MalformedException {
    int at = operation.node().start();
    String path = only(operation, "path");
    var values = operation.at("value");
    String[] steps = path.split("/", -1);
    if (values.isEmpty()) {
      throw new MalformedException(at, "an operation of a patch has no value");
    } else if (!steps[0].isEmpty() || steps.length > MOST_STEPS + 1) {
      throw new MalformedException(at, "a patch changes what stands deep in a configuration");
    }
    for (Spot value : values) {
      if (steps.length == 1) {
        if (!(value.node() instanceof Yaml.Mapping whole)) {
          throw new MalformedException(at, "a configuration is a mapping");
        }
        entries.addAll(whole.entries());
        continue;
      }
      Yaml inner = value.node();
      for (int each = steps.length - 1; each > 1; each--) {
        inner = mapping(List.of(entry(steps[each], inner)), inner);
      }
      entries.add(entry(steps[1], inner));
    }
  }

  private static String only(Spot operation, String name) throws MalformedException {
    var values = operation.at(name).stream().flatMap(value -> value.text().stream()).toList();
    if (values.size() != 1) {
      throw new MalformedException(
          operation.node().start(), "an operation of a patch has one name and one path");
    }
    return values.getFirst();
  }

  private static Yaml.Entry entry(String step, Yaml value) {
    String key = step.replace("~1", "/").replace("~0", "~");
    return new Yaml.Entry(new Yaml.Text(key, false, false, value.start(), value.end()), value);
  }

  private static Yaml mapping(List<Yaml.Entry> entries, Yaml whole) {
    // The same values, in at most as many levels more as a way has steps.
    return new Yaml.Mapping(
        entries, whole.start(), whole.end(), whole.weight(), whole.height() + 1);
  }
}
