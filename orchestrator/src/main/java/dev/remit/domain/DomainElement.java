package dev.remit.domain;

import jakarta.xml.bind.annotation.XmlAttribute;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlRootElement;
import jakarta.xml.bind.annotation.XmlType;
import jakarta.xml.bind.annotation.XmlValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The positive list: every element and attribute that a document of ours can have, in the order in
 * which libvirt writes them. What has no field here cannot be written.
 *
 * <p>JAXB fills the fields from a template. Strings, because libvirt is to see what the template
 * says and not how Java would write the same number.
 */
@SuppressWarnings("NullAway.Init")
@XmlRootElement(name = "domain")
@XmlType(
    propOrder = {
      "name",
      "uuid",
      "memory",
      "currentMemory",
      "memoryBacking",
      "vcpu",
      "os",
      "features",
      "cpu",
      "clock",
      "onPoweroff",
      "onReboot",
      "onCrash",
      "pm",
      "devices",
      "launchSecurity"
    })
final class DomainElement {
  @XmlAttribute String type;
  String name;
  @Nullable String uuid;
  Memory memory;
  Memory currentMemory;
  MemoryBacking memoryBacking;
  Vcpu vcpu;
  Os os;
  Features features;
  Cpu cpu;
  Clock clock;

  @XmlElement(name = "on_poweroff")
  String onPoweroff;

  @XmlElement(name = "on_reboot")
  String onReboot;

  @XmlElement(name = "on_crash")
  String onCrash;

  PowerManagement pm;
  Devices devices;
  LaunchSecurity launchSecurity;

  /** An element whose presence says it all. */
  static final class Flag {}

  static final class Switch {
    @XmlAttribute String state;
  }

  static final class Enabled {
    @XmlAttribute String enabled;
  }

  static final class Typed {
    @XmlAttribute String type;
  }

  static final class Named {
    @XmlAttribute String name;
  }

  static final class Smbios {
    @XmlAttribute String mode;
  }

  static final class Memory {
    @XmlAttribute String unit;
    @XmlAttribute @Nullable String dumpCore;
    @XmlValue String amount;
  }

  @XmlType(propOrder = {"nosharepages", "locked", "source"})
  static final class MemoryBacking {
    Flag nosharepages;
    @Nullable Flag locked;
    Typed source;
  }

  static final class Vcpu {
    @XmlAttribute String placement;
    @XmlValue String count;
  }

  @XmlType(propOrder = {"type", "loader", "kernel", "initrd", "cmdline", "smbios"})
  static final class Os {
    OsType type;
    Loader loader;
    String kernel;
    String initrd;
    String cmdline;
    Smbios smbios;
  }

  static final class OsType {
    @XmlAttribute String arch;
    @XmlAttribute String machine;
    @XmlValue String type;
  }

  static final class Loader {
    @XmlAttribute String type;
    @XmlAttribute String stateless;
    @XmlValue String path;
  }

  @XmlType(propOrder = {"acpi", "apic", "pmu", "vmport", "smm", "vmcoreinfo", "ps2"})
  static final class Features {
    Flag acpi;
    Flag apic;
    Switch pmu;
    Switch vmport;
    Switch smm;
    Switch vmcoreinfo;
    Switch ps2;
  }

  @XmlType(propOrder = {"model", "features"})
  static final class Cpu {
    @XmlAttribute String mode;
    @XmlAttribute String match;
    @XmlAttribute String check;
    CpuModel model;

    @XmlElement(name = "feature")
    List<Feature> features = new ArrayList<>();
  }

  static final class CpuModel {
    @XmlAttribute String fallback;
    @XmlValue String name;
  }

  static final class Feature {
    @XmlAttribute String policy;
    @XmlAttribute String name;
  }

  static final class Clock {
    @XmlAttribute String offset;

    @XmlElement(name = "timer")
    List<Timer> timers = new ArrayList<>();
  }

  static final class Timer {
    @XmlAttribute String name;
    @XmlAttribute String present;
  }

  @XmlType(propOrder = {"suspendToMem", "suspendToDisk"})
  static final class PowerManagement {
    @XmlElement(name = "suspend-to-mem")
    Enabled suspendToMem;

    @XmlElement(name = "suspend-to-disk")
    Enabled suspendToDisk;
  }

  @XmlType(
      propOrder = {
        "emulator",
        "disks",
        "controllers",
        "serial",
        "console",
        "audio",
        "video",
        "watchdog",
        "memballoon"
      })
  static final class Devices {
    @Nullable String emulator;

    @XmlElement(name = "disk")
    List<Disk> disks = new ArrayList<>();

    @XmlElement(name = "controller")
    List<Controller> controllers = new ArrayList<>();

    @Nullable CharacterDevice serial;
    @Nullable CharacterDevice console;
    Audio audio;
    Video video;
    Watchdog watchdog;
    Balloon memballoon;
  }

  @XmlType(propOrder = {"driver", "source", "target"})
  static final class Disk {
    @XmlAttribute String type;
    @XmlAttribute String device;
    Driver driver;
    DiskFile source;
    DiskTarget target;

    /** A disk like this one on another file. */
    Disk on(String file, String dev) {
      var disk = new Disk();
      disk.type = type;
      disk.device = device;
      disk.driver = driver;
      disk.source = new DiskFile();
      disk.source.file = file;
      disk.target = new DiskTarget();
      disk.target.dev = dev;
      disk.target.bus = target.bus;
      return disk;
    }
  }

  static final class Driver {
    @XmlAttribute String name;
    @XmlAttribute String type;
    @XmlAttribute String discard;

    @XmlAttribute(name = "detect_zeroes")
    String detectZeroes;

    @XmlAttribute String iommu;
  }

  static final class DiskFile {
    @XmlAttribute String file;
  }

  static final class DiskTarget {
    @XmlAttribute String dev;
    @XmlAttribute String bus;
  }

  @XmlType(propOrder = {"target"})
  static final class Controller {
    @XmlAttribute String type;
    @XmlAttribute @Nullable String index;
    @XmlAttribute String model;
    @Nullable PortTarget target;

    /** A controller like this one with another index. */
    Controller numbered(int number) {
      var controller = new Controller();
      controller.type = type;
      controller.index = Integer.toString(number);
      controller.model = model;
      controller.target = target;
      return controller;
    }
  }

  static final class PortTarget {
    @XmlAttribute String hotplug;
  }

  /** A serial port, or libvirt's second name for it, a console. */
  @XmlType(propOrder = {"source", "target"})
  static final class CharacterDevice {
    @XmlAttribute String type;
    Output source;
    CharacterTarget target;
  }

  static final class Output {
    @XmlAttribute String path;
  }

  static final class CharacterTarget {
    @XmlAttribute String type;
    @XmlAttribute String port;
    @Nullable Named model;
  }

  static final class Audio {
    @XmlAttribute String id;
    @XmlAttribute String type;
  }

  static final class Video {
    Typed model;
  }

  static final class Watchdog {
    @XmlAttribute String model;
    @XmlAttribute String action;
  }

  static final class Balloon {
    @XmlAttribute String model;
  }

  @XmlType(propOrder = {"cbitpos", "reducedPhysBits", "policy", "dhCert", "session"})
  static final class LaunchSecurity {
    @XmlAttribute String type;
    @XmlAttribute String kernelHashes;
    String cbitpos;
    String reducedPhysBits;
    String policy;
    @Nullable String dhCert;
    @Nullable String session;
  }
}
