package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.HostText;
import dev.remit.image.Content;
import dev.remit.image.FileTree;
import dev.remit.image.Region;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Each way in which an entry shows in an image. */
final class ImageCases {
  static final String ESP = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";
  static final String LINUX = "0fc63daf-8483-4772-8e79-3d69d8477de4";
  static final String BIOS_BOOT = "21686148-6449-6e6f-744e-656564454649";
  static final long MEBIBYTE = 1 << 20;

  static final List<ImageCase> ALL = all();

  private ImageCases() {}

  private static List<ImageCase> all() {
    var cases = new ArrayList<ImageCase>();
    for (var label :
        List.of(
            "cidata PROV-01",
            "CIDATA PROV-01",
            " CiData  PROV-01",
            "config-2 PROV-02",
            "CONFIG-2 PROV-02",
            "OVF-TRANSPORT PROV-03",
            "OVF ENV PROV-03",
            "CONTEXT PROV-04",
            "CLOUDMD PROV-05",
            "METADATA PROV-05",
            "rd_rdfe_stable.1 PROV-05",
            "OEMDRV PROV-07",
            "ignition PROV-08",
            "COMBUSTION PROV-08")) {
      int id = label.length() - "PROV-00".length();
      cases.add(
          new ImageCase(
              label.substring(id), label, labelled(label.substring(0, id - 1)), labelled("other")));
    }
    for (var file :
        List.of(
            "openstack/latest/user_data PROV-02",
            "openstack/2018-08-27/meta_data.json PROV-02",
            "ec2/latest/user-data PROV-02",
            "ovf-env.xml PROV-03",
            "OVF-ENV.XML PROV-03",
            "context.sh PROV-04",
            "user-data.txt PROV-05",
            "AutoUnattend.xml PROV-06",
            "unattend.xml PROV-06",
            "ks.cfg PROV-07",
            "preseed.cfg PROV-07",
            "autoinst.xml PROV-07",
            "ignition/config.ign PROV-08",
            "combustion/script PROV-08",
            "usr/bin/qemu-ga PROV-29",
            "usr/sbin/qemu-ga PROV-29",
            "usr/bin/spice-vdagent PROV-29",
            "ignition.firstboot PROV-29",
            "etc/ssh/ssh_host_rsa_key PROV-36",
            "root/.aws/credentials PROV-36",
            "var/lib/systemd/random-seed PROV-36",
            "home/a/.ssh/id_rsa PROV-36",
            "var/lib/cloud/instance PROV-34",
            "etc/cryptsetup-keys.d/root.key DISK-09",
            "crypto_keyfile.bin DISK-09",
            "grub/grub.cfg FW-24",
            "boot/vmlinuz-6.1 FW-24",
            "EFI/BOOT/BOOTX64.EFI FW-24")) {
      int id = file.lastIndexOf(' ');
      cases.add(
          new ImageCase(
              file.substring(id + 1),
              file,
              disk(fileSystem(text(file.substring(0, id), "a"))),
              disk(fileSystem(text("other", "a")))));
    }
    cases.add(
        files(
            "PROV-01",
            List.of(text("user-data", "a"), text("meta-data", "")),
            List.of(text("user-data", "a"))));
    cases.add(
        files(
            "ORCH-01",
            List.of(
                text(
                    "user-data",
                    "#cloud-config\nruncmd: [login ghp_%s]\n".formatted("a1B2".repeat(9)))),
            List.of(text("user-data", "#cloud-config\nruncmd: [login]\n"))));
    cases.add(
        files(
            "PROV-31",
            List.of(text("user-data", "#cloud-config\nssh_pwauth: true\n")),
            List.of(text("user-data", "#cloud-config\nssh_pwauth: false\n"))));
    cases.add(
        files(
            "PROV-29",
            List.of(text("etc/cloud/cloud.cfg", "users: [default]\n")),
            List.of(text("etc/cloud/cloud.cfg", "datasource_list: [None]\n"))));
    cases.add(
        files(
            "PROV-29",
            List.of(
                text("etc/cloud/cloud.cfg", "datasource_list: [None]\n"),
                text("etc/cloud/cloud.cfg.d/99.cfg", "datasource_list: [ NoCloud, None ]\n")),
            List.of(
                text("etc/cloud/cloud.cfg", "datasource_list: [ NoCloud ]\n"),
                text("etc/cloud/cloud.cfg.d/99.cfg", "datasource_list: [ None ]\n"))));
    cases.add(
        files(
            "PROV-29",
            List.of(text("etc/cloud/cloud.cfg", "a: b\n")),
            List.of(
                text("etc/cloud/cloud.cfg", "a: b\n"), text("etc/cloud/cloud-init.disabled", ""))));
    cases.add(file("PROV-35", "etc/shadow", "root::1:0:99999:7:::\n", "root:!:1:0:99999:7:::\n"));
    cases.add(file("PROV-35", "etc/shadow", "cirros:$1$a$b:1:::\n", "a:$1$a$b:1:::\n"));
    cases.add(
        file(
            "PROV-35",
            "home/a/.ssh/authorized_keys",
            "ssh-rsa AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw+niN\n",
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ\n"));
    cases.add(
        file(
            "PROV-35",
            "etc/systemd/system/serial-getty@ttyS0.service.d/a.conf",
            "ExecStart=agetty --autologin root\n",
            "ExecStart=agetty\n"));
    cases.add(
        file(
            "FW-20",
            "etc/systemd/system/emergency.service",
            "ExecStart=sulogin --force\n",
            "ExecStart=sulogin\n"));
    cases.add(
        file("PROV-36", "etc/machine-id", "0123456789abcdef0123456789abcdef\n", "uninitialized\n"));
    cases.add(
        file(
            "DISK-09",
            "etc/crypttab",
            "root /dev/vda2 /etc/key luks\n",
            "root /dev/vda2 none luks\n"));
    cases.add(
        file(
            "DISK-08",
            "etc/crypttab",
            "root /dev/vda2 - tpm2-device=auto\n",
            "root /dev/vda2 - luks\n"));
    cases.add(
        file("DISK-14", "etc/crypttab", "root /dev/vda2 - discard\n", "root /dev/vda2 - luks\n"));
    cases.add(
        file(
            "DISK-14",
            "etc/fstab",
            "/dev/mapper/a / ext4 defaults,discard 0 1\n",
            "/dev/mapper/a / ext4 defaults 0 1\n"));
    cases.add(
        file(
            "DISK-21",
            "etc/crypttab",
            "swap /dev/vda3 /etc/key swap\n",
            "swap /dev/vda3 /dev/urandom swap\n"));
    cases.add(
        file(
            "DISK-11",
            "etc/fstab",
            "UUID=1 none swap sw 0 0\n",
            "/dev/mapper/swap none swap sw 0 0\n"));
    cases.add(
        file("FW-19", "etc/initramfs-tools/conf.d/resume", "RESUME=UUID=1\n", "RESUME=none\n"));
    cases.add(
        file(
            "NET-07",
            "etc/chrony/chrony.conf",
            "pool nts.example.org iburst\n",
            "pool nts.example.org iburst nts\n"));
    cases.add(file("NET-07", "etc/ntp.conf", "server a\n", "restrict default\n"));
    cases.add(
        file("NET-07", "etc/systemd/timesyncd.conf", "[Time]\nNTP=a b\n", "[Time]\n#NTP=\nNTP=\n"));
    cases.add(
        file(
            "DISK-20",
            "etc/containers/policy.json",
            "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}\n",
            "{\"default\": [{\"type\": \"reject\"}]}\n"));
    cases.add(
        file(
            "POL-33",
            "etc/aa.toml",
            "[token_configs.kbs]\nurl = \"http://kbs:8080\"\n",
            "[token_configs.kbs]\nurl = \"https://kbs:8080\"\n"));
    cases.add(
        file(
            "POL-33",
            "etc/attestation-agent.conf",
            "aa_kbc_params = 'cc_kbc::http://kbs'\n",
            "aa_kbc_params = 'cc_kbc::https://kbs'\n"));
    cases.add(
        new ImageCase(
            "NET-07",
            "in an initrd",
            disk(new Content.Initrd(new FileTree(List.of(text("etc/chrony.conf", "server a\n"))))),
            disk(new Content.Initrd(new FileTree(List.of(text("etc/chrony.conf", "nts\n")))))));
    cases.add(initdata("POL-33", "url = \"http://kbs:8080\"\n", "url = \"https://kbs:8080\"\n"));
    cases.add(
        initdata(
            "PROV-39",
            "[data]\n\"aa.toml\" = '''\nkey = \"hunter2\"\n'''\n",
            "[data]\n\"aa.toml\" = '''\nkey = \"kbs:///a/b/c\"\n'''\n"));
    cases.add(
        initdata(
            "PROV-39",
            "pem = '''-----BEGIN PRIVATE KEY-----'''\n",
            "pem = '''-----BEGIN CERTIFICATE-----'''\n"));
    cases.add(
        new ImageCase(
            "FW-23", "an IGVM file", disk(new Content.Igvm()), disk(new Content.EfiProgram())));
    for (boolean plain : new boolean[] {false, true}) {
      cases.add(
          new ImageCase(
              "POL-40",
              plain ? "not encrypted" : "dumps",
              disk(new Content.SecureExecution(!plain, plain)),
              disk(new Content.SecureExecution(false, false))));
    }
    cases.add(
        new ImageCase(
            "DISK-11", "a swap area", disk(new Content.Swap(false)), disk(new Content.Blank())));
    cases.add(
        new ImageCase(
            "FW-19",
            "a hibernation image",
            disk(new Content.Swap(true)),
            disk(new Content.Swap(false))));
    cases.add(
        new ImageCase(
            "DISK-01", "a file system", disk(fileSystem(text("data", "a"))), disk(luks(true))));
    cases.add(
        new ImageCase(
            "DISK-01",
            "one that Remit does not read",
            disk(new Content.FileSystem("a btrfs file system", List.of(), Optional.empty())),
            disk(luks(true))));
    cases.add(
        new ImageCase(
            "FW-18",
            "a root",
            disk(fileSystem(text("etc/os-release", "a"), text("usr/bin/sh", "a"))),
            disk(fileSystem(text("data", "a")))));
    cases.add(
        new ImageCase(
            "DISK-12",
            "a file system beside an encrypted volume",
            table(part(LINUX, fileSystem(text("log/journal", "a"))), part(LINUX, luks(true))),
            table(part(LINUX, luks(true)))));
    cases.add(
        new ImageCase(
            "DISK-02",
            "host-side LUKS",
            qcow2(Content.HostEncryption.LUKS, false, false, 0),
            qcow2(Content.HostEncryption.NONE, false, false, 0)));
    cases.add(
        new ImageCase(
            "DISK-02",
            "host-side AES",
            qcow2(Content.HostEncryption.AES, false, false, 0),
            qcow2(Content.HostEncryption.NONE, false, false, 0)));
    cases.add(
        new ImageCase(
            "DISK-13",
            "a backing file",
            qcow2(Content.HostEncryption.NONE, true, false, 0),
            qcow2(Content.HostEncryption.NONE, false, false, 0)));
    cases.add(
        new ImageCase(
            "DISK-13",
            "a data file",
            qcow2(Content.HostEncryption.NONE, false, true, 0),
            qcow2(Content.HostEncryption.NONE, false, false, 0)));
    cases.add(
        new ImageCase(
            "DISK-15",
            "snapshots",
            qcow2(Content.HostEncryption.NONE, false, false, 2),
            qcow2(Content.HostEncryption.NONE, false, false, 0)));
    cases.add(
        new ImageCase(
            "DISK-04",
            "a weak header",
            disk(luks(2, "aes-xts-plain64", true, List.of(), "no keyslot holds the key")),
            disk(luks(true))));
    cases.add(
        new ImageCase(
            "DISK-04",
            "the null cipher",
            disk(luks(2, "cipher_null-ecb", true, List.of())),
            disk(luks(true))));
    cases.add(
        new ImageCase(
            "DISK-04",
            "the null cipher in a header alone",
            disk(new Content.LuksHeaderAlone(luks(2, "cipher_null-ecb", true, List.of()))),
            disk(new Content.LuksHeaderAlone(luks(true)))));
    cases.add(new ImageCase("DISK-05", "no integrity", disk(luks(false)), disk(luks(true))));
    for (String token : List.of("systemd-tpm2", "clevis", "systemd-fido2")) {
      cases.add(
          new ImageCase(
              "DISK-08",
              token,
              disk(luks(2, "aes-xts-plain64", true, List.of(token))),
              disk(luks(true))));
    }
    cases.add(
        new ImageCase(
            "DISK-10",
            "few iterations",
            disk(hinted(Content.Hint.About.PASSPHRASE)),
            disk(luks(true))));
    cases.add(
        new ImageCase(
            "DISK-14",
            "a volume that lets discards through",
            disk(hinted(Content.Hint.About.DISCARDS)),
            disk(luks(true))));
    cases.add(
        new ImageCase(
            "FW-24",
            "a boot loader outside of partitions",
            new Region(
                0,
                64 * MEBIBYTE,
                List.of(
                    new Content.PartitionTable(
                        "an MBR partition table",
                        List.of(
                            new Content.Partition(
                                1,
                                "83",
                                new HostText(""),
                                new Region(2 * MEBIBYTE, MEBIBYTE, List.of(luks(true))))),
                        List.of(new Region(512, MEBIBYTE, List.of(new Content.Opaque(false)))),
                        List.of()))),
            table(part(LINUX, luks(true)))));
    cases.add(
        new ImageCase(
            "FW-24",
            "a partition with a boot loader",
            table(part(BIOS_BOOT, new Content.Opaque(false)), part(LINUX, luks(true))),
            table(part(LINUX, luks(true)))));
    for (String sidecar :
        List.of(
            "loader/credentials/a.cred",
            "EFI/Linux/a.efi.extra.d/b.addon.efi",
            "EFI/Linux/a.efi.extra.d/b.sysext.raw",
            "loader/loader.conf",
            "loader/entries/a.conf")) {
      cases.add(
          new ImageCase(
              "PROV-37",
              sidecar,
              table(part(ESP, fileSystem(text(sidecar, "a")))),
              table(part(ESP, fileSystem(text("EFI/BOOT/BOOTX64.EFI", "a"))))));
    }
    cases.add(
        new ImageCase(
            "PROV-38",
            "a password",
            initrd("passwd.hashed-password.root.cred"),
            initrd("locale.cred")));
    cases.add(
        new ImageCase(
            "PROV-38",
            "a WireGuard key",
            initrd("network.wireguard.private.wg0.cred"),
            initrd("locale.cred")));
    cases.add(
        new ImageCase(
            "PROV-40",
            "nobody takes the secret",
            initrd("init"),
            initrd("usr/lib/modules/6.1/efi_secret.ko")));
    cases.add(
        new ImageCase(
            "DISK-09",
            "a key in an initrd",
            initrd("etc/cryptsetup-keys.d/root.key"),
            initrd("init")));
    cases.add(
        inInitrd(
            "ORCH-01",
            "etc/tls.pem",
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN CERTIFICATE-----"));
    cases.add(
        inInitrd(
            "ORCH-01",
            "config.ign",
            "{\"passwordHash\": \"$y$j9T$\"}",
            "{\"passwordHash\": \"\"}"));
    cases.add(
        inInitrd(
            "DISK-09",
            "init",
            "#!/bin/sh\necho hunter2 | cryptsetup open /dev/vda root\n",
            "#!/bin/sh\n# echo hunter2 | cryptsetup open\necho \"$key\" | cryptsetup open /dev/vda root\n"));
    cases.add(inInitrd("PROV-35", "etc/shadow", "root::19000::::::\n", "root:*:19000::::::\n"));
    cases.add(
        inInitrd("FW-20", "etc/cmdline.d/a.conf", "rd.break", "rd.shell=0 rd.emergency=halt"));
    cases.add(
        new ImageCase(
            "FW-20",
            "a unified kernel image on the partition of a firmware",
            onEsp("rd.break"),
            onEsp("rd.shell=0 rd.emergency=halt")));
    cases.add(
        new ImageCase(
            "DISK-12",
            "a file that is not for booting",
            table(part(ESP, fileSystem(text("passwords.txt", "a"))), part(LINUX, luks(true))),
            table(
                part(
                    ESP,
                    fileSystem(
                        text("efi/boot/bootx64.efi", "a"), text("loader/entries/a.conf", "a"))),
                part(LINUX, luks(true)))));
    cases.add(inInitrd("PROV-40", "init", "# efi_secret\n", "modprobe efi_secret\n"));
    cases.add(inInitrd("PROV-40", "init", "# a\rsecrets/coco\n", "cat secrets/coco\n"));
    return List.copyOf(cases);
  }

  private static Region onEsp(String words) {
    var uki =
        new Content.Uki(List.of(new HostText(".linux")), List.of(new HostText(words)), List.of());
    var program =
        new Content.Program(new HostText("EFI/Linux/a.efi"), new Region(0, MEBIBYTE, List.of(uki)));
    return table(
        part(
            ESP,
            new Content.FileSystem(
                "a FAT32 file system",
                List.of(),
                Optional.of(new FileTree(List.of())),
                List.of(program))));
  }

  private static ImageCase inInitrd(String id, String path, String tripping, String passing) {
    return new ImageCase(
        id,
        path + " in an initrd",
        disk(new Content.Initrd(new FileTree(List.of(text(path, tripping))))),
        disk(new Content.Initrd(new FileTree(List.of(text(path, passing))))));
  }

  static Set<String> covered() {
    return ALL.stream().map(ImageCase::id).collect(Collectors.toCollection(TreeSet::new));
  }

  private static ImageCase file(String id, String path, String tripping, String passing) {
    return new ImageCase(
        id, path, disk(fileSystem(text(path, tripping))), disk(fileSystem(text(path, passing))));
  }

  private static ImageCase initdata(String id, String tripping, String passing) {
    return new ImageCase(
        id,
        tripping,
        disk(new Content.Initdata(text("it", tripping).content().orElseThrow())),
        disk(new Content.Initdata(text("it", passing).content().orElseThrow())));
  }

  private static ImageCase files(
      String id, List<FileTree.Entry> tripping, List<FileTree.Entry> passing) {
    return new ImageCase(
        id,
        tripping.toString(),
        disk(fileSystem(tripping.toArray(FileTree.Entry[]::new))),
        disk(fileSystem(passing.toArray(FileTree.Entry[]::new))));
  }

  static FileTree.Entry text(String path, String content) {
    var octets = Bytes.copyOf(content.getBytes(StandardCharsets.UTF_8));
    return new FileTree.Entry(
        new HostText(path), FileTree.Kind.FILE, octets.size(), 0, Optional.of(octets));
  }

  static Content.FileSystem fileSystem(FileTree.Entry... entries) {
    return new Content.FileSystem(
        "an ext4 file system", List.of(), Optional.of(new FileTree(Arrays.asList(entries))));
  }

  static Region labelled(String label) {
    return disk(
        new Content.FileSystem(
            "an ISO 9660 file system",
            List.of(new HostText(label)),
            Optional.of(new FileTree(List.of()))));
  }

  static Content.Luks luks(boolean authenticated) {
    return luks(2, "aes-xts-plain64", authenticated, List.of());
  }

  static Content.Luks luks(
      int version,
      String cipher,
      boolean authenticated,
      List<String> tokens,
      String... weaknesses) {
    return new Content.Luks(
        version,
        List.of(new HostText(cipher)),
        authenticated,
        tokens.stream().map(HostText::new).toList(),
        List.of(weaknesses),
        List.of());
  }

  private static Content.Luks hinted(Content.Hint.About about) {
    return new Content.Luks(
        2,
        List.of(new HostText("aes-xts-plain64")),
        true,
        List.of(),
        List.of(),
        List.of(new Content.Hint(about, "a hint")));
  }

  static Region disk(Content... contents) {
    return new Region(0, 64 * MEBIBYTE, List.of(contents));
  }

  record Part(String type, List<Content> contents) {}

  static Part part(String type, Content... contents) {
    return new Part(type, List.of(contents));
  }

  static Region table(Part... parts) {
    var partitions = new ArrayList<Content.Partition>();
    for (var part : parts) {
      int number = partitions.size() + 1;
      partitions.add(
          new Content.Partition(
              number,
              part.type(),
              new HostText(""),
              new Region(8L * number * MEBIBYTE, 8 * MEBIBYTE, part.contents())));
    }
    return disk(
        new Content.PartitionTable("a GPT partition table", partitions, List.of(), List.of()));
  }

  static Region qcow2(
      Content.HostEncryption encryption, boolean backing, boolean data, long snapshots) {
    return disk(
        new Content.Qcow2(
            3,
            encryption,
            snapshots,
            backing ? Optional.of(new HostText("/base.qcow2")) : Optional.empty(),
            data ? Optional.of(new HostText("data.raw")) : Optional.empty(),
            encryption == Content.HostEncryption.NONE && !backing && !data
                ? Optional.of(disk(luks(true)))
                : Optional.empty(),
            OptionalLong.empty()));
  }

  private static Region initrd(String... paths) {
    return disk(
        new Content.Initrd(new FileTree(Stream.of(paths).map(path -> text(path, "a")).toList())));
  }
}
