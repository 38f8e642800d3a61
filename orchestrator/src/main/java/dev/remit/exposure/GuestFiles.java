package dev.remit.exposure;

import dev.remit.exposure.ImageRules.Spot;
import dev.remit.image.FileTree;
import dev.remit.image.FileTree.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules over the files of an operating system that a host can read. */
final class GuestFiles {
  private static final Pattern HOST_KEY = Pattern.compile("etc/ssh/ssh_host_[a-z0-9]+_key");
  private static final Pattern AGENT =
      Pattern.compile(
          "(?:usr/)?s?bin/(qemu-ga|spice-vdagentd?|lxd-agent|incus-agent)"
              + "|usr/local/s?bin/(qemu-ga|lxd-agent|incus-agent)");
  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "(?:root|home/[^/]+)/(?:\\.aws/credentials|\\.config/gcloud/.+|\\.azure/.+|\\.kube/config"
              + "|\\.docker/config\\.json|\\.ssh/id_[a-z0-9]+)");
  private static final Pattern KEY_FILE =
      Pattern.compile(
          "(?:crypto_keyfile\\.bin|etc/cryptsetup-keys\\.d/.+|cryptroot/keyfiles/.+"
              + "|.*/(?:luks|crypt|disk|root)[^/]*\\.key|(?:luks|crypt|disk|root)[^/]*\\.key"
              + "|.*\\.keyfile)");
  private static final Set<String> DEFAULT_ACCOUNTS = Set.of("vagrant", "cirros", "tdx");

  /** How the public halves of Vagrant's insecure keys begin (hashicorp/vagrant, keys/). */
  private static final List<String> INSECURE_KEYS =
      List.of(
          "AAAAB3NzaC1yc2EAAAABIwAAAQEA6NF8iallvQVp22WDkTkyrtvp9eWW6A8YVr+kz4TjGYe7gHzIw",
          "AAAAC3NzaC1lZDI1NTE5AAAAIN1YdxBpNlzxDqfJyw/QKow1F+wvG9hXGoqiysfJOn5Y");

  /** What is no short list between brackets has no group, and so is not known to be empty. */
  private static final Pattern SOURCES =
      Pattern.compile(
          "(?m)^[ \\t]*[\"']?datasource_list[\"']?[ \\t]*:(?:\\s{0,100}\\[\\s{0,100}([^\\]]{0,1000})\\])?");

  private static final Pattern RANDOM_DEVICE = Pattern.compile("/dev/u?random");

  private GuestFiles() {}

  static boolean isRoot(FileTree files) {
    return files.entries().stream().anyMatch(entry -> BootFiles.low(entry).startsWith("etc/"))
        && files.entries().stream()
            .anyMatch(entry ->
                BootFiles.low(entry).startsWith("usr/")
                    || BootFiles.low(entry).startsWith("bin/")
                    || BootFiles.low(entry).equals("bin"));
  }

  static void check(FileTree files, Spot spot) {
    for (var entry : files.entries()) {
      String path = BootFiles.low(entry);
      checkKeys(entry, path, spot);
      checkResume(entry, path, spot);
      identity(entry, path, spot);
      checkAccounts(entry, path, spot);
      mounts(entry, path, spot);
      ServiceFiles.check(entry, path, spot);
      if (AGENT.matcher(path).matches()) {
        spot.add("PROV-29", "an agent that the host talks to: " + entry.path());
      }
      if (path.equals("etc/kernel/cmdline") || path.startsWith("etc/cmdline.d/")) {
        text(entry).ifPresent(words -> spot.commandLine(words.strip()));
      }
    }
    cloudInit(files, spot);
    if (files.entries().stream()
        .anyMatch(entry -> BootFiles.low(entry).startsWith("var/lib/cloud/instance"))) {
      spot.add("PROV-34", "cloud-init has run in it already: var/lib/cloud/instance");
    }
  }

  private static void cloudInit(FileTree files, Spot spot) {
    boolean there =
        files.entries().stream()
            .anyMatch(entry -> BootFiles.low(entry).equals("etc/cloud/cloud.cfg"));
    boolean disabled =
        files.entries().stream()
            .anyMatch(entry -> BootFiles.low(entry).equals("etc/cloud/cloud-init.disabled"));
    if (!there || disabled) {
      return;
    }
    // What is read last holds: cloud.cfg, then its folder in the order of names.
    var last =
        files.entries().stream()
            .filter(entry ->
                BootFiles.low(entry).equals("etc/cloud/cloud.cfg")
                    || BootFiles.low(entry).matches("etc/cloud/cloud\\.cfg\\.d/[^/]+\\.cfg"))
            .sorted(java.util.Comparator.comparing(BootFiles::low))
            .flatMap(entry -> text(entry).stream())
            .flatMap(text -> SOURCES.matcher(text).results())
            .reduce((first, second) -> second);
    boolean none =
        last.map(found -> found.group(1))
            .filter(list -> list.strip().replaceAll("[\"']", "").equals("None"))
            .isPresent();
    if (!none) {
      spot.add("PROV-29", "cloud-init with the sources of data of a cloud: etc/cloud/cloud.cfg");
    }
  }

  private static void identity(Entry entry, String path, Spot spot) {
    boolean filled = entry.kind() == FileTree.Kind.FILE && entry.size() > 0;
    if (!filled) {
      return;
    }
    boolean machine =
        path.equals("etc/machine-id")
            && text(entry).filter(id -> id.strip().equals("uninitialized")).isEmpty();
    if (machine
        || HOST_KEY.matcher(path).matches()
        || CREDENTIAL.matcher(path).matches()
        || path.equals("var/lib/systemd/random-seed")
        || path.equals("var/lib/urandom/random-seed")) {
      spot.add("PROV-36", "the file " + entry.path());
    }
  }

  static void checkAccounts(Entry entry, String path, Spot spot) {
    if (path.equals("etc/shadow")) {
      text(entry).stream().flatMap(String::lines).forEach(line -> account(line, spot));
    } else if (path.endsWith("/.ssh/authorized_keys")) {
      if (text(entry).filter(keys -> INSECURE_KEYS.stream().anyMatch(keys::contains)).isPresent()) {
        spot.add("PROV-35", "the key of Vagrant that everybody has: " + entry.path());
      }
    } else if (path.startsWith("etc/systemd/system/") && path.contains("getty")) {
      if (text(entry).filter(unit -> unit.contains("--autologin")).isPresent()) {
        spot.add("PROV-35", "a login without a password: " + entry.path());
      }
    }
    if (path.startsWith("etc/systemd/system/")
        && text(entry)
            .filter(unit ->
                unit.contains("sulogin --force") || unit.contains("SYSTEMD_SULOGIN_FORCE=1"))
            .isPresent()) {
      spot.add("FW-20", "a shell without a password: " + entry.path());
    }
  }

  private static void account(String line, Spot spot) {
    String[] fields = line.split(":", -1);
    if (fields.length < 2) {
      return;
    }
    var name = new dev.remit.diagnostic.HostText(fields[0]);
    if (fields[1].isEmpty()) {
      spot.add("PROV-35", "the account " + name + " without a password");
    } else if (DEFAULT_ACCOUNTS.contains(fields[0]) && fields[1].startsWith("$")) {
      spot.add("PROV-35", "the account " + name + ", whose password everybody knows");
    }
  }

  private static void mounts(Entry entry, String path, Spot spot) {
    if (!path.equals("etc/fstab")) {
      return;
    }
    for (String line : text(entry).orElse("").lines().toList()) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length < 3 || fields[0].startsWith("#")) {
        continue;
      }
      boolean inside =
          fields[0].startsWith("/dev/mapper/")
              || fields[0].startsWith("/dev/zram")
              || fields[0].startsWith("/dev/disk/by-id/dm-name-");
      if (fields[2].equals("swap") && !inside) {
        spot.add("DISK-11", "swap on a plain device: etc/fstab");
      }
      if (fields.length > 3 && List.of(fields[3].split(",")).contains("discard")) {
        spot.add("DISK-14", "a mount with discard: etc/fstab");
      }
    }
  }

  static void checkKeys(Entry entry, String path, Spot spot) {
    if (entry.kind() == FileTree.Kind.FILE && KEY_FILE.matcher(path).matches()) {
      spot.add("DISK-09", "the key file " + entry.path());
    }
    if (!path.equals("etc/crypttab") && !path.equals("cryptroot/crypttab")) {
      return;
    }
    for (String line : text(entry).orElse("").lines().toList()) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields.length < 3 || fields[0].startsWith("#")) {
        continue;
      }
      var options = fields.length > 3 ? List.of(fields[3].split(",")) : List.<String>of();
      boolean scratch = options.stream().anyMatch(o -> o.equals("swap") || o.startsWith("tmp"));
      String key = fields[2];
      boolean keyFile = key.startsWith("/") && !RANDOM_DEVICE.matcher(key).matches();
      if (keyFile) {
        spot.add(
            scratch ? "DISK-21" : "DISK-09",
            (scratch ? "a scratch disk with a key that stays: " : "a disk opened by a key file: ")
                + entry.path());
      }
      if (options.stream().anyMatch(o -> o.startsWith("tpm2-") || o.startsWith("fido2-"))) {
        spot.add("DISK-08", "a disk key that a TPM or token gives: " + entry.path());
      }
      if (options.contains("discard")) {
        spot.add("DISK-14", "a disk with discard: " + entry.path());
      }
    }
  }

  static void checkResume(Entry entry, String path, Spot spot) {
    if (path.equals("etc/initramfs-tools/conf.d/resume") || path.equals("conf/conf.d/resume")) {
      boolean resumes =
          text(entry).filter(text -> text.matches("(?s).*RESUME=(?!none\\b)[^\\s].*")).isPresent();
      if (resumes) {
        spot.add("FW-19", "a resume from hibernation: " + entry.path());
      }
    }
  }

  private static Optional<String> text(Entry entry) {
    return entry
        .content()
        .filter(content -> entry.kind() == FileTree.Kind.FILE)
        .map(content -> new String(content.toArray(), StandardCharsets.UTF_8));
  }
}
