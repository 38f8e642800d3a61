package dev.remit.exposure;

import java.util.Set;

/** Lines on which a guest and its host talk: serial ports, consoles and channels. */
final class ConsoleRules {
  private static final Set<String> ONE_WAY = Set.of("file", "null");

  private ConsoleRules() {}

  /** Whether a line takes input from the host. */
  static boolean isInteractive(XmlElement domain) {
    return domain.find("devices").stream()
        .flatMap(devices -> devices.children().stream())
        .anyMatch(line ->
            (line.name().equals("serial") || line.name().equals("console"))
                && !ONE_WAY.contains(line.attribute("type")));
  }

  static void check(XmlElement device, Findings findings) {
    String type = device.attribute("type");
    if (!ONE_WAY.contains(type)) {
      findings.add(
          "DEV-07", device.at("type"), "a " + device.name() + " that takes input, " + type);
    } else if (type.equals("file")) {
      findings.addLesser("DEV-07", device.at("type"), "a " + device.name() + " that shows output");
    }
    device
        .children("log")
        .forEach(log -> findings.addLesser("DEV-07", log.at(), "a log of a " + device.name()));
    device
        .find("target")
        .filter(target -> target.is("type", "isa-debug"))
        .ifPresent(
            target -> findings.add("FW-25", target.at("type"), "a debug console of the firmware"));
  }

  static void checkChannel(XmlElement device, Findings findings) {
    if (device.is("type", "spicevmc", "spiceport", "qemu-vdagent", "dbus")) {
      findings.add("DEV-06", device.at("type"), "a channel of a remote display");
    }
    var target = device.find("target").orElse(device);
    if (target.is("type", "guestfwd")) {
      findings.add("NET-03", target.at("type"), "a channel into QEMU's own network");
      return;
    }
    String name = target.attribute("name");
    var entry = ChannelNames.entry(name);
    if (entry.isEmpty()) {
      if (!device.is("type", "spicevmc", "spiceport", "qemu-vdagent", "dbus")) {
        findings.add("ORCH-11", target.at("name"), "a channel that nobody knows, " + name);
      }
    } else if (entry.get().equals("DEV-05")) {
      // Only its owner knows what the agent of the image may do.
      findings.addLesser("DEV-05", target.at("name"), "the channel of the guest agent");
    } else {
      findings.add(entry.get(), target.at("name"), "the channel " + name);
    }
  }
}
