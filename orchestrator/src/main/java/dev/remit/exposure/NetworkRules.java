package dev.remit.exposure;

/** A network interface of a domain. */
final class NetworkRules {
  private NetworkRules() {}

  static void check(XmlElement card, Findings findings) {
    String type = card.attribute("type");
    NetworkCards.check(card.at(), findings);
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
    var model = card.find("model").orElse(card);
    if (!type.equals("hostdev")
        && !(model != card && NetworkCards.isSmall(model.attribute("type")))) {
      findings.add(
          "DEV-36",
          model == card ? card.at() : model.at("type"),
          "a card of the model "
              + (model == card ? "that libvirt chooses" : model.attribute("type")));
    }
    card.children("driver")
        .filter(driver -> driver.has("queues") && !driver.is("queues", "1"))
        .forEach(driver -> findings.add("DEV-36", driver.at("queues"), "several queues"));
    card.children("backend")
        .filter(backend -> backend.is("type", "passt") && !type.equals("user"))
        .forEach(
            backend -> findings.add("NET-03", backend.at("type"), "a network that passt ends"));
    card.children("boot")
        .forEach(boot -> findings.add("FW-14", boot.at(), "boot over the network"));
    var rom = card.find("rom");
    if (rom.filter(found -> found.has("file")).isPresent()) {
      findings.add("FW-16", rom.get().at("file"), "an option ROM in a file of the host");
    } else if (rom.filter(found -> found.is("bar", "off") || found.is("enabled", "no")).isEmpty()) {
      findings.add("FW-16", rom.orElse(card).at("bar"), "the option ROM of QEMU");
    }
  }
}
