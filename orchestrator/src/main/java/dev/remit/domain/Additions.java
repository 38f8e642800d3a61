package dev.remit.domain;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.w3c.dom.Element;

/**
 * What libvirt is known to add to a live document by itself, or to change in it. Tried with libvirt
 * 11.3.0 and QEMU 10.0.2 on q35; an addition of another version is a difference until it stands
 * here.
 */
final class Additions {
  static final Additions NONE = new Additions(List.of());

  private static final String NUMBER = "[0-9]{1,10}";
  private static final String HEX = "0x[0-9a-f]{1,8}";
  private static final String NAME = "[A-Za-z0-9._-]{1,64}";
  private static final String PATH = "/[A-Za-z0-9._/@+:-]{0,4096}";
  private static final String LABEL = "[A-Za-z0-9._:,+/-]{1,256}";

  private static final Map<String, String> PCI_ADDRESS =
      Map.of(
          "type", "pci",
          "domain", HEX,
          "bus", HEX,
          "slot", HEX,
          "function", HEX,
          "multifunction", "on");

  static final Additions OF_LIBVIRT =
      new Additions(
          List.of(
              // The number of the running domain.
              attribute("/domain@id", NUMBER),
              // The cgroup.
              element("/domain/resource", Map.of(), ""),
              element("/domain/resource/partition", Map.of(), PATH),
              // The default where nothing says what to boot; a kernel given by path goes first.
              element("/domain/os/boot", Map.of("dev", "hd"), ""),
              // What QEMU made of the model, feature by feature. Features are not measured.
              attribute("/domain/cpu@check", "full"),
              element("/domain/cpu/feature", Map.of("policy", "require|disable", "name", NAME), ""),
              // The host's own QEMU, where the document names none.
              element("/domain/devices/emulator", Map.of(), PATH),
              // Names and places of the devices that were sent.
              element("/domain/devices/disk/alias", Map.of("name", NAME), ""),
              element("/domain/devices/disk/address", PCI_ADDRESS, ""),
              element("/domain/devices/disk/backingStore", Map.of(), ""),
              attribute("/domain/devices/disk/source@index", NUMBER),
              attribute("/domain/devices/controller@index", NUMBER),
              element("/domain/devices/controller/alias", Map.of("name", NAME), ""),
              element("/domain/devices/controller/address", PCI_ADDRESS, ""),
              element("/domain/devices/controller/model", Map.of("name", "pcie-root-port"), ""),
              attribute("/domain/devices/controller/target@chassis", NUMBER),
              attribute("/domain/devices/controller/target@port", HEX),
              element("/domain/devices/serial/alias", Map.of("name", NAME), ""),
              element("/domain/devices/console/alias", Map.of("name", NAME), ""),
              element("/domain/devices/video/alias", Map.of("name", NAME), ""),
              element("/domain/devices/watchdog/alias", Map.of("name", NAME), ""),
              // q35 cannot be had without it; no drive is attached.
              element("/domain/devices/controller", Map.of("type", "sata", "index", "0"), ""),
              // How the host keeps its guests apart: AppArmor, SELinux, file owners.
              element(
                  "/domain/seclabel",
                  Map.of("type", "dynamic", "model", NAME, "relabel", "yes|no"),
                  ""),
              element("/domain/seclabel/label", Map.of(), LABEL),
              element("/domain/seclabel/imagelabel", Map.of(), LABEL)));

  private final List<Known> known;

  private Additions(List<Known> known) {
    this.known = known;
  }

  /**
   * @param path of an attribute, for example {@code /domain@id}
   */
  boolean allow(String path, String value) {
    return known.stream()
        .anyMatch(entry -> entry.path.equals(path) && entry.text.matcher(value).matches());
  }

  /** Allows an element only if all that is in it is known too. */
  boolean allow(String path, Element element) {
    return known.stream().anyMatch(entry -> entry.path.equals(path) && entry.describes(element))
        && XmlDifferences.children(element).stream()
            .allMatch(child -> allow(path + "/" + XmlDifferences.name(child), child));
  }

  private static Known attribute(String path, String value) {
    return new Known(path, Map.of(), Pattern.compile(value));
  }

  private static Known element(String path, Map<String, String> attributes, String text) {
    return new Known(path, attributes, Pattern.compile(text));
  }

  /** One row: where, with which attributes at most, and with which text. */
  private record Known(String path, Map<String, String> attributes, Pattern text) {
    boolean describes(Element element) {
      return text.matcher(XmlDifferences.ownText(element)).matches()
          && XmlDifferences.attributes(element).entrySet().stream()
              .allMatch(attribute -> {
                String value = attributes.get(attribute.getKey());
                return value != null && attribute.getValue().matches(value);
              });
    }
  }
}
