package dev.remit.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.junit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Media and disks as people make them, and what {@code remit check} lets pass of them. */
@Simulated
final class RealMediaTest {
  private static final String FORMAT =
      "cryptsetup -q --batch-mode --key-file key --pbkdf pbkdf2 --pbkdf-force-iterations 1000"
          + " luksFormat ";

  @TempDir private Path folder;
  private CheckedFiles files;

  @BeforeEach
  void plantATree() throws IOException {
    files = new CheckedFiles(folder);
    files.write("tree/user-data", "#cloud-config\npassword: hunter2\n");
    files.write("tree/meta-data", "instance-id: one\n");
    files.write("bare/readme", "nothing\n");
    files.write("key", "0123456789abcdef0123456789abcdef");
  }

  @ParameterizedTest
  @CsvSource({"cidata, PROV-01", "config-2, PROV-02"})
  void refusesASeedOfAnyToolByItsLabel(String label, String id) throws Exception {
    var names = new ArrayList<String>();
    for (String written : List.of(label, label.toUpperCase(Locale.ROOT), mixed(label))) {
      for (String tool :
          List.of("genisoimage -quiet", "xorriso -as mkisofs -quiet", "genisoimage -quiet -J -R")) {
        String name = "seed" + names.size() + ".iso";
        files.shell(tool + " -o " + name + " -V " + written + " bare");
        names.add(name);
      }
      String fat = "seed" + names.size() + ".img";
      files.shell("mkfs.vfat -C -n " + written + " " + fat + " 1440");
      names.add(fat);
    }
    String ext = "ext.img";
    files.shell("mke2fs -q -L " + label + " " + ext + " 4M");
    names.add(ext);

    assertThat(files.check(names).all())
        .allSatisfy(said -> {
          assertThat(said.refused()).contains(id);
          assertThat(said.verdict()).isEqualTo("plain");
        });
  }

  private static String mixed(String label) {
    return Character.toUpperCase(label.charAt(0)) + label.substring(1);
  }

  @Test
  void refusesASeedOfCloudLocalds() throws Exception {
    files.shell("cloud-localds seed tree/user-data tree/meta-data");
    files.shell("cloud-localds -f vfat fat tree/user-data tree/meta-data");

    assertThat(files.check(List.of("seed", "fat")).all())
        .allSatisfy(said -> {
          assertThat(said.refused()).contains("PROV-01");
          assertThat(said.unacknowledged()).contains("PROV-31");
          assertThat(said.found()).noneMatch(found -> found.contains("hunter2"));
        });
  }

  /** Neither label nor Joliet: the names of Rock Ridge are all that says what it is. */
  @Test
  void refusesASeedByItsFilesAlone() throws Exception {
    files.shell("genisoimage -quiet -o x.iso -V OTHER -R tree");
    files.shell("genisoimage -quiet -o y.iso -V OTHER -J tree");

    assertThat(files.check(List.of("x.iso", "y.iso")).all())
        .allSatisfy(said -> assertThat(said.refused()).contains("PROV-01"));
  }

  @Test
  void refusesASeedThatIsADiskToo() throws Exception {
    files.shell("mkfs.vfat -C -F 12 -n X efi 1440");
    String hybrid =
        "xorriso -as mkisofs -quiet -V cidata -J -R -append_partition 2 0xef efi"
            + " -e --interval:appended_partition_2:all:: -no-emul-boot ";
    files.shell(hybrid + "-appended_part_as_gpt -o gpt.iso bare");
    files.shell(hybrid + "-partition_offset 16 -o mbr.iso bare");

    assertThat(files.check(List.of("gpt.iso", "mbr.iso")).all())
        .allSatisfy(said -> assertThat(said.refused()).contains("PROV-01"));
  }

  /** What the guest opens by itself, in every container that has nothing to say of it. */
  @Test
  void asksOnlyForIntegrityOfADiskThatTheGuestOpens() throws Exception {
    files.shell("truncate -s 32M luks2 luks1");
    files.shell(FORMAT + "--type luks2 luks2");
    files.shell(FORMAT + "--type luks1 luks1");
    files.shell("dd if=/dev/urandom of=luks2 bs=1M seek=16 count=16 conv=notrunc");
    files.shell("qemu-img convert -f raw -O qcow2 luks2 luks2.qcow2");
    files.shell("qemu-img convert -c -f raw -O qcow2 luks1 luks1.qcow2");
    partition("gpt", "gpt", "luks2");
    partition("dos", "dos", "luks2");

    var names = List.of("luks2", "luks1", "luks2.qcow2", "luks1.qcow2", "gpt", "dos");
    assertThat(files.check(names).all())
        .allSatisfy(said -> {
          assertThat(said.verdict()).isEqualTo("encrypted-unauthenticated");
          assertThat(said.unacknowledged()).containsExactly("DISK-05");
          assertThat(said.refused()).isEmpty();
          assertThat(said.unreadable()).isEmpty();
        });
  }

  /** A table with a partition of 32 MiB for each file. */
  private void partition(String disk, String label, String... parts) throws Exception {
    var table = new StringBuilder("label: " + label + "\\n");
    for (int i = 0; i < parts.length; i++) {
      table.append("start=%d,size=65536,type=linux\\n".formatted(2048 + i * 65536));
    }
    files.shell("truncate -s %dM %s".formatted(2 + 32 * parts.length, disk));
    files.shell("printf '" + table + "' | sfdisk -q " + disk);
    for (int i = 0; i < parts.length; i++) {
      files.shell(
          "dd if=%s of=%s bs=1M seek=%d conv=notrunc".formatted(parts[i], disk, 1 + i * 32));
    }
  }

  @Test
  void refusesAPlainPartitionBesideAnEncryptedOne() throws Exception {
    files.shell("truncate -s 32M luks plain");
    files.shell(FORMAT + "--type luks2 luks");
    files.shell("mke2fs -q plain");
    files.shell("mkfs.vfat -C -F 32 -n DATA fat 32768");
    partition("ext", "gpt", "luks", "plain");
    partition("vfat", "dos", "luks", "fat");

    var said = files.check(List.of("ext", "vfat"));
    assertThat(said.all()).allSatisfy(each -> assertThat(each.verdict()).isEqualTo("partly-plain"));
    assertThat(said.of("ext").refused()).contains("DISK-01");
    assertThat(said.of("vfat").refused()).contains("DISK-12");
  }

  @Test
  void refusesWhatQemuDecrypts() throws Exception {
    files.shell(
        "qemu-img create -q -f qcow2 --object secret,id=s,data=abc"
            + " -o encrypt.format=luks,encrypt.key-secret=s x.qcow2 16M");

    var said = files.check("x.qcow2");
    assertThat(said.refused()).containsExactly("DISK-02");
    assertThat(said.verdict()).isEqualTo("host-side-encrypted");
  }

  /** The null cipher needs the kernel's device mapper, so that it is written into good headers. */
  @Test
  void refusesAHeaderThatNamesTheNullCipher() throws Exception {
    files.shell("truncate -s 32M luks2 luks1");
    files.shell(FORMAT + "--type luks2 luks2");
    files.shell(FORMAT + "--type luks1 luks1");
    LuksEdit.nullCipher(files.path("luks2"));
    LuksEdit.nullCipherOfVersionOne(files.path("luks1"));
    files.shell("cryptsetup luksDump luks2 | grep -q 'cipher: cipher_null-ecb'");
    files.shell("cryptsetup luksDump luks1 | grep -q 'cipher_null'");

    assertThat(files.check(List.of("luks2", "luks1")).all())
        .allSatisfy(said -> {
          assertThat(said.refused()).contains("DISK-04");
          assertThat(said.verdict()).isEqualTo("plain");
        });
  }

  @Test
  void refusesAHeaderWhoseEncryptionIsUnderWay() throws Exception {
    files.shell("truncate -s 64M disk && mke2fs -q disk 32M");
    files.shell(
        "cryptsetup -q --batch-mode --key-file key --pbkdf pbkdf2 --pbkdf-force-iterations 1000"
            + " reencrypt --encrypt --type luks2 --init-only --reduce-device-size 32M disk");

    assertThat(files.check("disk").refused()).contains("DISK-04");
  }

  @ParameterizedTest
  @ValueSource(strings = {"luks1", "luks2"})
  void judgesAHeaderWithoutItsDataByItself(String type) throws Exception {
    files.shell("truncate -s 32M disk data");
    files.shell(FORMAT + "--type " + type + " disk");
    files.shell("cryptsetup luksHeaderBackup disk --header-backup-file backup");
    files.shell(FORMAT + "--type " + type + " --header detached data");

    assertThat(files.check(List.of("backup", "detached")).all())
        .allSatisfy(said -> {
          assertThat(said.verdict()).isEqualTo("header-alone");
          assertThat(said.refused()).isEmpty();
          assertThat(said.unreadable()).isEmpty();
          assertThat(said.found()).anyMatch(found -> found.contains("header without its data"));
        });
  }

  @Test
  void judgesTheHeaderOfTheTestGuestByItself() throws Exception {
    Files.copy(Programs.find().guest().resolve("disk.header"), files.path("disk.header"));

    assertThat(files.check("disk.header").refused()).isEmpty();
    assertThat(files.check("disk.header").verdict()).isEqualTo("header-alone");
  }

  @Test
  void looksThroughAChainWhoseFilesWereGiven() throws Exception {
    files.shell("truncate -s 32M base.raw && mke2fs -q -L cidata base.raw");
    files.shell("qemu-img create -q -f qcow2 -b base.raw -F raw middle.qcow2");
    files.shell("qemu-img create -q -f qcow2 -b middle.qcow2 -F qcow2 top.qcow2");
    files.shell("qemu-img create -q -f qcow2 -o data_file=data.raw,data_file_raw=on ext.qcow2 8M");
    files.shell("genisoimage -quiet -o seed -V cidata bare");
    files.shell("dd if=seed of=data.raw conv=notrunc");

    var alone = files.check("top.qcow2");
    assertThat(alone.verdict()).isEqualTo("unknown");
    assertThat(alone.refused()).containsExactly("DISK-13");
    var half = files.check(List.of("top.qcow2", "middle.qcow2"));
    assertThat(half.of("top.qcow2").verdict()).isEqualTo("unknown");
    var whole = files.check(List.of("top.qcow2", "middle.qcow2", "base.raw"));
    assertThat(whole.of("top.qcow2").refused()).contains("DISK-13", "PROV-01", "DISK-01");
    assertThat(whole.of("top.qcow2").verdict()).isEqualTo("plain");
    var external = files.check(List.of("ext.qcow2", "data.raw"));
    assertThat(external.of("ext.qcow2").refused()).contains("DISK-13", "PROV-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cat", "gzip -9", "xz --check=crc32", "zstd -q"})
  void refusesAnInitrdWithAKeyOfADisk(String packer) throws Exception {
    files.write("root/etc/cryptsetup-keys.d/root.key", "0123456789abcdef");
    files.write("root/init", "#!/bin/sh\n");
    files.shell("cd root && find . | cpio --quiet -o -H newc | " + packer + " >../initrd");

    var said = files.check("initrd");
    assertThat(said.refused()).contains("DISK-09");
    assertThat(said.verdict()).isEmpty();
  }

  @Test
  void refusesAUnifiedKernelImageByItsCommandLine() throws Exception {
    files.write("cmdline", "console=ttyS0 ds=nocloud;s=http://10.0.2.2/ systemd.debug_shell");
    files.shell(
        "head -c 4096 /dev/urandom >kernel && objcopy --add-section .cmdline=cmdline"
            + " --change-section-vma .cmdline=0x30000 --add-section .linux=kernel"
            + " --change-section-vma .linux=0x2000000"
            + " /usr/lib/systemd/boot/efi/linuxx64.efi.stub uki.efi");

    assertThat(files.check("uki.efi").refused()).contains("PROV-19", "PROV-24");
  }

  @Test
  void refusesWhatAHostHandsOverInADomain() throws Exception {
    String config = "opt/com.coreos/config";
    String seed = "ds=nocloud;s=http://10.0.2.2/";
    String credential = "io.systemd.credential:passwd.plaintext-password.root=x";
    files.write(
        "fwcfg.xml",
        domain("<sysinfo type='fwcfg'><entry name='" + config + "' file='/a.ign'/></sysinfo>", ""));
    files.write(
        "serial.xml",
        domain(
            "",
            "<disk type='file' device='disk'><source file='/a.ign'/><target dev='vdb'"
                + " bus='virtio'/><serial>ignition</serial></disk>"));
    files.write("smbios.xml", domain(smbios("system", "<entry name='serial'>" + seed), ""));
    files.write("strings.xml", domain(smbios("oemStrings", "<entry>" + credential), ""));
    String qemu = "qemu-system-x86_64 -machine q35 ";
    files.write("fwcfg.args", qemu + "-fw_cfg name=" + config + ",file=/a.ign\n");
    files.write(
        "serial.args",
        qemu
            + "-drive file=/a.ign,if=none,id=d,format=raw"
            + " -device virtio-blk-pci,drive=d,serial=ignition\n");
    files.write("smbios.args", qemu + "-smbios 'type=1,serial=" + seed + "'\n");
    files.write("strings.args", qemu + "-smbios type=11,value=" + credential + "\n");

    var names = new ArrayList<String>();
    for (String ending : List.of(".xml", ".args")) {
      for (String what : List.of("fwcfg", "serial", "smbios", "strings")) {
        names.add(what + ending);
      }
    }
    var said = files.check(names);
    for (String ending : List.of(".xml", ".args")) {
      assertThat(said.of("fwcfg" + ending).refused()).contains("PROV-10");
      assertThat(said.of("serial" + ending).refused()).contains("PROV-09");
      assertThat(said.of("smbios" + ending).refused()).contains("PROV-13");
      assertThat(said.of("strings" + ending).refused()).contains("PROV-14");
    }
  }

  private static String smbios(String table, String entry) {
    return "<sysinfo type='smbios'><%1$s>%2$s</entry></%1$s></sysinfo>".formatted(table, entry);
  }

  private static String domain(String tables, String devices) {
    return "<domain type='kvm'><name>a</name><memory>1</memory><vcpu>1</vcpu>"
        + "<os><type arch='x86_64' machine='q35'>hvm</type><smbios mode='sysinfo'/></os>"
        + tables
        + "<devices>"
        + devices
        + "</devices></domain>";
  }
}
