package dev.remit.exposure;

import java.util.Set;

/** What starts a domain: firmware, kernel, tables and texts that its boot reads. */
final class BootRules {
  private final XmlElement domain;
  private final XmlElement os;
  private final Findings findings;

  private BootRules(XmlElement domain, Findings findings) {
    this.domain = domain;
    this.os = domain.find("os").orElse(domain);
    this.findings = findings;
  }

  static void check(XmlElement domain, Set<Technology> used, Findings findings) {
    var rules = new BootRules(domain, findings);
    if (!used.equals(Set.of(Technology.S390_PV))) {
      rules.checkFirmware();
    }
    rules.checkVariables();
    rules.checkBoot();
    rules.checkDisks();
    rules.checkTables();
    rules.checkCommandLine();
  }

  private void checkFirmware() {
    var loader = os.find("loader");
    if (os.has("firmware")) {
      findings.add("FW-01", os.at("firmware"), "firmware that the host selects");
    } else if (loader.map(XmlElement::text).orElse("").isEmpty()) {
      findings.add("FW-01", loader.orElse(os).at(), "no file of a firmware");
    }
    os.find("firmware").stream()
        .flatMap(firmware -> firmware.children("feature"))
        .filter(feature ->
            feature.is("name", "secure-boot", "enrolled-keys") && feature.is("enabled", "yes"))
        .forEach(feature -> findings.add("FW-05", feature.at(), "Secure Boot is asked for"));
    loader.ifPresent(element -> {
      if (element.is("secure", "yes")) {
        findings.add("FW-06", element.at("secure"), "a secure loader");
      }
    });
    domain
        .find("features/smm")
        .filter(smm -> !smm.is("state", "off"))
        .ifPresent(smm -> findings.add("FW-06", smm.at(), "system management mode"));
  }

  private void checkVariables() {
    os.children("nvram")
        .forEach(
            nvram -> findings.add("FW-03", nvram.at(), "firmware variables in a file of the host"));
    os.find("loader")
        .filter(loader -> loader.is("type", "pflash") && !loader.is("stateless", "yes"))
        .ifPresent(loader ->
            findings.add("FW-03", loader.at("type"), "a flash loader that is not stateless"));
    os.children("varstore")
        .forEach(store -> findings.add("FW-04", store.at(), "the variable service of QEMU"));
  }

  private void checkBoot() {
    os.children("boot")
        .filter(boot -> boot.is("dev", "network"))
        .forEach(boot -> findings.add("FW-14", boot.at("dev"), "boot over the network"));
    os.children("boot")
        .filter(boot -> boot.is("dev", "cdrom", "fd"))
        .forEach(boot -> findings.add("DEV-29", boot.at("dev"), "boot from a removable medium"));
    os.children("bootmenu")
        .filter(menu -> menu.is("enable", "yes"))
        .forEach(menu -> findings.add("FW-15", menu.at("enable"), "a boot menu"));
    os.children("bios")
        .filter(bios -> bios.is("useserial", "yes"))
        .forEach(bios -> findings.add("DEV-07", bios.at("useserial"), "firmware on a serial line"));
    for (String name : new String[] {"shim", "dtb"}) {
      os.children(name)
          .forEach(element -> findings.add("FW-22", element.at(), name + " beside the kernel"));
    }
    for (String name : new String[] {"bootloader", "bootloader_args"}) {
      domain
          .children(name)
          .forEach(element -> findings.add("FW-22", element.at(), "a boot loader of the host"));
    }
    os.find("acpi").stream()
        .flatMap(acpi -> acpi.children().stream())
        .forEach(table -> findings.add("FW-10", table.at(), "an ACPI table of the host"));
  }

  private void checkDisks() {
    if (os.contains("kernel")) {
      return;
    }
    var disks =
        domain.find("devices").stream()
            .flatMap(devices -> devices.children("disk"))
            .filter(disk -> !disk.is("device", "cdrom", "floppy"))
            .toList();
    var ordered = disks.stream().filter(disk -> disk.contains("boot")).toList();
    var bootable = ordered.isEmpty() ? disks : ordered;
    if (bootable.size() > 1) {
      findings.add(
          "FW-17", bootable.get(1).at(), "%d disks to boot from".formatted(bootable.size()));
    }
  }

  private void checkTables() {
    os.children("smbios")
        .forEach(smbios -> {
          if (smbios.is("mode", "host")) {
            findings.add("PROV-17", smbios.at("mode"), "the SMBIOS strings of the host");
          }
          if (!smbios.is("mode", "emulate")) {
            findings.add("FW-12", smbios.at("mode"), "SMBIOS strings that the document chooses");
          }
        });
    domain
        .children("uuid")
        .forEach(uuid -> SmbiosValues.checkUuid(uuid.text(), uuid.atText(), findings));
    domain.children("sysinfo").forEach(this::checkSysinfo);
  }

  private void checkSysinfo(XmlElement sysinfo) {
    if (sysinfo.is("type", "fwcfg")) {
      sysinfo
          .children("entry")
          .forEach(entry -> FwCfgNames.check(entry.attribute("name"), entry.at("name"), findings));
      return;
    }
    for (var table : sysinfo.children()) {
      int type =
          switch (table.name()) {
            case "bios" -> 0;
            case "system" -> 1;
            case "baseBoard" -> 2;
            case "chassis" -> 3;
            default -> 11;
          };
      table
          .children("entry")
          .forEach(entry ->
              SmbiosValues.check(
                  type,
                  entry.has("name") ? entry.attribute("name") : "string",
                  entry.text(),
                  entry.atText(),
                  findings));
    }
  }

  private void checkCommandLine() {
    os.find("cmdline")
        .ifPresent(line ->
            KernelCommandLineRules.check(
                KernelCommandLine.parse(line.text(), line.textPlace()),
                ConsoleRules.isInteractive(domain),
                findings));
  }
}
