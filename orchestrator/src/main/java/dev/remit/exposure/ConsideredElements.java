package dev.remit.exposure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Elements and attributes of libvirt's document that somebody has looked at: they are harmless, or
 * a rule judges them. What is not here is unknown, and that is an entry of its own.
 */
final class ConsideredElements {
  /** The path below the domain, a star where a rule judges all below it too, and the attributes. */
  private static final String TABLE =
      """
      . type id
      name
      uuid
      genid
      title
      description
      metadata *
      memory unit dumpCore
      currentMemory unit
      maxMemory unit slots
      memoryBacking
      memoryBacking/nosharepages
      memoryBacking/locked
      memoryBacking/discard
      memoryBacking/hugepages *
      memoryBacking/source type
      memoryBacking/access mode
      memoryBacking/allocation mode threads
      memtune *
      blkiotune *
      numatune *
      idmap *
      cputune *
      throttlegroups *
      vcpu placement cpuset current
      vcpus
      vcpus/vcpu id enabled hotpluggable order
      iothreads
      iothreadids *
      defaultiothread *
      resource *
      sysinfo type
      sysinfo/bios
      sysinfo/bios/entry name
      sysinfo/system
      sysinfo/system/entry name
      sysinfo/baseBoard
      sysinfo/baseBoard/entry name
      sysinfo/chassis
      sysinfo/chassis/entry name
      sysinfo/oemStrings
      sysinfo/oemStrings/entry
      sysinfo/entry name file
      bootloader
      bootloader_args
      os firmware
      os/type arch machine
      os/firmware *
      os/loader type readonly secure stateless format
      os/nvram *
      os/varstore *
      os/kernel
      os/initrd
      os/cmdline
      os/shim
      os/dtb
      os/acpi *
      os/boot dev
      os/bootmenu enable timeout
      os/smbios mode
      os/bios useserial rebootTimeout
      features
      features/acpi
      features/apic eoi
      features/pae
      features/hap state
      features/viridian
      features/privnet
      features/hyperv *
      features/kvm *
      features/xen *
      features/pvspinlock state
      features/pmu state
      features/vmport state
      features/vmcoreinfo state
      features/ps2 state
      features/gic version
      features/smm *
      features/ioapic driver
      features/hpt *
      features/htm state
      features/nested-hv state
      features/cfpc value
      features/ccf-assist state
      features/aia value
      features/sbbc value
      features/ibs value
      features/tcg *
      features/ras state
      features/async-teardown enabled
      cpu mode match check migratable deprecated_features
      cpu/model fallback vendor_id
      cpu/vendor
      cpu/topology sockets dies clusters cores threads
      cpu/feature name policy
      cpu/cache level mode
      cpu/maxphysaddr mode bits limit
      cpu/numa
      cpu/numa/cell id cpus memory unit memAccess discard
      cpu/numa/cell/distances *
      cpu/numa/cell/cache *
      cpu/numa/interconnects *
      clock offset basis adjustment timezone start
      clock/timer name present tickpolicy track frequency mode
      clock/timer/catchup threshold slew limit
      on_poweroff
      on_reboot
      on_crash
      on_lockfailure
      pm
      pm/suspend-to-mem enabled
      pm/suspend-to-disk enabled
      perf
      perf/event name enabled
      keywrap *
      seclabel *
      launchSecurity type kernelHashes authorKey vcek
      launchSecurity/cbitpos
      launchSecurity/reducedPhysBits
      launchSecurity/policy
      launchSecurity/dhCert
      launchSecurity/session
      launchSecurity/guestVisibleWorkarounds
      launchSecurity/idBlock
      launchSecurity/idAuth
      launchSecurity/hostData
      launchSecurity/mrConfigId
      launchSecurity/mrOwner
      launchSecurity/mrOwnerConfig
      launchSecurity/quoteGenerationService path
      qemu:commandline *
      qemu:capabilities *
      qemu:override *
      qemu:deprecation behavior
      devices
      devices/emulator
      devices/disk type device rawio sgio snapshot model
      devices/disk/driver name type cache error_policy rerror_policy io ioeventfd event_idx copy_on_read discard \
        discard_no_unref detect_zeroes iothread queues queue_size iommu ats packed metadata_cache page_per_vq
      devices/disk/driver/metadata_cache *
      devices/disk/driver/iothreads *
      devices/disk/driver/statistics *
      devices/disk/source file dev dir protocol name query pool volume mode startupPolicy index tls tlsHostname \
        tlsFromConfig fdgroup managed actualType namespace type path
      devices/disk/source/host name port transport socket
      devices/disk/source/seclabel *
      devices/disk/source/slices *
      devices/disk/source/address *
      devices/disk/source/snapshot name
      devices/disk/source/config file
      devices/disk/source/initiator *
      devices/disk/source/readahead size
      devices/disk/source/timeout seconds
      devices/disk/source/identity *
      devices/disk/source/ssl *
      devices/disk/source/cookies *
      devices/disk/source/auth *
      devices/disk/source/encryption *
      devices/disk/source/dataStore *
      devices/disk/source/reservations *
      devices/disk/source/knownHosts path
      devices/disk/source/reconnect enabled timeout delay
      devices/disk/source/privateData *
      devices/disk/target dev bus tray removable rotation_rate
      devices/disk/backingStore *
      devices/disk/mirror *
      devices/disk/encryption *
      devices/disk/auth *
      devices/disk/transient *
      devices/disk/privateData *
      devices/disk/diskSecretsPlacement *
      devices/disk/backenddomain name
      devices/disk/readonly
      devices/disk/shareable
      devices/disk/serial
      devices/disk/wwn
      devices/disk/vendor
      devices/disk/product
      devices/disk/boot order loadparm
      devices/disk/iotune *
      devices/disk/throttlefilters *
      devices/disk/geometry *
      devices/disk/blockio *
      devices/disk/alias name
      devices/disk/acpi index
      devices/disk/address *
      devices/controller type index model ports vectors maxGrantFrames maxEventChannels
      devices/controller/driver queues cmd_per_lun max_sectors ioeventfd iothread iommu ats packed page_per_vq
      devices/controller/driver/iothreads *
      devices/controller/model name
      devices/controller/target chassis port chassisNr busNr hotplug index memReserve
      devices/controller/target/node
      devices/controller/pcihole64 unit
      devices/controller/master startport
      devices/controller/alias name
      devices/controller/address *
      devices/interface type trustGuestRxFilters managed
      devices/interface/mac address type check
      devices/interface/source network bridge dev mode portgroup type path address port portid localaddr reconnect
      devices/interface/source/reconnect *
      devices/interface/source/local *
      devices/interface/source/address *
      devices/interface/source/ip *
      devices/interface/source/route *
      devices/interface/target dev managed
      devices/interface/guest dev actual
      devices/interface/model type
      devices/interface/driver name txmode ioeventfd event_idx queues rx_queue_size tx_queue_size iommu ats packed \
        page_per_vq rss rss_hash_report
      devices/interface/driver/host *
      devices/interface/driver/guest *
      devices/interface/backend type tap vhost logFile upstream hostname fqdn
      devices/interface/portForward *
      devices/interface/ip *
      devices/interface/route *
      devices/interface/script path
      devices/interface/downscript path
      devices/interface/filterref *
      devices/interface/bandwidth *
      devices/interface/vlan *
      devices/interface/virtualport *
      devices/interface/port isolated
      devices/interface/link state
      devices/interface/mtu size
      devices/interface/coalesce *
      devices/interface/tune *
      devices/interface/teaming type persistent
      devices/interface/actual *
      devices/interface/backenddomain name
      devices/interface/boot order loadparm
      devices/interface/rom bar file enabled
      devices/interface/alias name
      devices/interface/acpi index
      devices/interface/address *
      devices/filesystem *
      devices/shmem *
      devices/graphics *
      devices/video *
      devices/input *
      devices/sound *
      devices/audio *
      devices/smartcard *
      devices/redirdev *
      devices/redirfilter *
      devices/hub *
      devices/hostdev *
      devices/crypto *
      devices/tpm *
      devices/vsock *
      devices/memballoon *
      devices/memory *
      devices/rng *
      devices/panic *
      devices/pstore *
      devices/watchdog *
      devices/parallel *
      devices/serial *
      devices/console *
      devices/channel *
      devices/iommu *
      devices/nvram *
      devices/lease *
      """;

  private static final Map<String, Set<String>> ATTRIBUTES = new HashMap<>();

  static {
    for (String line : TABLE.lines().toList()) {
      String[] words = line.strip().split(" +", -1);
      ATTRIBUTES.put(
          words[0], Arrays.stream(words).skip(1).collect(Collectors.toUnmodifiableSet()));
    }
  }

  private ConsideredElements() {}

  static void check(XmlElement domain, Findings findings) {
    check(domain, ".", findings);
  }

  private static void check(XmlElement element, String path, Findings findings) {
    var attributes = ATTRIBUTES.get(path);
    if (attributes == null) {
      findings.add("ORCH-11", element.at(), "the element " + shown(element.name()));
      return;
    }
    if (attributes.contains("*")) {
      return;
    }
    for (String attribute : element.attributes().keySet()) {
      if (!attributes.contains(attribute)) {
        findings.add(
            "ORCH-11",
            element.at(attribute),
            "the attribute %s of %s".formatted(shown(attribute), shown(element.name())));
      }
    }
    String prefix = path.equals(".") ? "" : path + "/";
    for (var child : element.children()) {
      check(child, prefix + child.name(), findings);
    }
  }

  private static String shown(String name) {
    return name.length() <= 100 ? name : name.substring(0, 100) + "…";
  }
}
