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
              one("/domain/resource", Map.of(), ""),
              one("/domain/resource/partition", Map.of(), PATH),
              // The default where nothing says what to boot; a kernel given by path goes first.
              one("/domain/os/boot", Map.of("dev", "hd"), ""),
              // What QEMU made of the model, feature by feature. Features are not measured. Those
              // that a document sets itself are not among them.
              changedAttribute("/domain/cpu@check", "full"),
              many(
                  "/domain/cpu/feature",
                  Map.of("policy", "require|disable", "name", "(?!svm$)" + NAME)),
              // The host's own QEMU, where the document names none.
              one("/domain/devices/emulator", Map.of(), PATH),
              // Names and places of the devices that were sent.
              one("/domain/devices/disk/alias", Map.of("name", NAME), ""),
              one("/domain/devices/disk/address", PCI_ADDRESS, ""),
              one("/domain/devices/disk/backingStore", Map.of(), ""),
              attribute("/domain/devices/disk/source@index", NUMBER),
              attribute("/domain/devices/controller@index", NUMBER),
              one("/domain/devices/controller/alias", Map.of("name", NAME), ""),
              one("/domain/devices/controller/address", PCI_ADDRESS, ""),
              one("/domain/devices/controller/model", Map.of("name", "pcie-root-port"), ""),
              attribute("/domain/devices/controller/target@chassis", NUMBER),
              attribute("/domain/devices/controller/target@port", HEX),
              one("/domain/devices/serial/alias", Map.of("name", NAME), ""),
              one("/domain/devices/console/alias", Map.of("name", NAME), ""),
              one("/domain/devices/video/alias", Map.of("name", NAME), ""),
              one("/domain/devices/watchdog/alias", Map.of("name", NAME), ""),
              // q35 cannot be had without it; no drive is attached.
              many("/domain/devices/controller", Map.of("type", "sata", "index", "0")),
              // How the host keeps its guests apart: AppArmor, SELinux, file owners.
              many(
                  "/domain/seclabel",
                  Map.of("type", "dynamic", "model", NAME, "relabel", "yes|no")),
              one("/domain/seclabel/label", Map.of(), LABEL),
              one("/domain/seclabel/imagelabel", Map.of(), LABEL)));

  private final List<Known> known;

  private Additions(List<Known> known) {
    this.known = known;
  }

  /**
   * @param path for example {@code /domain@id}
   * @param wasSent whether the attribute was sent, with another value
   */
  boolean allowAttribute(String path, boolean wasSent, String value) {
    var kind = wasSent ? Kind.CHANGED_ATTRIBUTE : Kind.ATTRIBUTE;
    return known.stream()
        .anyMatch(
            row -> row.kind == kind && row.path.equals(path) && row.text.matcher(value).matches());
  }

  /**
   * Allows an element only if all that is in it is known too.
   *
   * @param ofThisName how many elements of its name its parent has
   */
  boolean allowElement(String path, Element element, int ofThisName) {
    return known.stream()
            .anyMatch(row ->
                (row.kind == Kind.MANY || (row.kind == Kind.ONE && ofThisName == 1))
                    && row.path.equals(path)
                    && row.describes(element))
        && XmlDifferences.childrenByName(element).entrySet().stream()
            .allMatch(children ->
                children.getValue().stream()
                    .allMatch(child ->
                        allowElement(
                            path + "/" + children.getKey(), child, children.getValue().size())));
  }

  private enum Kind {
    ATTRIBUTE,
    CHANGED_ATTRIBUTE,
    /** Only where it is the one element of its name. */
    ONE,
    MANY
  }

  private static Known attribute(String path, String value) {
    return new Known(Kind.ATTRIBUTE, path, Map.of(), Pattern.compile(value));
  }

  private static Known changedAttribute(String path, String value) {
    return new Known(Kind.CHANGED_ATTRIBUTE, path, Map.of(), Pattern.compile(value));
  }

  private static Known one(String path, Map<String, String> attributes, String text) {
    return new Known(Kind.ONE, path, attributes, Pattern.compile(text));
  }

  private static Known many(String path, Map<String, String> attributes) {
    return new Known(Kind.MANY, path, attributes, Pattern.compile(""));
  }

  /** One row: where, with which attributes at most, and with which text. */
  private record Known(Kind kind, String path, Map<String, String> attributes, Pattern text) {
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
