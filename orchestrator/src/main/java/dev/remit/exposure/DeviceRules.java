package dev.remit.exposure;

import java.util.Map;
import java.util.Set;

/** The devices of a domain, those that libvirt adds among them. */
final class DeviceRules {
  /** Devices that are an entry of the catalogue by being there. */
  private static final Map<String, String> BY_NAME =
      Map.of(
          "shmem", "DEV-02",
          "input", "DEV-10",
          "sound", "DEV-11",
          "smartcard", "DEV-11",
          "redirdev", "DEV-11",
          "hub", "DEV-11",
          "crypto", "DEV-15",
          "rng", "DEV-21",
          "pstore", "DEV-27",
          "iommu", "DEV-33");

  private final XmlElement domain;
  private final XmlElement devices;
  private final Set<Technology> used;
  private final Findings findings;

  private DeviceRules(XmlElement domain, Set<Technology> used, Findings findings) {
    this.domain = domain;
    this.devices = domain.find("devices").orElse(domain);
    this.used = used;
    this.findings = findings;
  }

  static void check(XmlElement domain, Set<Technology> used, Findings findings) {
    var rules = new DeviceRules(domain, used, findings);
    rules.devices.children().forEach(rules::check);
    rules.checkAdditions();
  }

  private void check(XmlElement device) {
    String byName = BY_NAME.get(device.name());
    if (byName != null) {
      findings.add(byName, device.at(), "a device of the kind " + device.name());
    }
    switch (device.name()) {
      case "emulator" -> SourceNames.checkEmulator(device.text(), device.atText(), findings);
      case "disk" -> DiskRules.check(device, findings);
      case "interface" ->
          NetworkRules.check(
              device,
              domain.find("os/type").map(type -> type.attribute("arch")).orElse(""),
              findings);
      case "serial", "console" -> ConsoleRules.check(device, findings);
      case "channel" -> ConsoleRules.checkChannel(device, findings);
      case "controller" -> checkController(device);
      case "filesystem" -> checkFilesystem(device);
      case "graphics" -> checkGraphics(device);
      case "video" -> checkVideo(device);
      case "audio" -> {
        if (!device.is("type", "none")) {
          findings.add("DEV-11", device.at("type"), "audio of the host");
        }
      }
      case "hostdev" -> checkHostDevice(device);
      // Only its owner knows whether anything in the guest trusts it.
      case "tpm" -> findings.addLesser("DEV-16", device.at(), "a TPM that the host keeps");
      case "vsock" -> checkVsock(device);
      case "memballoon" -> checkBalloon(device);
      case "memory" -> checkMemory(device);
      case "panic" -> {
        // On these machines no device stands behind it, and libvirt writes it by itself.
        if (!device.is("model", "s390", "pseries")) {
          findings.addLesser("DEV-26", device.at(), "a device that tells of a panic");
        }
      }
      case "watchdog" -> checkWatchdog(device);
      case "parallel" -> {
        findings.add("DEV-29", device.at(), "a parallel port");
      }
      case "nvram" -> findings.add("DEV-37", device.at(), "a device of firmware variables");
      case "lease" -> findings.add("DISK-16", device.at(), "a lease on storage of others");
      default -> {}
    }
    if (device.name().equals("serial") && isSecond(device)) {
      findings.add("PROV-26", device.at(), "a second serial line");
    }
    checkBounceBuffers(device);
  }

  private boolean isSecond(XmlElement serial) {
    return devices.children("serial").findFirst().filter(first -> first != serial).isPresent();
  }

  private void checkController(XmlElement controller) {
    String model = controller.attribute("model");
    if (controller.is("type", "usb") && !model.equals("none")) {
      findings.add("DEV-11", controller.at("type"), "a USB controller");
    }
    boolean plugs = controller.is("type", "pci") && takesDevices(model);
    boolean fixed =
        controller.find("target").filter(target -> target.is("hotplug", "off")).isPresent();
    if (plugs && !fixed) {
      findings.add(
          "DEV-30", controller.at("model"), "a " + model + " that takes devices at run time");
    }
    if (controller.is("type", "ccid")) {
      findings.add("DEV-11", controller.at("type"), "a reader of smart cards");
    }
  }

  /** As libvirt has it (virDomainPCIAddressBusSetModel): the buses left out take none later. */
  private boolean takesDevices(String model) {
    return model.endsWith("root-port")
        || model.endsWith("downstream-port")
        // A PC adds devices to its root by tables of ACPI alone.
        || (model.equals("pci-root")
            && (!MachineRules.isPc(domain) || domain.contains("features/acpi")))
        || (model.endsWith("bridge") && !model.equals("dmi-to-pci-bridge"))
        || model.equals("pci-expander-bus");
  }

  private void checkFilesystem(XmlElement device) {
    if (device.contains("readonly")) {
      findings.addLesser("DEV-01", device.at(), "a read-only directory of the host");
    } else {
      findings.add("DEV-01", device.at(), "a directory of the host");
    }
  }

  private void checkGraphics(XmlElement device) {
    findings.add("DEV-08", device.at(), "a display by " + device.attribute("type"));
    if (device.has("passwd")) {
      findings.add("HOST-07", device.at("passwd"), "a password of a display, hidden here");
    }
    device
        .find("clipboard")
        .filter(clipboard -> !clipboard.is("copypaste", "no"))
        .ifPresent(clipboard -> findings.add("DEV-06", clipboard.at(), "a shared clipboard"));
    device
        .find("filetransfer")
        .filter(transfer -> !transfer.is("enable", "no"))
        .ifPresent(
            transfer -> findings.add("DEV-06", transfer.at(), "files from a remote display"));
  }

  private void checkVideo(XmlElement device) {
    var model = device.find("model").orElse(device);
    if (!model.is("type", "none")) {
      findings.add(
          "DEV-09",
          model.at("type"),
          "a video device "
              + (model.has("type") ? model.attribute("type") : "that libvirt chooses"));
    }
  }

  private void checkHostDevice(XmlElement device) {
    if (device.is("model", "vfio-ap")) {
      findings.add("DEV-14", device.at("model"), "a cryptographic adapter of the host");
    } else {
      // Only its owner knows whether the application encrypts what it gives the device.
      findings.addLesser(
          "DEV-12", device.at(), "a device of the host, " + device.attribute("type"));
    }
    device
        .find("rom")
        .filter(rom -> rom.has("file"))
        .ifPresent(
            rom -> findings.add("FW-16", rom.at("file"), "an option ROM in a file of the host"));
    if (device.contains("boot")) {
      findings.add(
          "FW-14", device.find("boot").orElse(device).at(), "boot from a device of the host");
    }
  }

  private void checkVsock(XmlElement device) {
    if (used.equals(Set.of(Technology.TDX))) {
      findings.addLesser("DEV-18", device.at(), "sockets from the host, perhaps for quotes");
    } else {
      findings.add("DEV-18", device.at(), "sockets from the host");
    }
  }

  private void checkBalloon(XmlElement device) {
    if (!device.is("model", "none")) {
      findings.add("DEV-19", device.at("model"), "a memory balloon");
      findings.add("POL-42", device.at("model"), "a memory balloon");
    }
  }

  private void checkMemory(XmlElement device) {
    if (device.is("model", "nvdimm", "virtio-pmem")) {
      findings.add("DISK-18", device.at("model"), "memory in a file, " + device.attribute("model"));
    } else {
      findings.add("DEV-20", device.at("model"), "more memory, " + device.attribute("model"));
    }
  }

  private void checkWatchdog(XmlElement device) {
    if (!device.is("action", "none")) {
      findings.add(
          "DEV-28",
          device.at("action"),
          "a watchdog that can " + (device.has("action") ? device.attribute("action") : "reset"));
    }
    if (device.is("action", "dump")) {
      findings.add("HOST-02", device.at("action"), "a watchdog that dumps the domain");
    }
  }

  private void checkBounceBuffers(XmlElement device) {
    boolean virtio =
        switch (device.name()) {
          case "disk" ->
              device.find("target").filter(target -> target.is("bus", "virtio")).isPresent();
          case "interface" ->
              device
                  .find("model")
                  .filter(model -> model.attribute("type").startsWith("virtio"))
                  .isPresent();
          case "controller" ->
              device.is("type", "virtio-serial") || device.attribute("model").startsWith("virtio");
          case "rng", "memballoon", "video", "input", "filesystem", "vsock", "crypto" ->
              device
                  .all()
                  .anyMatch(part ->
                      part.attribute("model").startsWith("virtio")
                          || (part.name().equals("model")
                              && part.attribute("type").startsWith("virtio")));
          default -> false;
        };
    boolean legacy =
        device.find("model").filter(model -> model.is("type", "virtio-transitional")).isPresent()
            || device.is("model", "virtio-transitional");
    var driver = device.find("driver");
    boolean bounced = driver.filter(found -> found.is("iommu", "on")).isPresent();
    if (virtio && (!bounced || legacy)) {
      var at = driver.orElse(device).at("iommu");
      findings.add("DEV-31", at, "a virtio " + device.name() + " without iommu=\"on\"");
      findings.add("POL-42", at, "a virtio " + device.name() + " without iommu=\"on\"");
    }
  }

  /** What libvirt adds by itself where the document is silent. */
  private void checkAdditions() {
    boolean pc = MachineRules.isPc(domain);
    if (devices.children("memballoon").findAny().isEmpty()) {
      findings.add("DEV-19", devices.at(), "no memballoon of the model none: libvirt adds one");
      findings.add("POL-42", devices.at(), "no memballoon of the model none: libvirt adds one");
    }
    if (pc
        && devices.children("controller").noneMatch(controller -> controller.is("type", "usb"))) {
      findings.add("DEV-11", devices.at(), "no USB controller of the model none: libvirt adds one");
    }
    if (devices.children("graphics").findAny().isPresent()
        && devices.children("video").findAny().isEmpty()) {
      findings.add("DEV-09", devices.at(), "no video of the model none: libvirt adds one");
    }
  }
}
