package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.exposure.EmulatorArguments.Option;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The disks of a command line of QEMU: what is behind -drive and -blockdev. */
final class DriveArguments {
  private static final Set<String> LOCAL =
      Set.of(
          "file",
          "raw",
          "qcow2",
          "qed",
          "vmdk",
          "vdi",
          "vpc",
          "vhdx",
          "luks",
          "copy-on-read",
          "throttle",
          "host_device",
          "host_cdrom",
          "null-co",
          "null-aio",
          "blkdebug",
          "blklogwrites",
          "blkverify",
          "quorum",
          "snapshot-access",
          "preallocate",
          "parallels",
          "dmg",
          "cloop",
          "bochs",
          "qcow",
          "vvfat",
          "nvme",
          "io_uring",
          "virtio-blk-vhost-vdpa",
          "virtio-blk-vfio-pci",
          "virtio-blk-vhost-user",
          "nvme-io_uring",
          "copy-before-write");

  private static final Set<String> HOST_DEVICE = Set.of("host_device", "host_cdrom");

  /** Devices whose media are no disks. */
  private static final Set<String> REMOVABLE = Set.of("ide-cd", "scsi-cd", "floppy");

  private static final Pattern SERVER_TYPE =
      Pattern.compile("(?:file\\.)?server\\.(?:[0-9]{1,4}\\.)?type");

  private final OptionList options;
  private final Findings findings;

  DriveArguments(OptionList options, Findings findings) {
    this.options = options;
    this.findings = findings;
  }

  void check() throws MalformedException {
    var below = new HashSet<String>();
    for (var option : options.all()) {
      if (option.name().equals("blockdev")) {
        var values = option.keyVal("driver");
        below.add(values.value("file"));
        below.add(values.value("backing"));
        below.add(values.value("data-file"));
      }
    }
    below.add(options.machine().value("pflash0"));
    below.add(options.machine().value("pflash1"));
    var disks = new ArrayList<Option>();
    for (var option : options.all()) {
      boolean disk =
          switch (option.name()) {
            case "blockdev" -> checkBlock(option, below);
            case "drive" -> checkDrive(option);
            default -> false;
          };
      if (disk) {
        disks.add(option);
      }
    }
    checkBoot(disks);
  }

  private void checkBoot(List<Option> disks) throws MalformedException {
    if (options.has("kernel")) {
      return;
    }
    var removable = new HashSet<String>();
    var ordered = new HashSet<String>();
    for (var option : options.all("device")) {
      var values = option.keyVal("driver");
      if (REMOVABLE.contains(values.value("driver"))) {
        removable.add(values.value("drive"));
      } else if (values.has("bootindex")) {
        ordered.add(values.value("drive"));
      }
    }
    var bootable = new ArrayList<Option>();
    var first = new ArrayList<Option>();
    for (var disk : disks) {
      String name = disk.keyVal("file").value("node-name", "id");
      if (name.isEmpty() || !removable.contains(name)) {
        bootable.add(disk);
        if (ordered.contains(name)) {
          first.add(disk);
        }
      }
    }
    var chosen = first.isEmpty() ? bootable : first;
    if (chosen.size() > 1) {
      findings.add("FW-17", chosen.get(1).at(), "%d disks to boot from".formatted(chosen.size()));
    }
  }

  /** Whether it is a disk of its own. */
  private boolean checkBlock(Option option, Set<String> below) throws MalformedException {
    var values = option.keyVal("driver");
    boolean top = !below.contains(values.value("node-name"));
    checkCommon(option, values, values.value("driver"));
    if (top) {
      checkTop(option, values);
    }
    return top;
  }

  private boolean checkDrive(Option option) throws MalformedException {
    var values = option.keyVal("file");
    String kind = values.value("if");
    if (kind.equals("pflash")) {
      if (!values.find("unit").orElse("0").equals("0")
          || !(values.isOn("readonly") || values.isOn("read-only"))) {
        findings.add("FW-03", option.at(), "firmware variables in a file of the host");
      }
      return false;
    }
    if (values.value("media").equals("cdrom") || kind.equals("floppy") || kind.equals("sd")) {
      findings.add("DEV-29", option.at(), "a drive for removable media");
      return false;
    }
    if (values.isOn("snapshot")) {
      findings.add("DISK-15", option.at(), "a layer that takes the changes");
    }
    if (values.has("serial")) {
      SourceNames.checkSerial(values.value("serial"), option.at(), findings);
    }
    checkCommon(option, values, values.value("driver", "format"));
    checkTop(option, values);
    return true;
  }

  private void checkTop(Option option, KeyVal values) {
    if (!values.isOn("read-only") && !values.isOn("readonly")) {
      findings.add("DISK-06", option.at(), "a writable disk");
    }
    if (Set.of("unmap", "on").contains(values.value("discard"))) {
      findings.add("DISK-14", option.at(), "discards reach the host");
    }
    if (values.has("detect-zeroes") && !values.value("detect-zeroes").equals("off")) {
      findings.add("DISK-14", option.at(), "the host looks for zeros");
    }
  }

  private void checkCommon(Option option, KeyVal values, String driver) {
    for (String key : values.keys()) {
      String value = values.value(key);
      if (key.equals("driver") || key.endsWith(".driver")) {
        checkDriver(option, value, isTls(values) || isOnOneHost(values));
      } else if (key.equals("filename") || key.endsWith(".filename") || key.equals("file")) {
        String kind = key.substring(0, key.lastIndexOf('.') + 1) + "driver";
        if (!HOST_DEVICE.contains(values.value(kind))) {
          checkFile(option, value);
        }
      }
      if (key.endsWith("encrypt.format")
          || key.equals("key-secret")
          || key.endsWith(".key-secret")
          || key.equals("encryption")) {
        findings.add("DISK-02", option.at(), "encryption for which the host has the key");
      } else if (key.endsWith("password-secret")
          || key.endsWith("cookie-secret")
          || key.endsWith("auth-client-required.0")) {
        findings.add("DISK-03", option.at(), "a key of access to storage");
      } else if ((key.equals("backing")
              || key.startsWith("backing.")
              || key.startsWith("data-file"))
          && !value.isEmpty()) {
        findings.add("DISK-13", option.at(), "an image that consists of several files");
      }
    }
    if (driver.equals("luks")) {
      findings.add("DISK-02", option.at(), "encryption for which the host has the key");
    }
    if (driver.equals("copy-on-read") || values.isOn("copy-on-read")) {
      findings.add("DISK-13", option.at(), "a layer below the disk is copied");
    }
  }

  private static boolean isTls(KeyVal values) {
    return values.has("tls-creds") || values.has("file.tls-creds");
  }

  /** Whether no network is between QEMU and what gives it the disk. */
  private static boolean isOnOneHost(KeyVal values) {
    var types =
        values.keys().stream()
            .filter(key -> SERVER_TYPE.matcher(key).matches())
            .map(values::value)
            .toList();
    return !types.isEmpty() && types.stream().allMatch("unix"::equals);
  }

  private void checkDriver(Option option, String driver, boolean tls) {
    switch (driver) {
      case "host_device", "host_cdrom" ->
          findings.add("DISK-24", option.at(), "a device of the host");
      case "vvfat" -> findings.add("DEV-01", option.at(), "a directory of the host as a disk");
      case "nvme", "virtio-blk-vfio-pci" ->
          findings.addLesser("DEV-12", option.at(), "a controller of the host");
      default -> {
        if (!LOCAL.contains(driver)) {
          SourceNames.checkProtocol(driver, tls, option.at(), findings);
        }
      }
    }
  }

  private void checkFile(Option option, String file) {
    int colon = file.indexOf(':');
    String protocol = colon > 0 ? file.substring(0, colon) : "";
    if (protocol.equals("fat")) {
      findings.add("DEV-01", option.at(), "a directory of the host as a disk");
    } else if (protocol.equals("json")) {
      findings.add("DISK-13", option.at(), "an image described inside its name");
    } else if (protocol.matches("[a-z][a-z0-9+]{1,15}") && !protocol.equals("file")) {
      SourceNames.checkProtocol(protocol, false, option.at(), findings);
    } else {
      SourceNames.checkPath(file, option.at(), findings);
    }
  }
}
