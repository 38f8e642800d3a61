package dev.remit.exposure;

import java.util.stream.Stream;

/** A disk of a domain. */
final class DiskRules {
  private final XmlElement disk;
  private final XmlElement source;
  private final XmlElement driver;
  private final Findings findings;

  private DiskRules(XmlElement disk, Findings findings) {
    this.disk = disk;
    this.source = disk.find("source").orElse(disk);
    this.driver = disk.find("driver").orElse(disk);
    this.findings = findings;
  }

  static void check(XmlElement disk, Findings findings) {
    var rules = new DiskRules(disk, findings);
    rules.checkKind();
    rules.checkSource();
    rules.checkContent();
    rules.checkDriver();
  }

  private void checkKind() {
    boolean removable = disk.is("device", "cdrom", "floppy");
    if (removable) {
      findings.add("DEV-29", disk.at("device"), "a drive for removable media");
    }
    disk.find("target")
        .filter(target -> target.is("bus", "usb", "fdc") || target.is("removable", "on"))
        .ifPresent(target -> findings.add("DEV-29", target.at(), "a disk that can be removed"));
    if (disk.is("device", "lun")) {
      findings.addLesser("DEV-12", disk.at("device"), "a disk that takes raw commands");
    }
    switch (disk.attribute("type")) {
      case "dir" -> findings.add("DEV-01", disk.at("type"), "a directory of the host as a disk");
      case "nvme" -> findings.addLesser("DEV-12", disk.at("type"), "a controller of the host");
      case "block" -> findings.add("DISK-24", disk.at("type"), "a device of the host");
      case "", "file", "network", "volume" -> {}
      case "vhostuser", "vhostvdpa" ->
          findings.addLesser("DEV-03", disk.at("type"), "a disk that needs shared memory");
      default ->
          findings.add(
              "ORCH-11", disk.at("type"), "a disk of the unknown type " + disk.attribute("type"));
    }
    if (!removable && !disk.contains("readonly")) {
      findings.add("DISK-06", disk.at(), "a writable disk");
    }
    disk.children("shareable")
        .forEach(shared -> findings.add("DISK-16", shared.at(), "a disk shared with others"));
    disk.children("serial")
        .forEach(serial -> SourceNames.checkSerial(serial.text(), serial.atText(), findings));
  }

  private void checkSource() {
    String protocol = source.attribute("protocol");
    if (!protocol.isEmpty()) {
      SourceNames.checkProtocol(protocol, source.is("tls", "yes"), source.at("protocol"), findings);
    }
    for (String name : new String[] {"file", "dev"}) {
      if (source.has(name) && !disk.is("type", "block")) {
        SourceNames.checkPath(source.attribute(name), source.at(name), findings);
      }
    }
    below("auth").forEach(auth -> findings.add("DISK-03", auth.at(), "a key of access to storage"));
    source
        .children("cookies")
        .forEach(cookies -> findings.add("DISK-03", cookies.at(), "cookies of access to storage"));
    source
        .children("ssl")
        .filter(ssl -> ssl.is("verify", "no"))
        .forEach(ssl -> findings.add("DISK-17", ssl.at("verify"), "TLS that verifies nothing"));
  }

  /** Elements that stood beside the source before they stood in it. */
  private Stream<XmlElement> below(String name) {
    return source == disk
        ? disk.children(name)
        : Stream.concat(disk.children(name), source.children(name));
  }

  private void checkContent() {
    below("encryption")
        .forEach(encryption ->
            findings.add("DISK-02", encryption.at(), "encryption for which the host has the key"));
    disk.children("backingStore")
        .filter(store -> !store.children().isEmpty() || store.has("type"))
        .forEach(store -> findings.add("DISK-13", store.at(), "a layer below the disk"));
    source
        .children("dataStore")
        .forEach(store -> findings.add("DISK-13", store.at(), "data in a file of its own"));
    disk.children("transient")
        .forEach(layer -> findings.add("DISK-15", layer.at(), "a layer that takes the changes"));
    disk.children("mirror")
        .forEach(mirror -> findings.add("DISK-15", mirror.at(), "a copy of the disk"));
    source
        .children("snapshot")
        .forEach(snapshot -> findings.add("DISK-15", snapshot.at(), "a snapshot of a disk"));
    if (disk.has("snapshot") && !disk.is("snapshot", "no", "manual")) {
      findings.add("DISK-15", disk.at("snapshot"), "a disk for snapshots");
    }
  }

  private void checkDriver() {
    if (driver.is("discard", "unmap", "on")) {
      findings.add("DISK-14", driver.at("discard"), "discards reach the host");
    }
    if (driver.has("detect_zeroes") && !driver.is("detect_zeroes", "off")) {
      findings.add("DISK-14", driver.at("detect_zeroes"), "the host looks for zeros");
    }
    if (driver.is("copy_on_read", "on")) {
      findings.add("DISK-13", driver.at("copy_on_read"), "a layer below the disk is copied");
    }
  }
}
