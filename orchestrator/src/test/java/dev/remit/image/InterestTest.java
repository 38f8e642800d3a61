package dev.remit.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterestTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "user-data",
        "USER-DATA",
        "meta-data",
        "seed/vendor-data",
        "network-config",
        "openstack/latest/user_data",
        "ec2/latest/meta-data.json",
        "context.sh",
        "ignition/config.ign",
        "combustion/script",
        "KS.CFG",
        "preseed.cfg",
        "Autounattend.xml",
        "unattend.xml",
        "autoinst.xml",
        "ovf-env.xml",
        "etc/cloud/cloud.cfg.d/99.cfg",
        "etc/shadow",
        "etc/passwd",
        "etc/crypttab",
        "cryptroot/crypttab",
        "etc/fstab",
        "etc/machine-id",
        "etc/ssh/ssh_host_ed25519_key",
        "root/.ssh/authorized_keys",
        "home/tdx/.ssh/authorized_keys",
        "etc/keys/disk.key",
        "x.pem",
        "loader/credentials/x.cred",
        "loader/entries/a.conf",
        "EFI/BOOT/grub.conf",
        "etc/systemd/system/serial-getty@.service",
        "etc/kernel/cmdline",
        "etc/chrony/sources.d/a.sources",
        "etc/systemd/timesyncd.conf",
        "etc/containers/policy.json",
        "run/initdata/aa.toml"
      })
  void looksInto(String path) {
    assertThat(Interest.in(path)).isEqualTo(Interest.REQUIRED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"init", "conf/initramfs.conf", "scripts/init-top/x", "usr/lib/dracut/hooks/a.sh"})
  void looksIntoASmallScript(String path) {
    assertThat(Interest.in(path)).isEqualTo(Interest.IF_SMALL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bin/init",
        "bin/sh",
        "etc/shadow-",
        "home/.ssh",
        "home/a/b/.ssh/x",
        "EFI/BOOT/BOOTX64.EFI",
        "openstack",
        "xuser-data"
      })
  void looksNotInto(String path) {
    assertThat(Interest.in(path)).isEqualTo(Interest.NONE);
  }
}
