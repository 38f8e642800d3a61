package dev.remit.image;

import dev.remit.bytes.MalformedException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether somebody has to look into a file, by its path: what tells a guest how to set itself up,
 * who may log in, which keys there are and what is mounted.
 */
enum Interest {
  /** Its path says all that is asked. */
  NONE,
  /** A script, or a program in its place: looked into where it is as small as a script. */
  IF_SMALL,
  /** A larger one cannot be looked into, and so cannot be passed. */
  REQUIRED;

  /** Of a file that is kept, in bytes. */
  static final int LARGEST = 1 << 20;

  private static final Set<String> NAMES =
      Set.of(
          "aa.toml",
          "attestation-agent.conf",
          "autoinst.xml",
          "autounattend.xml",
          "cdh.toml",
          "confidential-data-hub.conf",
          "context.sh",
          "crypttab",
          "grub.cfg",
          "ks.cfg",
          "meta-data",
          "network-config",
          "ovf-env.xml",
          "preseed.cfg",
          "unattend.xml",
          "user-data",
          "vendor-data");

  private static final Set<String> PATHS =
      Set.of(
          "combustion/script",
          "etc/chrony.conf",
          "etc/cmdline",
          "etc/containers/policy.json",
          "etc/fstab",
          "etc/kernel/cmdline",
          "etc/machine-id",
          "etc/ntp.conf",
          "etc/passwd",
          "etc/shadow",
          "etc/systemd/timesyncd.conf");

  private static final List<String> FOLDERS =
      List.of(
          "ec2/",
          "etc/chrony/",
          "etc/cloud/",
          "etc/cmdline.d/",
          "etc/ssh/",
          "etc/systemd/system/",
          "etc/systemd/timesyncd.conf.d/",
          "loader/",
          "openstack/",
          "root/.ssh/");

  private static final List<String> ENDINGS = List.of(".cred", ".ign", ".key", ".pem");

  // initramfs-tools(7), "Files"; dracut.modules(7), "Hooks"; guest/README.md.
  private static final List<String> SCRIPTS =
      List.of(
          "conf/",
          "hooks/",
          "lib/dracut/hooks/",
          "lib/remit/",
          "scripts/",
          "usr/lib/dracut/hooks/",
          "usr/lib/remit/",
          "var/lib/dracut/hooks/");

  /**
   * @param path as in {@link FileTree.Entry}; the case of letters does not matter, as it does not
   *     to FAT
   */
  static Interest in(String path) {
    String low = path.toLowerCase(Locale.ROOT);
    String name = low.substring(low.lastIndexOf('/') + 1);
    if (NAMES.contains(name)
        || PATHS.contains(low)
        || FOLDERS.stream().anyMatch(low::startsWith)
        || ENDINGS.stream().anyMatch(low::endsWith)
        || (low.startsWith("efi/") && low.endsWith(".conf"))
        || isKeyOfUser(low)) {
      return REQUIRED;
    }
    return low.equals("init") || SCRIPTS.stream().anyMatch(low::startsWith) ? IF_SMALL : NONE;
  }

  private static boolean isKeyOfUser(String low) {
    int user = "home/".length();
    return low.startsWith("home/") && low.startsWith("/.ssh/", Math.max(low.indexOf('/', user), 0));
  }

  /**
   * Whether the content of a file is to be kept.
   *
   * @param at where the file is spoken of, for the message
   */
  boolean keeps(long size, long at) throws MalformedException {
    return switch (this) {
      case NONE -> false;
      case IF_SMALL -> size <= LARGEST;
      case REQUIRED -> {
        Rule.require(
            size <= LARGEST,
            at,
            "a file that has to be looked into is larger than " + LARGEST + " bytes");
        yield true;
      }
    };
  }
}
