package dev.remit.adapter.libvirt;

import dev.remit.bytes.MalformedException;
import dev.remit.domain.HostileXml;
import java.util.Optional;
import java.util.regex.Pattern;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * What an emulator of a host can do, as far as we ask (libvirt, "Domain capabilities XML").
 *
 * @param machine the versioned name behind {@code q35}
 */
record DomainCapabilities(String machine, Optional<Sev> sev) {
  /** Releases of QEMU are numbers; distributions use names of their own behind q35. */
  private static final Pattern MACHINE = Pattern.compile("q35|pc-q35-[a-z0-9.-]{1,40}");

  /** Both 0 to 63. */
  record Sev(int cbitpos, int reducedPhysBits) {}

  static DomainCapabilities parse(String text) throws MalformedException {
    var root = HostileXml.parse(text).getDocumentElement();
    String machine = require(child(root, "machine"), "machine").getTextContent();
    if (!root.getNodeName().equals("domainCapabilities") || !MACHINE.matcher(machine).matches()) {
      throw new MalformedException(0, "domain capabilities name a q35 machine");
    }
    var sev = child(root, "features").flatMap(features -> child(features, "sev"));
    if (sev.isEmpty() || !sev.get().getAttribute("supported").equals("yes")) {
      return new DomainCapabilities(machine, Optional.empty());
    }
    return new DomainCapabilities(
        machine,
        Optional.of(
            new Sev(smallNumber(sev.get(), "cbitpos"), smallNumber(sev.get(), "reducedPhysBits"))));
  }

  private static int smallNumber(Element sev, String name) throws MalformedException {
    String text = require(child(sev, name), name).getTextContent();
    if (!text.matches("[0-9]|[1-5][0-9]|6[0-3]")) {
      throw new MalformedException(0, name + " is a number from 0 to 63");
    }
    return Integer.parseInt(text);
  }

  private static Element require(Optional<Element> element, String name) throws MalformedException {
    return element.orElseThrow(
        () -> new MalformedException(0, "domain capabilities have a " + name));
  }

  private static Optional<Element> child(Element parent, String name) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getNodeName().equals(name)) {
        return Optional.of(element);
      }
    }
    return Optional.empty();
  }
}
