package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.exposure.EmulatorArguments.Option;

/** Serial lines, monitors and networks on a command line of QEMU. */
final class LineArguments {
  private final OptionList options;
  private final Findings findings;

  LineArguments(OptionList options, Findings findings) {
    this.options = options;
    this.findings = findings;
  }

  void checkSerial(Option option, String value) {
    if (value.startsWith("file:")) {
      findings.addLesser("DEV-07", option.at(), "a serial line that shows output");
    } else if (!value.equals("none") && !value.equals("null") && !value.startsWith("chardev:")) {
      findings.add("DEV-07", option.at(), "a serial line that takes input");
    }
    boolean second =
        options.all("serial").stream()
            .filter(other -> !other.value().value().equals("none"))
            .skip(1)
            .anyMatch(option::equals);
    if (second) {
      findings.add("PROV-26", option.at(), "a second serial line");
    }
  }

  void checkMonitor(Option option) throws MalformedException {
    var values = option.keyVal("chardev");
    boolean control = values.value("mode").equals("control");
    boolean local = options.sockets().contains(values.value("chardev"));
    // The one by which libvirt steers QEMU.
    if (!control || !local) {
      findings.add("HOST-06", option.at(), "a monitor");
    }
  }

  void checkNetwork(Option option) throws MalformedException {
    var values = option.keyVal("type");
    String type = values.value("type");
    if (type.equals("none")) {
      return;
    }
    if (!option.name().equals("netdev")) {
      NetworkCards.check(option.at(), findings);
      if (!NetworkCards.isSmall(values.value("model"))) {
        findings.add(
            "DEV-36",
            option.at(),
            "a card of the model " + values.find("model").orElse("that QEMU chooses"));
      }
    }
    switch (type) {
      case "user", "passt" -> findings.add("NET-03", option.at(), "a network that QEMU ends");
      case "vhost-user" ->
          findings.addLesser("DEV-36", option.at(), "an interface that shares all memory");
      case "tap", "bridge", "nic", "hubport" -> {}
      default ->
          findings.add(
              "DEV-36", option.at(), "a network of the type " + EmulatorArguments.shown(type));
    }
    if (values.has("tftp") || values.has("bootfile") || values.has("tftp-server-name")) {
      findings.add("NET-10", option.at(), "files to boot from the network");
    }
    if (values.value("vhost-user").equals("on")) {
      findings.addLesser("DEV-36", option.at(), "an interface that shares all memory");
    }
  }
}
