package dev.remit.exposure;

/** A network interface of a domain. */
final class NetworkRules {
  private NetworkRules() {}

  /**
   * @param machine the architecture of the domain, which decides what bus a card is on
   */
  static void check(XmlElement card, String machine, Findings findings) {
    String type = card.attribute("type");
    NetworkCards.check(card.at(), findings);
    checkType(type, card, findings);
    // What a network came to be, in the state of a running domain.
    card.children("actual")
        .forEach(actual -> checkType(actual.attribute("type"), actual, findings));
    checkModel(type, card, findings);
    checkBackend(type, card, findings);
    card.children("boot")
        .forEach(boot -> findings.add("FW-14", boot.at(), "boot over the network"));
    checkRom(card, machine, findings);
  }

  private static void checkType(String type, XmlElement card, Findings findings) {
    switch (type) {
      case "network", "bridge", "ethernet", "internal", "null" -> {}
      case "user" -> findings.add("NET-03", card.at("type"), "a network that QEMU ends");
      case "vhostuser" ->
          findings.addLesser("DEV-36", card.at("type"), "an interface that shares all memory");
      case "hostdev" -> findings.addLesser("DEV-12", card.at("type"), "a device of the host");
      case "direct", "vdpa", "vds" ->
          findings.add("DEV-36", card.at("type"), "an interface of the type " + type);
      case "server", "client", "mcast", "udp" ->
          findings.add("DEV-36", card.at("type"), "a network inside QEMU");
      default ->
          findings.add("ORCH-11", card.at("type"), "an interface of the unknown type " + type);
    }
  }

  private static void checkModel(String type, XmlElement card, Findings findings) {
    var model = card.find("model").orElse(card);
    if (!type.equals("hostdev")
        && !(model != card && NetworkCards.isSmall(model.attribute("type")))) {
      findings.add(
          "DEV-36",
          model == card ? card.at() : model.at("type"),
          "a card of the model "
              + (model == card ? "that libvirt chooses" : model.attribute("type")));
    }
  }

  private static void checkBackend(String type, XmlElement card, Findings findings) {
    card.children("driver")
        .filter(driver -> driver.has("queues") && !driver.is("queues", "1"))
        .forEach(driver -> findings.add("DEV-36", driver.at("queues"), "several queues"));
    card.children("backend")
        .filter(backend -> backend.is("type", "passt") && !type.equals("user"))
        .forEach(
            backend -> findings.add("NET-03", backend.at("type"), "a network that passt ends"));
  }

  private static void checkRom(XmlElement card, String machine, Findings findings) {
    var rom = card.find("rom");
    if (rom.filter(found -> found.has("file")).isPresent()) {
      findings.add("FW-16", rom.get().at("file"), "an option ROM in a file of the host");
    } else if (mayHaveRom(card, machine)
        && rom.filter(found -> found.is("bar", "off") || found.is("enabled", "no")).isEmpty()) {
      findings.add("FW-16", rom.orElse(card).at("bar"), "the option ROM of QEMU");
    }
  }

  /** Only devices on PCI have one. */
  private static boolean mayHaveRom(XmlElement card, String machine) {
    var bus = card.find("address").map(address -> address.attribute("type")).orElse("");
    boolean elsewhere =
        switch (bus) {
          case "" ->
              machine.startsWith("s390")
                  || card.find("model").filter(NetworkRules::isNotOnPci).isPresent();
          case "pci" -> false;
          default -> true;
        };
    return !elsewhere;
  }

  private static boolean isNotOnPci(XmlElement model) {
    return model.is("type", "spapr-vlan", "usb-net");
  }
}
