package dev.remit.exposure;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One change of a safe document for each entry that shows in libvirt's document of a domain. */
final class DomainCases {
  private static final String SNP =
      """
        <launchSecurity type="sev-snp" kernelHashes="yes" authorKey="yes">
          <policy>0x1820133</policy>
          <idBlock>YmxvY2s=</idBlock>
          <idAuth>YXV0aA==</idAuth>
          <hostData>AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=</hostData>
        </launchSecurity>
      """;

  private static final String SEV =
      """
        <launchSecurity type="sev" kernelHashes="yes">
          <policy>0x3301000f</policy>
          <dhCert>ZGhDZXJ0</dhCert>
          <session>c2Vzc2lvbg==</session>
        </launchSecurity>
      """;

  private static final String TDX =
      """
        <launchSecurity type="tdx">
          <policy>0x10000000</policy>
          <mrConfigId>AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8w</mrConfigId>
        </launchSecurity>
      """;

  /** SEV-SNP; trips nothing. */
  static final String BASE =
      """
      <domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
        <name>db-1</name>
        <uuid>5f0f3b8e-6a53-4d26-9a0e-3c1d8f0b7a11</uuid>
        <title>a database</title>
        <metadata><x:note xmlns:x="urn:x">nothing</x:note></metadata>
        <memory unit="KiB" dumpCore="off">1048576</memory>
        <currentMemory unit="KiB">1048576</currentMemory>
        <memoryBacking>
          <nosharepages/>
          <locked/>
          <source type="anonymous"/>
        </memoryBacking>
        <vcpu placement="static">2</vcpu>
        <cputune><vcpupin vcpu="0" cpuset="2"/></cputune>
        <os>
          <type arch="x86_64" machine="pc-q35-9.2">hvm</type>
          <loader type="rom" stateless="yes">/var/lib/remit/OVMF.amdsev.fd</loader>
          <kernel>/var/lib/remit/vmlinuz</kernel>
          <initrd>/var/lib/remit/initrd.img</initrd>
          <cmdline>root=/dev/mapper/root rd.shell=0 panic=-1</cmdline>
          <smbios mode="emulate"/>
        </os>
        <features>
          <acpi/>
          <apic/>
          <vmport state="off"/>
          <ps2 state="off"/>
        </features>
        <cpu mode="custom" match="exact" check="partial">
          <model fallback="forbid">EPYC-Milan</model>
          <feature policy="disable" name="svm"/>
        </cpu>
        <clock offset="utc">
          <timer name="kvmclock" present="no"/>
          <timer name="hpet" present="no"/>
        </clock>
        <on_poweroff>destroy</on_poweroff>
        <on_reboot>destroy</on_reboot>
        <on_crash>destroy</on_crash>
        <devices>
          <emulator>/usr/bin/qemu-system-x86_64</emulator>
          <disk type="file" device="disk">
            <driver name="qemu" type="raw" discard="ignore" iommu="on"/>
            <source file="/var/lib/remit/root.luks"/>
            <target dev="vda" bus="virtio"/>
            <readonly/>
          </disk>
          <controller type="usb" model="none"/>
          <controller type="pci" index="0" model="pcie-root"/>
          <controller type="pci" index="1" model="pcie-root-port">
            <target hotplug="off"/>
          </controller>
          <audio id="1" type="none"/>
          <video><model type="none"/></video>
          <watchdog model="itco" action="none"/>
          <memballoon model="none"/>
        </devices>
      """
          + SNP
          + "</domain>\n";

  /** SEV-ES; trips POL-04 alone. */
  static final String SEV_ES_BASE = BASE.replace(SNP, SEV);

  /** Trips nothing. */
  static final String TDX_BASE = BASE.replace(SNP, TDX);

  /** Trips nothing. */
  static final String PV_BASE =
      """
      <domain type="kvm">
        <name>db-1</name>
        <memory unit="KiB" dumpCore="off">1048576</memory>
        <memoryBacking><nosharepages/><locked/></memoryBacking>
        <vcpu>2</vcpu>
        <cputune><vcpupin vcpu="0" cpuset="2"/></cputune>
        <os>
          <type arch="s390x" machine="s390-ccw-virtio-9.2">hvm</type>
          <kernel>/var/lib/remit/se.img</kernel>
        </os>
        <cpu mode="custom"><model>z15</model><feature policy="require" name="unpack"/></cpu>
        <on_reboot>destroy</on_reboot>
        <keywrap><cipher name="aes" state="off"/><cipher name="dea" state="off"/></keywrap>
        <devices>
          <disk type="file" device="disk">
            <driver name="qemu" type="raw" iommu="on"/>
            <source file="/var/lib/remit/root.luks"/>
            <target dev="vda" bus="virtio"/>
            <readonly/>
          </disk>
          <memballoon model="none"/>
        </devices>
        <launchSecurity type="s390-pv"/>
      </domain>
      """;

  private static final String POLICY = "<policy>0x1820133</policy>";
  private static final String SEV_POLICY = "<policy>0x3301000f</policy>";
  private static final String TDX_POLICY = "<policy>0x10000000</policy>";
  private static final String HOST_DATA = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  private static final String KERNEL = "<kernel>/var/lib/remit/vmlinuz</kernel>";
  private static final String PINNED = "<cputune><vcpupin vcpu=\"0\" cpuset=\"2\"/></cputune>";
  private static final String PCI_ROOT = "<controller type=\"pci\" model=\"pci-root\"/></devices>";
  private static final String KVMCLOCK = "<timer name=\"kvmclock\" present=\"no\"/>";
  private static final String REBOOT = "<on_reboot>destroy</on_reboot>";
  private static final String RAW_MACHINE =
      """
      <qemu:commandline><qemu:arg value="-machine"/><qemu:arg value="%s"/></qemu:commandline></domain>
      """;
  private static final String RAW_ACTION = RAW_MACHINE.replace("-machine", "-action");
  private static final String CARD =
      """
      <interface type="network"><source network="default"/><model type="virtio"/>\
      <driver iommu="on"/><rom bar="off"/></interface>\
      """;

  static final List<RuleCase> ALL =
      List.of(
          swap("POL-01", SNP, "", SNP, "POL-23", "FW-21"),
          swap(
              "POL-01",
              "</domain>",
              RAW_MACHINE.formatted("confidential-guest-support="),
              RAW_MACHINE.formatted("usb=off"),
              "HOST-05",
              "HOST-01",
              "DEV-04",
              "PROV-26",
              "DEV-10",
              "DEV-23"),
          swap(
              "POL-37",
              "</domain>",
              RAW_ACTION.formatted("reboot=reset"),
              RAW_ACTION.formatted("panic=none"),
              "HOST-05"),
          swap("POL-01", "type=\"sev-snp\"", "type=\"other\"", "type=\"sev-snp\""),
          on(
              SEV_ES_BASE,
              "POL-03",
              SEV_POLICY,
              "<policy>0x3301000b</policy>",
              SEV_POLICY,
              "POL-04"),
          new RuleCase("POL-04", SEV_ES_BASE, BASE, Set.of()),
          on(
              SEV_ES_BASE,
              "POL-05",
              SEV_POLICY,
              "<policy>0x3301000e</policy>",
              SEV_POLICY,
              "POL-04"),
          swap("POL-06", POLICY, "<policy>0x18a0133</policy>", POLICY),
          on(TDX_BASE, "POL-07", TDX_POLICY, "<policy>0x10000001</policy>", TDX_POLICY),
          on(TDX_BASE, "POL-08", TDX_POLICY, "<policy>0x8000000010000000</policy>", TDX_POLICY),
          on(TDX_BASE, "POL-08", TDX_POLICY, "<policy>0x30000000</policy>", TDX_POLICY),
          on(TDX_BASE, "POL-09", TDX_POLICY, "<policy>0x0</policy>", TDX_POLICY),
          on(
              SEV_ES_BASE,
              "POL-10",
              SEV_POLICY,
              "<policy>0x3301000d</policy>",
              SEV_POLICY,
              "POL-04"),
          on(
              SEV_ES_BASE,
              "POL-11",
              SEV_POLICY,
              "<policy>0x33010007</policy>",
              SEV_POLICY,
              "POL-04"),
          swap("POL-12", POLICY, "<policy>0x1860133</policy>", POLICY),
          swap("POL-13", POLICY, "<policy>0x1830133</policy>", POLICY),
          swap("POL-14", POLICY, "<policy>0x1800133</policy>", POLICY),
          swap("POL-14", POLICY, "<policy>0x101820133</policy>", POLICY),
          swap("POL-15", POLICY, "<policy>0x1820000</policy>", POLICY),
          swap("POL-15", POLICY, "<policy>0x0020133</policy>", POLICY),
          on(SEV_ES_BASE, "POL-16", SEV_POLICY, "<policy>0xf</policy>", SEV_POLICY, "POL-04"),
          on(
              SEV_ES_BASE,
              "POL-17",
              "<session>c2Vzc2lvbg==</session>",
              "",
              "<session>c2Vzc2lvbg==</session>",
              "POL-04"),
          swap("POL-23", " kernelHashes=\"yes\"", "", " kernelHashes=\"yes\"", "FW-21"),
          swap("POL-25", "<initrd>/var/lib/remit/initrd.img</initrd>", "", "<initrd>/x</initrd>"),
          swap("POL-26", "<idAuth>YXV0aA==</idAuth>", "", "<idAuth>YXV0aA==</idAuth>"),
          swap("POL-26", " authorKey=\"yes\"", "", " authorKey=\"yes\""),
          swap(
              "POL-27",
              "<hostData>" + HOST_DATA + "</hostData>",
              "",
              "<hostData>" + HOST_DATA + "</hostData>"),
          swap("POL-28", HOST_DATA, "AQIDBAUGBwg=", HOST_DATA),
          swap("POL-28", HOST_DATA, "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcAAAAAAAAAAAA=", HOST_DATA),
          swap("POL-37", REBOOT, "<on_reboot>restart</on_reboot>", REBOOT),
          swap("POL-37", REBOOT, "", REBOOT),
          swap("POL-37", "<on_crash>destroy", "<on_crash>restart", "<on_crash>preserve"),
          swap(
              "POL-38",
              "<vcpu placement=\"static\">2",
              "<vcpu current=\"1\">2",
              "<vcpu current=\"2\">2"),
          swap(
              "POL-38",
              "<currentMemory unit=\"KiB\">1048576",
              "<currentMemory unit=\"MB\">1024",
              "<currentMemory unit=\"MiB\">1024"),
          swap(
              "POL-38",
              "<currentMemory unit=\"KiB\">1048576",
              "<currentMemory unit=\"warp\">1048576",
              "<currentMemory>1048576"),
          swap(
              "POL-39",
              "<cpu mode=\"custom\" match=\"exact\"",
              "<cpu mode=\"host-passthrough\"",
              "<cpu mode=\"custom\""),
          on(PV_BASE, "POL-42", "name=\"unpack\"", "name=\"aen\"", "name=\"unpack\""),
          on(PV_BASE, "POL-42", " iommu=\"on\"", "", " iommu=\"on\"", "DEV-31"),
          swap(
              "PROV-09",
              "<readonly/>",
              "<readonly/><serial>ignition</serial>",
              "<readonly/><serial>3f9a</serial>"),
          sysinfo("PROV-10", "opt/com.coreos/config"),
          sysinfo("PROV-11", "opt/io.systemd.credentials/motd"),
          sysinfo("PROV-12", "opt/org.example/thing"),
          sysinfo("FW-08", "opt/ovmf/X-PciMmio64Mb"),
          sysinfo("FW-09", "etc/edk2/https/cacerts"),
          smbios(
              "PROV-13",
              "<system><entry name=\"serial\">ds=nocloud;s=http://192.168.122.1/</entry></system>"),
          smbios("PROV-14", "<oemStrings><entry>io.systemd.credential:motd=x</entry></oemStrings>"),
          smbios(
              "PROV-15",
              "<oemStrings><entry>io.systemd.stub.kernel-cmdline-extra=quiet</entry></oemStrings>"),
          smbios("PROV-16", "<oemStrings><entry>kbs.example.org</entry></oemStrings>"),
          smbios("PROV-17", "<system><entry name=\"product\">OpenStack Nova</entry></system>"),
          swap("PROV-17", "<uuid>5f0f", "<uuid>ec2f", "<uuid>5f0f"),
          swap("PROV-17", "<smbios mode=\"emulate\"/>", "<smbios mode=\"host\"/>", "", "FW-12"),
          swap("FW-12", "<smbios mode=\"emulate\"/>", "<smbios mode=\"sysinfo\"/>", ""),
          device("PROV-18", CARD, "", "NET-01"),
          device("NET-01", CARD, "", "PROV-18"),
          device("PROV-25", channel("org.linuxcontainers.lxd"), ""),
          swap("PROV-26", "<vmport state=\"off\"/>", "", "<vmport state=\"off\"/>"),
          device(
              "PROV-26",
              "<serial type=\"null\"/><serial type=\"null\"/>",
              "<serial type=\"null\"/>"),
          swap(
              "PROV-28",
              "/var/lib/remit/root.luks",
              "/var/run/kubevirt-private/config-map-disks/c.iso",
              "/var/lib/kubevirt/c.iso"),
          swap("FW-01", "<os>", "<os firmware=\"efi\">", "<os>"),
          swap(
              "FW-01",
              "<loader type=\"rom\" stateless=\"yes\">/var/lib/remit/OVMF.amdsev.fd</loader>",
              "",
              "<loader type=\"rom\">/x</loader>"),
          swap("FW-03", "<smbios", "<nvram>/var/lib/vars.fd</nvram><smbios", "<smbios"),
          swap(
              "FW-03",
              "type=\"rom\" stateless=\"yes\"",
              "type=\"pflash\" readonly=\"yes\"",
              "type=\"rom\""),
          swap("FW-04", "<smbios", "<varstore path=\"/x\"/><smbios", "<smbios"),
          swap(
              "FW-05",
              "<smbios",
              "<firmware><feature enabled=\"yes\" name=\"secure-boot\"/></firmware><smbios",
              "<firmware><feature enabled=\"no\" name=\"secure-boot\"/></firmware><smbios"),
          swap("FW-06", "<apic/>", "<smm state=\"on\"/>", "<smm state=\"off\"/>"),
          swap(
              "FW-06", "type=\"rom\"", "type=\"rom\" secure=\"yes\"", "type=\"rom\" secure=\"no\""),
          swap(
              "FW-10",
              "<smbios",
              "<acpi><table type=\"slic\">/x</table></acpi><smbios",
              "<acpi/><smbios"),
          swap("FW-14", "<smbios", "<boot dev=\"network\"/><smbios", "<boot dev=\"hd\"/><smbios"),
          device(
              "FW-14", CARD.replace("<rom", "<boot order=\"1\"/><rom"), CARD, "NET-01", "PROV-18"),
          swap(
              "FW-15",
              "<smbios",
              "<bootmenu enable=\"yes\"/><smbios",
              "<bootmenu enable=\"no\"/><smbios"),
          device("FW-16", CARD.replace("<rom bar=\"off\"/>", ""), CARD, "NET-01", "PROV-18"),
          device(
              "FW-16", CARD.replace("bar=\"off\"", "file=\"/x.rom\""), CARD, "NET-01", "PROV-18"),
          device(
              "FW-16",
              CARD.replace("<rom bar=\"off\"/>", "<address type=\"pci\"/>"),
              CARD.replace("<rom bar=\"off\"/>", "<address type=\"ccw\"/>"),
              "NET-01",
              "PROV-18"),
          new RuleCase(
              "FW-17",
              BASE.replace(KERNEL, "")
                  .replace("<readonly/>\n    </disk>", "<readonly/></disk>" + disk("vdb")),
              BASE.replace(KERNEL, ""),
              Set.of("FW-24")),
          swap(
              "FW-21",
              " kernelHashes=\"yes\"",
              " kernelHashes=\"no\"",
              " kernelHashes=\"yes\"",
              "POL-23"),
          swap("FW-22", "<smbios", "<dtb>/x</dtb><smbios", "<smbios"),
          swap("FW-22", "<os>", "<bootloader>/usr/bin/pygrub</bootloader><os>", "<os>"),
          swap("FW-24", KERNEL, "", KERNEL),
          device(
              "FW-25",
              "<serial type=\"file\"><source path=\"/x\"/><target type=\"isa-debug\"/></serial>",
              "<serial type=\"null\"/>",
              "DEV-07"),
          disk("DISK-02", "<encryption format=\"luks\"/>", ""),
          disk("DISK-03", "<auth username=\"x\"><secret type=\"ceph\" usage=\"y\"/></auth>", ""),
          swap("DISK-06", "<readonly/>", "", "<readonly/>"),
          disk(
              "DISK-13",
              "<backingStore type=\"file\"><format type=\"raw\"/><source file=\"/x\"/></backingStore>",
              "<backingStore/>"),
          swap("DISK-14", "discard=\"ignore\"", "discard=\"unmap\"", "discard=\"ignore\""),
          disk("DISK-15", "<transient/>", ""),
          disk("DISK-16", "<shareable/>", ""),
          source(
              "DISK-17",
              "<source protocol=\"nbd\" name=\"x\"/>",
              "<source protocol=\"nbd\" tls=\"yes\"/>"),
          source(
              "DISK-17",
              """
              <source protocol="gluster"><host transport="unix"/><host name="a"/></source>\
              """,
              """
              <source protocol="gluster"><host transport="unix"/></source>\
              """),
          source(
              "DISK-17",
              "<source protocol=\"sheepdog\" name=\"x\"/>",
              "<source protocol=\"ssh\" name=\"x\"/>"),
          device(
              "DISK-18", "<memory model=\"nvdimm\"><source><path>/x</path></source></memory>", ""),
          source(
              "DISK-23",
              "<source protocol=\"http\" name=\"x\"/>",
              "<source protocol=\"https\"/>",
              "DISK-17"),
          swap("DISK-24", "<disk type=\"file\"", "<disk type=\"block\"", "<disk type=\"volume\""),
          device("DEV-01", "<filesystem type=\"mount\"><source dir=\"/x\"/></filesystem>", ""),
          device("DEV-02", "<shmem name=\"x\"/>", ""),
          swap("DEV-03", "type=\"anonymous\"", "type=\"file\"", "type=\"memfd\""),
          swap(
              "DEV-03",
              "<locked/>",
              "<locked/><access mode=\"shared\"/>",
              "<locked/><access mode=\"private\"/>"),
          swap("DEV-04", "<nosharepages/>", "", "<nosharepages/>"),
          device("DEV-05", channel("org.qemu.guest_agent.0"), ""),
          device(
              "DEV-06",
              "<channel type=\"spicevmc\"><target type=\"virtio\" name=\"com.redhat.spice.0\"/></channel>",
              ""),
          device("DEV-07", "<serial type=\"pty\"/>", "<serial type=\"null\"/>"),
          device(
              "DEV-07",
              "<console type=\"file\"><source path=\"/x\"/></console>",
              "<console type=\"null\"/>"),
          device("DEV-08", "<graphics type=\"vnc\"/>", ""),
          swap(
              "DEV-09",
              "<video><model type=\"none\"/></video>",
              "<video><model type=\"vga\"/></video>",
              ""),
          device("DEV-10", "<input type=\"tablet\" bus=\"usb\"/>", ""),
          swap("DEV-10", "<ps2 state=\"off\"/>", "", "<ps2 state=\"off\"/>"),
          swap(
              "DEV-11",
              "type=\"usb\" model=\"none\"",
              "type=\"usb\"",
              "type=\"usb\" model=\"none\""),
          swap(
              "DEV-11",
              "<controller type=\"usb\" model=\"none\"/>",
              "",
              "<controller type=\"usb\" model=\"none\"/>"),
          swap(
              "DEV-11",
              "type=\"none\"/>\n    <video",
              "type=\"alsa\"/>\n    <video",
              "type=\"none\"/>\n    <video"),
          device("DEV-12", "<hostdev mode=\"subsystem\" type=\"pci\"/>", ""),
          device("DEV-14", "<hostdev mode=\"subsystem\" type=\"mdev\" model=\"vfio-ap\"/>", ""),
          device(
              "DEV-15",
              "<crypto model=\"virtio\" type=\"qemu\"><driver iommu=\"on\"/></crypto>",
              ""),
          device("DEV-16", "<tpm model=\"tpm-crb\"/>", ""),
          on(PV_BASE, "DEV-17", "state=\"off\"", "state=\"on\"", "state=\"off\""),
          on(
              PV_BASE,
              "DEV-17",
              "<cipher name=\"dea\" state=\"off\"/>",
              "",
              "<cipher name=\"dea\" state=\"off\"/>"),
          on(
              PV_BASE,
              "DEV-17",
              "<cipher name=\"dea\" state=\"off\"/>",
              "<cipher name=\"dea\" state=\"off\"/><cipher name=\"dea\" state=\"on\"/>",
              "<cipher name=\"dea\" state=\"off\"/>"),
          device("DEV-18", "<vsock model=\"virtio\"><driver iommu=\"on\"/></vsock>", ""),
          swap(
              "DEV-19",
              "<memballoon model=\"none\"/>",
              "",
              "<memballoon model=\"none\"/>",
              "POL-42"),
          swap(
              "DEV-19",
              "<memballoon model=\"none\"/>",
              "<memballoon model=\"virtio\"><driver iommu=\"on\"/></memballoon>",
              "<memballoon model=\"none\"/>",
              "POL-42"),
          device("DEV-20", "<memory model=\"virtio-mem\"/>", ""),
          swap(
              "DEV-20",
              "<memoryBacking>",
              "<maxMemory slots=\"2\">2</maxMemory><memoryBacking>",
              "<memoryBacking>",
              "POL-38"),
          device("DEV-21", "<rng model=\"virtio\"><driver iommu=\"on\"/></rng>", ""),
          swap("DEV-22", "<title>", "<genid/><title>", "<title>"),
          swap("DEV-23", "offset=\"utc\"", "offset=\"localtime\"", "offset=\"utc\""),
          swap(
              "DEV-23",
              "<timer name=\"hpet\" present=\"no\"/>",
              "",
              "<timer name=\"hpet\" present=\"no\"/>"),
          swap("DEV-24", "<apic/>", "<hyperv mode=\"custom\"/>", "<apic/>"),
          new RuleCase(
              "DEV-23",
              BASE.replace(KVMCLOCK, ""),
              BASE.replace(KVMCLOCK, "").replace("type=\"kvm\"", "type=\"qemu\""),
              Set.of()),
          swap(
              "DEV-24",
              "<apic/>",
              "<hyperv><vapic state=\"on\"/><relaxed state=\"off\"/></hyperv>",
              "<hyperv><vapic state=\"off\"/><relaxed state=\"off\"/></hyperv>"),
          swap(
              "DEV-24",
              "<apic/>",
              "<hyperv mode=\"passthrough\"><vapic state=\"off\"/></hyperv>",
              "<hyperv mode=\"custom\"><vapic state=\"off\"/></hyperv>"),
          swap("DEV-25", "<apic/>", "<vmcoreinfo/>", "<vmcoreinfo state=\"off\"/>"),
          device("DEV-26", "<panic model=\"pvpanic\"/>", ""),
          device("DEV-26", "<panic model=\"isa\"/>", "<panic model=\"s390\"/>"),
          device("DEV-27", "<pstore backend=\"acpi-erst\"><path>/x</path></pstore>", ""),
          swap("DEV-28", "action=\"none\"", "action=\"reset\"", "action=\"none\""),
          device(
              "DEV-29",
              "<disk type=\"file\" device=\"cdrom\"><target dev=\"sda\" bus=\"sata\"/></disk>",
              ""),
          device("DEV-29", "<parallel type=\"null\"/>", ""),
          swap(
              "DEV-30",
              "<target hotplug=\"off\"/>",
              "<target chassis=\"1\"/>",
              "<target hotplug=\"off\"/>"),
          new RuleCase(
              "DEV-30",
              BASE.replace("</devices>", PCI_ROOT),
              BASE.replace("</devices>", PCI_ROOT).replace("<acpi/>", ""),
              Set.of()),
          device(
              "DEV-30",
              "<controller type=\"pci\" model=\"pcie-to-pci-bridge\"/>",
              "<controller type=\"pci\" model=\"dmi-to-pci-bridge\"/>"),
          device(
              "DEV-30",
              "<controller type=\"pci\" model=\"pci-expander-bus\"/>",
              "<controller type=\"pci\" model=\"pcie-expander-bus\"/>"),
          swap("DEV-31", " iommu=\"on\"", "", " iommu=\"on\"", "POL-42"),
          device("DEV-33", "<iommu model=\"intel\"/>", ""),
          on(
              TDX_BASE,
              "DEV-34",
              TDX_POLICY,
              TDX_POLICY + "<quoteGenerationService path=\"/x\"/>",
              TDX_POLICY),
          swap("DEV-35", "/usr/bin/qemu", "/opt/qemu", "/usr/bin/qemu"),
          device("DEV-36", CARD.replace("\"virtio\"", "\"e1000\""), CARD, "NET-01", "PROV-18"),
          device(
              "DEV-36",
              CARD.replace("type=\"network\"", "type=\"direct\""),
              CARD,
              "NET-01",
              "PROV-18"),
          device(
              "DEV-36",
              CARD.replace("<model", "<actual type=\"direct\"/><model"),
              CARD.replace("<model", "<actual type=\"network\"/><model"),
              "NET-01",
              "PROV-18"),
          device("DEV-37", "<nvram/>", ""),
          swap(
              "DEV-38",
              "policy=\"disable\" name=\"svm\"",
              "policy=\"require\" name=\"svm\"",
              "policy=\"forbid\" name=\"vmx\""),
          swap(
              "DEV-38",
              "<feature policy=\"disable\" name=\"svm\"/>",
              "",
              "<feature policy=\"disable\" name=\"svm\"/>"),
          swap("DEV-39", "<apic/>", "<pmu state=\"on\"/>", "<pmu state=\"off\"/>"),
          swap("HOST-01", " dumpCore=\"off\"", "", " dumpCore=\"off\""),
          swap("HOST-02", "<on_crash>destroy", "<on_crash>coredump-destroy", "<on_crash>destroy"),
          raw("HOST-05", "-msg"),
          raw("HOST-06", "-gdb", "HOST-05"),
          swap("HOST-07", "<title>a database", "<title>password=hunter2", "<title>password"),
          swap("HOST-07", ">nothing<", ">#cloud-config<", ">cloud-config<"),
          swap(
              "HOST-11",
              "<title>",
              "<seclabel type=\"none\"/><title>",
              "<seclabel type=\"dynamic\"/><title>"),
          swap("HOST-12", "<locked/>", "", "<locked/>"),
          new RuleCase(
              "HOST-13",
              BASE.replace(PINNED, ""),
              BASE.replace(PINNED, "").replace("placement=\"static\"", "cpuset=\"2-3\""),
              Set.of()),
          swap(
              "HOST-13",
              "<cputune><vcpupin vcpu=\"0\" cpuset=\"2\"/></cputune>",
              "",
              "<cputune><vcpupin/></cputune>"),
          device(
              "NET-03",
              CARD.replace("type=\"network\"", "type=\"user\""),
              CARD,
              "NET-01",
              "PROV-18"),
          swap("ORCH-11", "<apic/>", "<warp state=\"on\"/>", "<apic/>"),
          device(
              "ORCH-11",
              CARD.replace("<model", "<teaming warp=\"on\"/><model"),
              CARD.replace("<model", "<teaming type=\"persistent\"/><model"),
              "NET-01",
              "PROV-18"),
          swap("ORCH-11", "<apic/>", "<apic warp=\"9\"/>", "<apic/>"));

  private DomainCases() {}

  private static RuleCase swap(
      String id, String old, String trips, String passes, String... others) {
    return on(BASE, id, old, trips, passes, others);
  }

  private static RuleCase on(
      String base, String id, String old, String trips, String passes, String... others) {
    if (!base.contains(old)) {
      throw new IllegalArgumentException("the base document lacks " + old);
    }
    return new RuleCase(
        id,
        base.replace(old, trips),
        base.replace(old, passes),
        Arrays.stream(others).collect(Collectors.toSet()));
  }

  private static RuleCase device(String id, String trips, String passes, String... others) {
    return swap(id, "</devices>", trips + "</devices>", passes + "</devices>", others);
  }

  private static RuleCase disk(String id, String trips, String passes) {
    return swap(id, "<readonly/>", trips + "<readonly/>", passes + "<readonly/>");
  }

  private static String disk(String name) {
    return """
    <disk type="file" device="disk"><driver iommu="on"/><source file="/x"/>\
    <target dev="%s" bus="virtio"/><readonly/></disk>\
    """
        .formatted(name);
  }

  private static RuleCase source(String id, String trips, String passes, String... others) {
    return swap(id, "<source file=\"/var/lib/remit/root.luks\"/>", trips, passes, others);
  }

  private static String channel(String name) {
    return "<channel type=\"unix\"><target type=\"virtio\" name=\"" + name + "\"/></channel>";
  }

  private static RuleCase sysinfo(String id, String name) {
    return swap(
        id,
        "<os>",
        "<sysinfo type=\"fwcfg\"><entry name=\"" + name + "\">x</entry></sysinfo><os>",
        "<sysinfo type=\"fwcfg\"/><os>");
  }

  private static RuleCase smbios(String id, String table) {
    return swap(
        id,
        "<os>",
        "<sysinfo type=\"smbios\">" + table + "</sysinfo><os>",
        "<sysinfo type=\"smbios\"/><os>",
        "FW-12");
  }

  private static RuleCase raw(String id, String argument, String... others) {
    return swap(
        id,
        "</domain>",
        "<qemu:commandline><qemu:arg value=\"" + argument + "\"/></qemu:commandline></domain>",
        "</domain>",
        others);
  }
}
