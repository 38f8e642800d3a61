package dev.remit.exposure;

import java.util.List;
import java.util.Set;

/** One word too many for each entry that shows on a kernel's command line. */
final class KernelCommandLineCases {
  /** Trips nothing. */
  static final String BASE =
      "console=ttyS0 root=/dev/mapper/root ro rd.shell=0 rd.emergency=halt panic=-1";

  static final List<RuleCase> ALL =
      List.of(
          word("PROV-19", "ds=nocloud;s=http://192.168.122.1/", "dst=nocloud"),
          word("PROV-19", "cloud-config-url=http://192.168.122.1/", "config-url=x"),
          word("PROV-19", "cc: password end_cc", "cc"),
          word("PROV-20", "ignition.config.url=http://192.168.122.1/", "ignitionless"),
          word("PROV-20", "ignition.platform.id=qemu", "platform.id=qemu"),
          word("PROV-21", "inst.ks=http://192.168.122.1/ks.cfg", "instks=1"),
          word("PROV-21", "autoinstall", "noautoinstall"),
          word("PROV-21", "rescue", "rescued"),
          word(
              "PROV-22",
              "systemd.set_credential=passwd.hashed-password.root:x",
              "systemd.machine_id=0"),
          word("PROV-22", "systemd.set-credential=motd:hello", "systemd.hostname=web"),
          word("PROV-22", "systemd.import_credentials=yes", "systemd.import_credentials=no"),
          word("PROV-23", "app.password=hunter2", "app.password="),
          word("PROV-23", "token=abcdefgh", "tokens"),
          word("PROV-23", "repo=https://me:hunter2@example.org/", "repo=https://example.org/me:x"),
          word(
              "PROV-23",
              "x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
              "x=eyJhbGciOiJIUzI1NiJ9"),
          word(
              "PROV-23",
              "blob=q8Jx2LmN4vPz7RtY1wKc5BhD9fGs3XaE6uQi0oVn",
              "roothash=4f68bce3e8cd4db196e7fbcaf984b7094f68bce3e8cd4db196e7fbcaf984b709"),
          word("PROV-23", "\"x=-----BEGIN EC PRIVATE KEY-----\"", "x=-----BEGIN"),
          word("PROV-24", "init=/bin/sh", "initcall_debug"),
          word("PROV-24", "rd.break", "rd.breaks"),
          word("PROV-24", "systemd.unit=rescue.target", "systemd.unit=multi-user.target"),
          word("PROV-24", "systemd.debug_shell", "systemd.debug_shell=0"),
          word("PROV-24", "systemd.debug-shell=1", "systemd.debug-shell=no"),
          word("PROV-24", "systemd.unit=debug-shell.service", "systemd.unit=debug.target"),
          word("PROV-24", "systemd.wants=debug-shell.service", "systemd.wants=sshd.service"),
          word("PROV-24", "rd.systemd.wants=rescue.service", "rd.systemd.wants=sshd.service"),
          word("PROV-24", "rd.systemd.unit=emergency.target", "rd.systemd.unit=initrd.target"),
          word("PROV-24", "rd.systemd.debug-shell", "rd.systemd.debug-shell=0"),
          word("PROV-24", "rd.systemd.run=/bin/sh", "rd.systemd.runner=x"),
          word("PROV-24", "systemd.break=pre-switch-root", "systemd.breaks=x"),
          word("PROV-24", "rd.cmdline=ask", "rd.cmdline=asked"),
          word("PROV-24", "module_blacklist=floppy,sev-guest", "module_blacklist=floppy"),
          word("PROV-24", "ima_appraise=off", "ima_appraise=enforce"),
          word("PROV-24", "mem_encrypt=off", "mem_encrypt=on"),
          word("PROV-24", "nokaslr", "kaslr"),
          word("PROV-24", "dm_verity.error_behavior=0", "dm_verity.dev_wait=1"),
          word("PROV-27", "config.url=vsock:2:1024", "config.url=https://example.org/"),
          word("FW-14", "netroot=iscsi:192.168.122.1", "netboot=no"),
          word("FW-14", "boot=nfs", "boot=local"),
          root("FW-14", "nfs:192.168.122.1:/srv", "FW-18"),
          root("FW-17", "LABEL=root", "FW-18"),
          root("FW-17", "/dev/disk/by-uuid/5f0f3b8e-6a53-4d26-9a0e-3c1d8f0b7a11", "FW-18"),
          root("FW-17", "UUID=5f0f3b8e-6a53-4d26-9a0e-3c1d8f0b7a11 roothash=ab", "FW-18"),
          root("FW-17", "UUID=5f0f3b8e-6a53-4d26-9a0e-3c1d8f0b7a11 rd.luks.uuid=ab"),
          root("FW-18", "/dev/vda2", "DISK-19"),
          root("FW-18", "/dev/vda rd.luks.uuid=abc", "DISK-19"),
          root("FW-18", "/dev/vdb roothash=abcdef", "DISK-19"),
          root("FW-18", "/dev/mapper/../vdb"),
          root("FW-18", "/dev/dm-0/../vdb rd.luks.uuid=abc"),
          swap("FW-18", "/dev/mapper/root", "gpt-auto", "gpt-auto roothash=ab", "FW-17"),
          word("FW-18", "boot=live", "boot=UUID=5f0f3b8e-6a53-4d26-9a0e-3c1d8f0b7a11"),
          word("FW-18", "mount.usr=/dev/vdb", "mount.usr=/dev/mapper/usr"),
          word(
              "FW-18",
              "systemd.mount-extra=/dev/vdb:/usr:ext4",
              "systemd.mount-extra=/dev/mapper/usr:/usr:ext4"),
          word(
              "FW-18",
              "rd.systemd.mount-extra=tag:/sysroot/usr:virtiofs",
              "rd.systemd.mount-extra=tmpfs:/sysroot/tmp:tmpfs"),
          word("FW-18", "overlayroot=device:dev=/dev/vdb", "overlayroot=tmpfs"),
          root("DISK-19", "/dev/disk/by-id/virtio-data rd.luks.name=0=root", "FW-17"),
          word("FW-19", "resume=/dev/vda3", "resume=/dev/vda3 noresume"),
          swap("FW-20", "rd.shell=0", "rd.shell=1", "rd.shell=0 quiet"),
          swap("FW-20", "rd.shell=0 ", "", "rd.shell=0 quiet "),
          swap("FW-20", "rd.emergency=halt panic=-1", "panic=0", "panic=5"),
          swap("FW-20", "rd.emergency=halt panic=-1", "panic=-1 panic=", "panic=0 panic=-1"),
          word("NET-02", "ip=dhcp", "ip=192.0.2.5::192.0.2.1:255.255.255.0::eth0:off"),
          word("NET-04", "netconsole=@/,@192.168.122.1/", "netconsoles"),
          word("DEV-10", "sysrq_always_enabled=0", "sysrq=0"),
          word("DEV-18", "systemd.ssh_auto=yes", "systemd.ssh_auto=no"),
          word("DEV-21", "random.trust_bootloader=on", "random.trust_bootloader=off"),
          word("DEV-23", "clocksource=kvm-clock", "clocksource=tsc"),
          word("DEV-27", "ramoops.mem_size=0x100000", "ramoopsie"),
          word("DEV-27", "efi_pstore.pstore_disable=0", "efi_pstore.pstore_disable=1"),
          word("DISK-07", "systemd.verity=no", "systemd.verity=yes"),
          word(
              "DISK-07",
              "systemd.verity_root_options=ignore-corruption",
              "systemd.verity_root_options=panic-on-corruption"),
          word("DISK-08", "rd.luks.options=tpm2-device=auto", "rd.luks.options=timeout=10"),
          word("DISK-09", "rd.luks.key=/root.key", "rd.luks.uuid=0", "PROV-23"),
          word("DISK-14", "rd.luks.options=discard", "rd.luks.options=timeout=10"),
          word("POL-33", "kbs.url=http://192.168.122.1/", "kbs.url=https://kbs.example.org/"));

  private KernelCommandLineCases() {}

  private static RuleCase word(String id, String trips, String passes, String... others) {
    return new RuleCase(id, BASE + " " + trips, BASE + " " + passes, Set.of(others));
  }

  private static RuleCase swap(
      String id, String old, String trips, String passes, String... others) {
    return new RuleCase(id, BASE.replace(old, trips), BASE.replace(old, passes), Set.of(others));
  }

  private static RuleCase root(String id, String device, String... others) {
    return new RuleCase(
        id,
        BASE.replace("/dev/mapper/root", device),
        BASE.replace("root ro", "other ro"),
        Set.of(others));
  }
}
