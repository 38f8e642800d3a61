package dev.remit.exposure;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One change of a safe command line of QEMU for each entry that shows there. */
final class CommandLineCases {
  private static final String SNP =
      """
      -machine pc-q35-9.2,usb=off,vmport=off,i8042=off,hpet=off,dump-guest-core=off,mem-merge=off,\
      confidential-guest-support=lsec0 \\
      -object {"qom-type":"sev-snp-guest","id":"lsec0","cbitpos":51,"reduced-phys-bits":1,\
      "policy":25297203,"id-block":"YmxvY2s=","id-auth":"YXV0aA==","author-key-enabled":true,\
      "host-data":"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=","kernel-hashes":true} \\
      """
          .replace("{", "'{")
          .replace("}", "}'");

  private static final String MACHINE = SNP.substring(0, SNP.indexOf("-object"));

  /** SEV-SNP; trips nothing. */
  static final String BASE =
      """
      LC_ALL=C \\
      PATH=/usr/bin \\
      /usr/bin/qemu-system-x86_64 \\
      -name guest=db-1,debug-threads=on \\
      -S \\
      """
          + SNP
          + """
          -accel kvm \\
          -cpu EPYC-Milan,svm=off,kvmclock=off \\
          -m size=1048576k \\
          -overcommit mem-lock=on \\
          -smp 2,sockets=2,cores=1,threads=1 \\
          -uuid 5f0f3b8e-6a53-4d26-9a0e-3c1d8f0b7a11 \\
          -display none \\
          -no-user-config \\
          -nodefaults \\
          -chardev socket,id=charmonitor,fd=22,server=on,wait=off \\
          -mon chardev=charmonitor,id=monitor,mode=control \\
          -rtc base=utc \\
          -no-reboot \\
          -boot strict=on \\
          -bios /var/lib/remit/OVMF.amdsev.fd \\
          -kernel /var/lib/remit/vmlinuz \\
          -initrd /var/lib/remit/initrd.img \\
          -append 'root=/dev/mapper/root rd.shell=0 panic=-1' \\
          -device '{"driver":"pcie-root-port","port":8,"id":"pci.1","hotplug":false}' \\
          -blockdev '{"driver":"file","filename":"/var/lib/remit/root.luks","node-name":"s1","discard":"unmap"}' \\
          -blockdev '{"node-name":"f1","read-only":true,"driver":"raw","file":"s1"}' \\
          -device '{"driver":"virtio-blk-pci","iommu_platform":true,"drive":"f1","id":"disk0"}' \\
          -audiodev '{"id":"audio1","driver":"none"}' \\
          -msg timestamp=on
          """;

  private static final String WITHOUT_MESSAGES = BASE.replace("-msg timestamp=on\n", "");

  private static final String WITHOUT_KERNEL =
      BASE.replace("-kernel /var/lib/remit/vmlinuz \\\n", "")
          .replace("-msg timestamp=on\n", "-msg timestamp=on ");

  private static final String SECOND_DISK = "-drive file=/a,format=raw,readonly=on,if=none,id=b ";

  private static final String SEV =
      MACHINE
          + "-object sev-guest,id=lsec0,policy=0x3301000f,dh-cert-file=/a,session-file=/b,kernel-hashes=on \\\n";

  private static final String TDX =
      MACHINE
          + "-object tdx-guest,id=lsec0,attributes=0x10000000,"
          + "mrconfigid=AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8w \\\n";

  /** SEV-ES; trips POL-04 alone. */
  static final String SEV_ES_BASE = BASE.replace(SNP, SEV);

  /** Trips nothing. */
  static final String TDX_BASE = BASE.replace(SNP, TDX);

  /** Trips nothing; one argument in each line. */
  static final String PV_BASE =
      """
      /usr/bin/qemu-system-s390x
      -machine
      s390-ccw-virtio-9.2,aes-key-wrap=off,dea-key-wrap=off,dump-guest-core=off,mem-merge=off,confidential-guest-support=pv0
      -object
      s390-pv-guest,id=pv0
      -cpu
      z15,unpack=on
      -overcommit
      mem-lock=on
      -nodefaults
      -no-reboot
      -kernel
      /var/lib/remit/se.img
      -drive
      file=/var/lib/remit/root.luks,format=raw,if=none,id=d1,readonly=on
      -device
      virtio-blk-ccw,drive=d1,iommu_platform=on
      """;

  private static final String POLICY = "\"policy\":25297203";
  private static final String SEV_POLICY = "policy=0x3301000f";
  private static final String TDX_ATTRIBUTES = "attributes=0x10000000";
  private static final String HOST_DATA = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  private static final String CARD =
      "-netdev tap,id=n1,fd=3 -device virtio-net-pci,netdev=n1,iommu_platform=on,romfile=";
  private static final String STORAGE =
      "\"driver\":\"file\",\"filename\":\"/var/lib/remit/root.luks\"";
  private static final String DISK = "\"node-name\":\"f1\",\"read-only\":true";

  static final List<RuleCase> ALL =
      List.of(
          swap(
              "POL-01",
              ",confidential-guest-support=lsec0",
              "",
              ",confidential-guest-support=lsec0"),
          swap("POL-01", "\"id\":\"lsec0\"", "\"id\":\"lsec1\"", "\"id\":\"lsec0\""),
          on(SEV_ES_BASE, "POL-03", SEV_POLICY, "policy=0x3301000b", SEV_POLICY, "POL-04"),
          new RuleCase("POL-04", SEV_ES_BASE, BASE, Set.of()),
          on(SEV_ES_BASE, "POL-05", SEV_POLICY, "policy=0x3301000e", SEV_POLICY, "POL-04"),
          swap("POL-06", POLICY, "\"policy\":25821491", POLICY),
          on(TDX_BASE, "POL-07", TDX_ATTRIBUTES, "attributes=0x10000001", TDX_ATTRIBUTES),
          on(TDX_BASE, "POL-08", TDX_ATTRIBUTES, "attributes=0x30000000", TDX_ATTRIBUTES),
          on(TDX_BASE, "POL-09", TDX_ATTRIBUTES, "sept-ve-disable=off", "sept-ve-disable=on"),
          on(SEV_ES_BASE, "POL-10", SEV_POLICY, "policy=0x3301000d", SEV_POLICY, "POL-04"),
          on(SEV_ES_BASE, "POL-11", SEV_POLICY, "policy=0x33010007", SEV_POLICY, "POL-04"),
          swap("POL-12", POLICY, "\"policy\":25559347", POLICY),
          swap("POL-13", POLICY, "\"policy\":25362739", POLICY),
          swap("POL-14", POLICY, "\"policy\":25166131", POLICY),
          swap("POL-15", POLICY, "\"policy\":131379", POLICY),
          on(SEV_ES_BASE, "POL-16", SEV_POLICY, "policy=0xf", SEV_POLICY, "POL-04"),
          on(SEV_ES_BASE, "POL-17", ",session-file=/b", "", ",session-file=/b", "POL-04"),
          swap(
              "POL-23",
              "\"kernel-hashes\":true",
              "\"kernel-hashes\":false",
              "\"kernel-hashes\":true",
              "FW-21"),
          swap("POL-25", "-initrd /var/lib/remit/initrd.img", "", "-initrd /x"),
          swap(
              "POL-26", "\"id-auth\":\"YXV0aA==\"", "\"id-auth\":\"\"", "\"id-auth\":\"YXV0aA==\""),
          swap(
              "POL-26",
              "\"author-key-enabled\":true",
              "\"author-key-enabled\":false",
              "\"author-key-enabled\":true"),
          swap("POL-27", HOST_DATA, "", HOST_DATA),
          swap("POL-28", HOST_DATA, "AQIDBAUGBwg=", HOST_DATA),
          swap("POL-37", "-no-reboot", "", "-action reboot=shutdown"),
          swap("POL-38", "-smp 2,", "-smp 1,maxcpus=2,", "-smp 2,maxcpus=2,"),
          swap("POL-39", "-cpu EPYC-Milan", "-cpu host", "-cpu EPYC-Milan"),
          on(PV_BASE, "POL-42", ",iommu_platform=on", "", ",iommu_platform=on", "DEV-31"),
          on(PV_BASE, "POL-42", "unpack=on", "unpack=off", "unpack=on"),
          swap("PROV-09", "\"id\":\"disk0\"", "\"serial\":\"ignition\"", "\"serial\":\"3f9a\""),
          add("PROV-10", "-fw_cfg name=opt/com.coreos/config,file=/x", ""),
          add("PROV-11", "-fw_cfg name=opt/io.systemd.credentials/motd,string=x", ""),
          add("PROV-12", "-fw_cfg opt/org.example/thing,string=x", ""),
          add("FW-08", "-fw_cfg opt/org.tianocore/EFIShellSupport,string=yes", ""),
          add("FW-09", "-fw_cfg name=etc/edk2/https/cacerts,file=/x", ""),
          add("PROV-13", "-smbios 'type=1,serial=ds=nocloud;s=http://192.168.122.1/'", "", "FW-12"),
          add(
              "PROV-14",
              "-smbios type=11,value=x,value=io.systemd.credential:motd=x",
              "",
              "FW-12",
              "PROV-16"),
          add(
              "PROV-15",
              "-smbios type=11,value=io.systemd.stub.kernel-cmdline-extra=quiet",
              "",
              "FW-12"),
          add("PROV-16", "-smbios type=11,value=kbs.example.org", "", "FW-12"),
          add("PROV-17", "-smbios type=1,manufacturer=Hetzner", "", "FW-12"),
          swap("PROV-17", "-uuid 5f0f", "-uuid ec2f", "-uuid 5f0f"),
          add("FW-12", "-smbios type=1,product=x", ""),
          add("PROV-18", CARD, "", "NET-01"),
          add("NET-01", CARD, "", "PROV-18"),
          add("PROV-25", "-device virtserialport,chardev=x,name=org.linuxcontainers.incus", ""),
          swap("PROV-26", "vmport=off", "vmport=on", "vmport=off"),
          add("PROV-26", "-serial null -serial null", "-serial null"),
          swap("PROV-28", "/var/lib/remit/root", "/var/run/kubevirt-private/secret-disks/x", "/x"),
          add(
              "FW-03",
              "-drive if=pflash,format=raw,unit=1,file=/x",
              "-drive if=pflash,format=raw,unit=0,readonly=on,file=/x"),
          swap("FW-03", "usb=off", "usb=off,pflash1=vars", "usb=off,pflash0=code"),
          add("FW-04", "-device uefi-vars-x64", ""),
          add(
              "FW-05",
              "-global driver=cfi.pflash01,property=secure,value=on",
              "-global driver=cfi.pflash01,property=secure,value=off"),
          swap("FW-05", "OVMF.amdsev.fd", "OVMF_CODE.secboot.fd", "OVMF.amdsev.fd"),
          swap("FW-06", "usb=off", "usb=off,smm=on", "usb=off,smm=off"),
          add("FW-10", "-acpitable file=/x", ""),
          swap("FW-14", "-boot strict=on", "-boot n", "-boot c"),
          add("FW-14", CARD.replace("romfile=", "romfile=,bootindex=1"), CARD, "NET-01", "PROV-18"),
          swap("FW-15", "-boot strict=on", "-boot menu=on", "-boot menu=off"),
          add("FW-16", CARD.replace(",romfile=", ""), CARD, "NET-01", "PROV-18"),
          add(
              "FW-16",
              "-device virtio-net-pci,iommu_platform=on",
              "-device virtio-net-device,iommu_platform=on",
              "NET-01",
              "PROV-18"),
          add("FW-16", "-option-rom /x", ""),
          new RuleCase(
              "FW-17",
              WITHOUT_KERNEL + SECOND_DISK + "-device ide-cd,drive=c",
              WITHOUT_KERNEL + SECOND_DISK + "-device ide-cd,drive=b",
              Set.of("FW-24", "DEV-29")),
          new RuleCase(
              "FW-17",
              WITHOUT_KERNEL + SECOND_DISK,
              WITHOUT_KERNEL.replace("\"id\":\"disk0\"", "\"bootindex\":1") + SECOND_DISK,
              Set.of("FW-24")),
          new RuleCase("FW-17", WITHOUT_KERNEL + SECOND_DISK, WITHOUT_KERNEL, Set.of("FW-24")),
          swap(
              "FW-21",
              "\"kernel-hashes\":true",
              "\"kernel-hashes\":false",
              "\"kernel-hashes\":true",
              "POL-23"),
          add("FW-22", "-dtb /x", ""),
          add("FW-22", "-device loader,file=/x,addr=0x1000", ""),
          swap("FW-23", "usb=off", "usb=off,igvm-cfg=i0", "usb=off"),
          add("FW-23", "-object igvm-cfg,id=i0,file=/x", ""),
          swap("FW-24", "-kernel /var/lib/remit/vmlinuz \\\n", "", "-kernel /x \\\n"),
          add("FW-25", "-debugcon null", ""),
          add("FW-25", "-device isa-debugcon,iobase=0x402", ""),
          swap(
              "DISK-02",
              "\"driver\":\"raw\",\"file\"",
              "\"driver\":\"luks\",\"key-secret\":\"k\",\"file\"",
              "\"driver\":\"raw\",\"file\""),
          storage("DISK-03", "\"driver\":\"rbd\",\"password-secret\":\"k\"", "DISK-17"),
          new RuleCase(
              "DISK-06",
              WITHOUT_MESSAGES + "-blockdev driver=file,filename=/v,node-name=v",
              WITHOUT_MESSAGES.replace("support=lsec0", "support=lsec0,pflash0=v")
                  + "-blockdev driver=file,filename=/v,node-name=v",
              Set.of()),
          swap("DISK-06", DISK, "\"node-name\":\"f1\"", DISK),
          swap(
              "DISK-13",
              "\"driver\":\"raw\",\"file\"",
              "\"driver\":\"qcow2\",\"backing\":\"b\",\"file\"",
              "\"driver\":\"qcow2\",\"backing\":null,\"file\""),
          swap("DISK-14", DISK, DISK + ",\"discard\":\"unmap\"", DISK + ",\"discard\":\"ignore\""),
          add("DISK-15", "-snapshot", ""),
          swap("DISK-16", "\"id\":\"disk0\"", "\"share-rw\":true", "\"share-rw\":false"),
          storage("DISK-17", "\"driver\":\"nbd\",\"server\":{\"type\":\"inet\"}"),
          swap(
              "DISK-17",
              STORAGE,
              "\"driver\":\"gluster\",\"server\":[{\"type\":\"unix\"},{\"type\":\"inet\"}]",
              "\"driver\":\"gluster\",\"server\":[{\"type\":\"unix\"}]"),
          swap(
              "DISK-17",
              STORAGE,
              "\"driver\":\"nbd\",\"server\":{}",
              "\"driver\":\"nbd\",\"server\":{\"type\":\"unix\"}"),
          add("DISK-18", "-device nvdimm,memdev=m", ""),
          storage("DISK-23", "\"driver\":\"http\",\"url\":\"http://example.org/\"", "DISK-17"),
          swap(
              "DISK-24",
              STORAGE,
              "\"driver\":\"file\",\"filename\":\"/dev/x\"",
              "\"driver\":\"file\",\"filename\":\"/dev/fdset/3\""),
          storage("DISK-24", "\"driver\":\"host_device\",\"filename\":\"/dev/x\""),
          add("DEV-01", "-virtfs local,path=/x,mount_tag=t,security_model=none", ""),
          add("DEV-01", "-device virtio-9p-pci,fsdev=f,mount_tag=t,iommu_platform=on", ""),
          add("DEV-02", "-device ivshmem-plain,memdev=m", ""),
          add(
              "DEV-03",
              "-object memory-backend-file,id=m,mem-path=/x,size=1",
              "-object memory-backend-memfd,id=m,size=1"),
          add("DEV-03", "-mem-path /x", ""),
          swap("DEV-04", ",mem-merge=off", "", ",mem-merge=off"),
          add("DEV-05", "-device virtserialport,chardev=x,name=org.qemu.guest_agent.0", ""),
          add("DEV-06", "-device virtserialport,chardev=x,name=com.redhat.spice.0", ""),
          add("DEV-07", "-serial stdio", "-serial none"),
          add(
              "DEV-07",
              "-chardev file,id=charserial0,path=/x -device isa-serial,chardev=charserial0",
              "-chardev null,id=charserial0 -device isa-serial,chardev=charserial0"),
          swap("DEV-08", "-display none", "-vnc :0", "-display none"),
          add("DEV-09", "-device VGA", ""),
          add("DEV-09", "-vga std", "-vga none"),
          swap("DEV-10", "i8042=off", "i8042=on", "i8042=off"),
          add("DEV-10", "-device virtio-keyboard-pci,iommu_platform=on", ""),
          add("DEV-11", "-device qemu-xhci", ""),
          swap(
              "DEV-11",
              "\"id\":\"audio1\",\"driver\":\"none\"",
              "\"id\":\"audio1\",\"driver\":\"alsa\"",
              "\"driver\":\"none\""),
          add("DEV-12", "-device vfio-pci,host=01:00.0", ""),
          on(
              PV_BASE,
              "DEV-14",
              "-nodefaults",
              "-nodefaults\n-device\nvfio-ap,sysfsdev=/x",
              "-nodefaults"),
          add("DEV-15", "-device virtio-crypto-pci,cryptodev=c,iommu_platform=on", ""),
          add("DEV-16", "-tpmdev emulator,id=t,chardev=x", ""),
          on(PV_BASE, "DEV-17", "aes-key-wrap=off", "aes-key-wrap=on", "aes-key-wrap=off"),
          on(
              PV_BASE,
              "DEV-17",
              "s390-ccw-virtio-9.2,aes-key-wrap=off",
              "s390-ccw-virtio-9.2",
              "pseries"),
          add("DEV-18", "-device vhost-vsock-pci,guest-cid=3,iommu_platform=on", ""),
          add("DEV-19", "-device virtio-balloon-pci,iommu_platform=on", "", "POL-42"),
          add("DEV-20", "-device pc-dimm,memdev=m", ""),
          swap(
              "DEV-20", "-m size=1048576k", "-m size=1G,slots=2,maxmem=2G", "-m size=1G", "POL-38"),
          add("DEV-20", "-object memory-backend-epc,id=m,size=1", ""),
          add("DEV-21", "-device virtio-rng-pci,iommu_platform=on", ""),
          add("DEV-22", "-device vmgenid", ""),
          swap("DEV-23", "-rtc base=utc", "-rtc base=localtime", "-rtc base=utc"),
          swap("DEV-23", ",kvmclock=off", "", ",kvmclock=off"),
          new RuleCase(
              "DEV-23",
              BASE.replace(",kvmclock=off", ""),
              BASE.replace(",kvmclock=off", "").replace("-accel kvm", "-accel tcg"),
              Set.of()),
          new RuleCase(
              "DEV-23",
              BASE.replace(",kvmclock=off", "") + " -accel tcg",
              BASE + " -accel tcg",
              Set.of()),
          swap("DEV-24", "svm=off", "svm=off,hv-time=on", "svm=off"),
          add("DEV-25", "-device vmcoreinfo", ""),
          add("DEV-26", "-device pvpanic-pci", ""),
          add("DEV-27", "-device acpi-erst,memdev=m", ""),
          add("DEV-28", "-device i6300esb", ""),
          add("DEV-28", "-watchdog-action reset", "-watchdog-action none"),
          add("DEV-29", "-cdrom /x", ""),
          add("DEV-29", "-device usb-storage,drive=f1", ""),
          swap("DEV-30", ",\"hotplug\":false", "", ",\"hotplug\":false"),
          swap("DEV-31", "\"iommu_platform\":true,", "", "\"iommu_platform\":true,", "POL-42"),
          add("DEV-33", "-device intel-iommu", ""),
          on(
              TDX_BASE,
              "DEV-34",
              TDX_ATTRIBUTES,
              TDX_ATTRIBUTES + ",quote-generation-socket.type=unix",
              TDX_ATTRIBUTES),
          swap("DEV-35", "/usr/bin/qemu", "/opt/qemu", "/usr/bin/qemu"),
          add("DEV-36", CARD.replace("virtio-net-pci", "e1000"), CARD, "NET-01", "PROV-18"),
          add("DEV-36", CARD.replace("-netdev tap", "-netdev socket"), CARD, "NET-01", "PROV-18"),
          add("DEV-37", "-prom-env x=y", ""),
          swap("DEV-38", "svm=off", "svm=on", "vmx=off"),
          swap("DEV-39", "svm=off", "svm=off,pmu=on", "svm=off,pmu=off"),
          swap("HOST-01", "dump-guest-core=off", "dump-guest-core=on", "dump-guest-core=off"),
          add("HOST-03", "-loadvm x", ""),
          add("HOST-04", "-incoming defer", ""),
          add("HOST-06", "-gdb tcp::1234", ""),
          add("HOST-06", "-monitor stdio", "-monitor none"),
          swap("HOST-06", "mode=control", "mode=readline", "mode=control"),
          add("HOST-07", "-object secret,id=s,data=letmein", "-object secret,id=s,file=/x"),
          swap("HOST-07", "guest=db-1", "guest=db-1,password=hunter2", "guest=db-1"),
          swap("HOST-12", "-overcommit mem-lock=on", "", "-overcommit mem-lock=on"),
          add("NET-03", CARD.replace("tap", "user"), CARD, "NET-01", "PROV-18"),
          add("NET-10", CARD.replace("tap", "user,tftp=/x"), CARD, "NET-01", "PROV-18", "NET-03"),
          add("POL-01", "-machine confidential-guest-support=", "-machine usb=off"),
          add("POL-01", "-M confidential_guest_support=", "-M usb=off"),
          add("POL-01", "-machine memory-encryption=x", "-machine memory-encryption=lsec0"),
          add("HOST-01", "-machine dump-guest-core=on", "-machine dump-guest-core=off"),
          add(
              "HOST-12",
              "-overcommit mem-lock=off",
              "-overcommit mem-lock=off -overcommit mem-lock=on"),
          add("POL-37", "-action reboot=reset", "-action reboot=reset -no-reboot"),
          add("POL-38", "-smp maxcpus=4", "-smp maxcpus=2"),
          add("POL-38", "-machine smp.maxcpus=4", "-machine smp.maxcpus=2"),
          add("POL-38", "-machine memory.max-size=8G", "-machine memory.size=1G", "DEV-20"),
          on(
              PV_BASE,
              "DEV-10",
              "-no-reboot\n",
              "-no-reboot\n-cpu\nz15,svm=off,kvmclock=off\n-machine\npc,vmport=off,hpet=off\n",
              "-no-reboot\n-machine\naes-key-wrap=off\n",
              "DEV-38",
              "DEV-23"),
          add("ORCH-11", "-warp 9", "-full-screen"),
          add("ORCH-11", "-device warp", ""));

  private CommandLineCases() {}

  private static RuleCase swap(
      String id, String old, String trips, String passes, String... others) {
    return on(BASE, id, old, trips, passes, others);
  }

  private static RuleCase on(
      String base, String id, String old, String trips, String passes, String... others) {
    if (!base.contains(old)) {
      throw new IllegalArgumentException("the base line lacks " + old);
    }
    return new RuleCase(
        id,
        base.replace(old, trips),
        base.replace(old, passes),
        Arrays.stream(others).collect(Collectors.toSet()));
  }

  private static RuleCase add(String id, String trips, String passes, String... others) {
    return swap(id, "-msg timestamp=on", trips, passes, others);
  }

  private static RuleCase storage(String id, String driver, String... others) {
    return swap(id, STORAGE, driver, STORAGE, others);
  }
}
