package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.exposure.EmulatorArguments.Option;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The devices of a command line of QEMU: -device. */
final class DeviceArguments {
  /** Beginnings of the names of devices, and the entry that one is by being there; in order. */
  private static final List<Map.Entry<String, String>> BY_BEGINNING =
      List.of(
          Map.entry("virtio-9p", "DEV-01"),
          Map.entry("vhost-user-fs", "DEV-01"),
          Map.entry("ivshmem", "DEV-02"),
          Map.entry("isa-debugcon", "FW-25"),
          Map.entry("VGA", "DEV-09"),
          Map.entry("secondary-vga", "DEV-09"),
          Map.entry("cirrus-vga", "DEV-09"),
          Map.entry("qxl", "DEV-09"),
          Map.entry("virtio-gpu", "DEV-09"),
          Map.entry("virtio-vga", "DEV-09"),
          Map.entry("vhost-user-gpu", "DEV-09"),
          Map.entry("vhost-user-vga", "DEV-09"),
          Map.entry("bochs-display", "DEV-09"),
          Map.entry("ramfb", "DEV-09"),
          Map.entry("ati-vga", "DEV-09"),
          Map.entry("vmware-svga", "DEV-09"),
          Map.entry("virtio-keyboard", "DEV-10"),
          Map.entry("virtio-mouse", "DEV-10"),
          Map.entry("virtio-tablet", "DEV-10"),
          Map.entry("virtio-input", "DEV-10"),
          Map.entry("virtio-multitouch", "DEV-10"),
          Map.entry("vhost-user-input", "DEV-10"),
          Map.entry("i8042", "DEV-10"),
          Map.entry("usb-kbd", "DEV-10"),
          Map.entry("usb-mouse", "DEV-10"),
          Map.entry("usb-tablet", "DEV-10"),
          Map.entry("usb-wacom", "DEV-10"),
          Map.entry("usb-host", "DEV-12"),
          Map.entry("usb-storage", "DEV-29"),
          Map.entry("usb-bot", "DEV-29"),
          Map.entry("usb-uas", "DEV-29"),
          Map.entry("usb-", "DEV-11"),
          Map.entry("qemu-xhci", "DEV-11"),
          Map.entry("nec-usb-xhci", "DEV-11"),
          Map.entry("piix3-usb", "DEV-11"),
          Map.entry("piix4-usb", "DEV-11"),
          Map.entry("ich9-usb", "DEV-11"),
          Map.entry("pci-ohci", "DEV-11"),
          Map.entry("vt82c686b-usb", "DEV-11"),
          Map.entry("ich9-intel-hda", "DEV-11"),
          Map.entry("intel-hda", "DEV-11"),
          Map.entry("hda-", "DEV-11"),
          Map.entry("AC97", "DEV-11"),
          Map.entry("ES1370", "DEV-11"),
          Map.entry("sb16", "DEV-11"),
          Map.entry("virtio-sound", "DEV-11"),
          Map.entry("ccid-", "DEV-11"),
          Map.entry("vfio-ap", "DEV-14"),
          Map.entry("vfio-", "DEV-12"),
          Map.entry("scsi-block", "DEV-12"),
          Map.entry("scsi-generic", "DEV-12"),
          Map.entry("vhost-scsi", "DEV-12"),
          Map.entry("virtio-crypto", "DEV-15"),
          Map.entry("tpm-", "DEV-16"),
          Map.entry("vhost-vsock", "DEV-18"),
          Map.entry("vhost-user-vsock", "DEV-18"),
          Map.entry("virtio-balloon", "DEV-19"),
          Map.entry("hv-balloon", "DEV-19"),
          Map.entry("virtio-mem", "DEV-20"),
          Map.entry("pc-dimm", "DEV-20"),
          Map.entry("sgx-epc", "DEV-20"),
          Map.entry("nvdimm", "DISK-18"),
          Map.entry("virtio-pmem", "DISK-18"),
          Map.entry("cxl-", "DISK-18"),
          Map.entry("virtio-rng", "DEV-21"),
          Map.entry("vhost-user-rng", "DEV-21"),
          Map.entry("vmgenid", "DEV-22"),
          Map.entry("hv-", "DEV-24"),
          Map.entry("hyperv-", "DEV-24"),
          Map.entry("vmbus-bridge", "DEV-24"),
          Map.entry("xen-", "DEV-24"),
          Map.entry("vmcoreinfo", "DEV-25"),
          Map.entry("pvpanic", "DEV-26"),
          Map.entry("acpi-erst", "DEV-27"),
          Map.entry("i6300esb", "DEV-28"),
          Map.entry("ib700", "DEV-28"),
          Map.entry("diag288", "DEV-28"),
          Map.entry("scsi-cd", "DEV-29"),
          Map.entry("ide-cd", "DEV-29"),
          Map.entry("floppy", "DEV-29"),
          Map.entry("isa-fdc", "DEV-29"),
          Map.entry("isa-parallel", "DEV-29"),
          Map.entry("sd-card", "DEV-29"),
          Map.entry("intel-iommu", "DEV-33"),
          Map.entry("amd-iommu", "DEV-33"),
          Map.entry("virtio-iommu", "DEV-33"),
          Map.entry("arm-smmuv3", "DEV-33"),
          Map.entry("spapr-nvram", "DEV-37"),
          Map.entry("uefi-vars", "FW-04"),
          // They write a file of the host into the guest's memory.
          Map.entry("loader", "FW-22"),
          Map.entry("guest-loader", "FW-22"));

  /** Entries of which only the owner knows the rest. */
  private static final Set<String> LESSER = Set.of("DEV-12", "DEV-16", "DEV-26");

  private static final Set<String> OTHER_CARDS =
      Set.of(
          "e1000",
          "e1000e",
          "rtl8139",
          "ne2k_pci",
          "ne2k_isa",
          "pcnet",
          "vmxnet3",
          "igb",
          "tulip",
          "sungem");

  private static final List<String> HARMLESS =
      List.of(
          "virtio-blk",
          "virtio-scsi",
          "virtio-serial",
          "virtio-net",
          "pcie-root-port",
          "ioh3420",
          "pcie-pci-bridge",
          "pci-bridge",
          "i82801b11-bridge",
          "dmi-to-pci-bridge",
          "pxb",
          "x3130",
          "xio3130",
          "scsi-hd",
          "ide-hd",
          "nvme",
          "ahci",
          "ich9-ahci",
          "isa-serial",
          "pci-serial",
          "sclp",
          "virtconsole",
          "virtserialport",
          "vhost-user",
          "lsi",
          "megasas",
          "mptsas",
          "pvscsi",
          "am53c974",
          "spapr-",
          "zpci",
          "filter-",
          "ipmi-",
          "isa-ipmi",
          "pci-ipmi",
          "piix3-ide",
          "piix4-ide",
          "s390-",
          "virtual-css-bridge",
          "dcssblk");

  private final OptionList options;
  private final Findings findings;
  private final Map<String, String> backends = new HashMap<>();
  private int serials;

  DeviceArguments(OptionList options, Findings findings) {
    this.options = options;
    this.findings = findings;
  }

  void check() throws MalformedException {
    for (var option : options.all()) {
      if (option.name().equals("chardev")) {
        var values = option.keyVal("backend");
        backends.put(values.value("id"), values.value("backend"));
        if (values.has("logfile")) {
          findings.addLesser("DEV-07", option.at(), "a log of a character device");
        }
      }
    }
    for (var option : options.all()) {
      if (option.name().equals("device")) {
        check(option, option.keyVal("driver"));
      }
    }
  }

  private void check(Option option, KeyVal values) {
    String driver = values.value("driver");
    var entry = entry(driver);
    if (entry.isPresent()) {
      checkEntry(option, entry.get(), driver, values);
    } else if (OTHER_CARDS.contains(driver) || driver.startsWith("i825")) {
      NetworkCards.check(option.at(), findings);
      findings.add("DEV-36", option.at(), "a card of the model " + driver);
    } else if (HARMLESS.stream().noneMatch(driver::startsWith)) {
      findings.add(
          "ORCH-11", option.at(), "a device that nobody knows, " + EmulatorArguments.shown(driver));
    }
    checkKinds(option, driver, values);
    checkRom(option, driver, values);
    checkBounceBuffers(option, driver, values);
  }

  private static Optional<String> entry(String driver) {
    return BY_BEGINNING.stream()
        .filter(known -> driver.startsWith(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private void checkEntry(Option option, String id, String driver, KeyVal values) {
    boolean quotes = id.equals("DEV-18") && options.technologies().equals(Set.of(Technology.TDX));
    if (LESSER.contains(id) || quotes) {
      findings.addLesser(id, option.at(), "the device " + driver);
    } else {
      findings.add(id, option.at(), "the device " + driver);
    }
    if (id.equals("DEV-19")) {
      findings.add("POL-42", option.at(), "a memory balloon");
    }
    if (id.equals("FW-25") && !values.value("chardev").isEmpty()) {
      checkLine(option, values);
    }
  }

  private void checkKinds(Option option, String driver, KeyVal values) {
    if (driver.startsWith("virtio-net")) {
      NetworkCards.check(option.at(), findings);
      if (values.isOn("mq")) {
        findings.add("DEV-36", option.at(), "several queues");
      }
    } else if (driver.startsWith("isa-serial") || driver.startsWith("pci-serial")) {
      checkLine(option, values);
      if (++serials == 2) {
        findings.add("PROV-26", option.at(), "a second serial line");
      }
    } else if ((driver.startsWith("sclp") && driver.contains("console"))
        || driver.equals("virtconsole")
        || driver.equals("spapr-vty")) {
      checkLine(option, values);
    } else if (driver.equals("virtserialport")) {
      checkPort(option, values.value("name"));
    } else if (driver.equals("pcie-root-port")
        || driver.equals("ioh3420")
        || driver.endsWith("-downstream")) {
      if (!values.isOff("hotplug")) {
        findings.add("DEV-30", option.at(), "a port that takes devices at run time");
      }
    } else if (driver.startsWith("vhost-user")) {
      findings.addLesser("DEV-03", option.at(), "a device that needs shared memory");
    }
    if (values.has("serial")) {
      SourceNames.checkSerial(values.value("serial"), option.at(), findings);
    }
    if (values.isOn("share-rw")) {
      findings.add("DISK-16", option.at(), "a disk shared with others");
    }
  }

  private void checkLine(Option option, KeyVal values) {
    String backend = backends.getOrDefault(values.value("chardev"), "");
    if (backend.equals("file")) {
      findings.addLesser("DEV-07", option.at(), "a line that shows output");
    } else if (!backend.equals("null")) {
      findings.add(
          "DEV-07", option.at(), "a line that takes input, " + EmulatorArguments.shown(backend));
    }
  }

  private void checkPort(Option option, String name) {
    var entry = ChannelNames.entry(name);
    if (entry.isEmpty()) {
      findings.add("ORCH-11", option.at(), "a channel that nobody knows");
    } else if (entry.get().equals("DEV-05")) {
      findings.addLesser("DEV-05", option.at(), "the channel of the guest agent");
    } else {
      findings.add(entry.get(), option.at(), "the channel " + name);
    }
  }

  private void checkRom(Option option, String driver, KeyVal values) {
    boolean card = driver.startsWith("virtio-net") || OTHER_CARDS.contains(driver);
    String file = values.value("romfile");
    if (!file.isEmpty()) {
      findings.add("FW-16", option.at(), "an option ROM in a file of the host");
    } else if (card
        && !values.has("romfile")
        && !values.isOff("rombar")
        && !driver.endsWith("-ccw")) {
      findings.add("FW-16", option.at(), "the option ROM of QEMU");
    }
    if (values.has("bootindex") && (card || driver.startsWith("vfio-"))) {
      findings.add("FW-14", option.at(), "boot over the network");
    }
  }

  private void checkBounceBuffers(Option option, String driver, KeyVal values) {
    boolean virtio = driver.startsWith("virtio-") || driver.startsWith("vhost-");
    boolean bounced = values.isOn("iommu_platform") && !values.isOff("disable-legacy");
    if (virtio && !bounced && !driver.equals("virtio-iommu-pci")) {
      findings.add("DEV-31", option.at(), "a virtio device without iommu_platform=on");
      findings.add("POL-42", option.at(), "a virtio device without iommu_platform=on");
    }
  }
}
