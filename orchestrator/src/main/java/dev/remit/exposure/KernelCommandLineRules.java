package dev.remit.exposure;

import dev.remit.exposure.KernelCommandLine.Word;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The catalogue over the command line of a kernel, wherever it stands. */
public final class KernelCommandLineRules {
  /** The word of Remit's guests that says where the secret comes from, and is none. */
  private static final Pattern NAMES_A_READER = Pattern.compile("remit\\.secret=[a-z]{1,16}");

  private static final Set<String> NO = Set.of("0", "no", "off", "n", "false");

  /** Words that alone, with any value or none, are an entry of the catalogue. */
  private static final Map<String, String> BY_NAME =
      Map.ofEntries(
          Map.entry("ds", "PROV-19"),
          Map.entry("ci.ds", "PROV-19"),
          Map.entry("ci.datasource", "PROV-19"),
          Map.entry("cloud_config_url", "PROV-19"),
          Map.entry("url", "PROV-19"),
          Map.entry("network_config", "PROV-19"),
          Map.entry("cc:", "PROV-19"),
          Map.entry("end_cc", "PROV-19"),
          Map.entry("combustion.url", "PROV-20"),
          Map.entry("ks", "PROV-21"),
          Map.entry("autoyast", "PROV-21"),
          Map.entry("autoinstall", "PROV-21"),
          Map.entry("rescue", "PROV-21"),
          Map.entry("init", "PROV-24"),
          Map.entry("rdinit", "PROV-24"),
          Map.entry("rd.break", "PROV-24"),
          // Of the initramfs-tools of Debian.
          Map.entry("break", "PROV-24"),
          Map.entry("single", "PROV-24"),
          Map.entry("s", "PROV-24"),
          Map.entry("S", "PROV-24"),
          Map.entry("1", "PROV-24"),
          Map.entry("emergency", "PROV-24"),
          Map.entry("systemd.run", "PROV-24"),
          // Stops the boot with a shell (systemd-debug-generator, from 258 on).
          Map.entry("systemd.break", "PROV-24"),
          Map.entry("dm_verity.error_behavior", "PROV-24"),
          Map.entry("nokaslr", "PROV-24"),
          Map.entry("rd.luks.key", "DISK-09"),
          Map.entry("luks.key", "DISK-09"),
          Map.entry("cryptkey", "DISK-09"),
          Map.entry("netroot", "FW-14"),
          Map.entry("nfsroot", "FW-14"),
          Map.entry("kgdboc", "PROV-24"),
          Map.entry("kgdbwait", "PROV-24"),
          Map.entry("netconsole", "NET-04"),
          // The kernel does not read its value: even "=0" enables it (drivers/tty/sysrq.c).
          Map.entry("sysrq_always_enabled", "DEV-10"),
          Map.entry("systemd.ssh_listen", "DEV-18"));

  private static final Map<String, String> BY_PREFIX =
      Map.of(
          "ci.datasource.", "PROV-19",
          "ignition.", "PROV-20",
          "coreos.", "PROV-20",
          "flatcar.", "PROV-20",
          "inst.", "PROV-21",
          "preseed", "PROV-21",
          "netconsole.", "NET-04",
          "ramoops.", "DEV-27",
          "pstore.", "DEV-27");

  /** Words that open something unless their value says no. */
  private static final Map<String, String> UNLESS_NO =
      Map.of(
          "systemd.debug_shell", "PROV-24",
          "systemd.confirm_spawn", "PROV-24",
          "systemd.crash_shell", "PROV-24",
          "random.trust_bootloader", "DEV-21",
          "systemd.ssh_auto", "DEV-18",
          "systemd.import_credentials", "PROV-22",
          "efi_pstore.pstore_disable", "");

  /** Words that take something away when their value says no. */
  private static final Map<String, String> IF_NO =
      Map.of(
          "mem_encrypt", "PROV-24",
          "tdx", "PROV-24",
          "mitigations", "PROV-24",
          "module.sig_enforce", "PROV-24",
          "lockdown", "PROV-24",
          "systemd.verity", "DISK-07",
          "efi_pstore.pstore_disable", "DEV-27");

  /** Units that are a shell on the console, by how their names begin. */
  private static final List<String> SHELLS =
      List.of("rescue", "emergency", "runlevel1", "debug-shell", "breakpoint");

  /** File systems in the guest's own memory. */
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  private static final Set<String> PROTECTING_MODULES =
      Set.of(
          "tsm",
          "sev_guest",
          "tdx_guest",
          "efi_secret",
          "dm_verity",
          "dm_crypt",
          "dm_integrity",
          "dm_mod");

  private static final List<String> BY_IDENTITY =
      List.of("LABEL=", "UUID=", "PARTLABEL=", "PARTUUID=", "/dev/disk/by-", "gpt-auto");

  private static final List<String> OVER_NETWORK =
      List.of("nfs", "/dev/nfs", "iscsi:", "nbd:", "live:http", "http", "ftp", "tftp", "cifs");

  private final KernelCommandLine line;
  private final boolean interactive;
  private final Findings findings;
  private final Set<String> names;
  private final boolean unlocks;

  private KernelCommandLineRules(KernelCommandLine line, boolean interactive, Findings findings) {
    this.line = line;
    this.interactive = interactive;
    this.findings = findings;
    this.names = line.words().stream().map(Word::name).collect(Collectors.toSet());
    this.unlocks = names.stream().anyMatch(KernelCommandLineRules::unlocks);
  }

  /** The same of a line in a larger document. */
  public static void check(String words, TextPlace place, Findings findings) {
    check(KernelCommandLine.parse(words, place), findings);
  }

  /** A line of which nobody knows what consoles its guest has. */
  public static void check(KernelCommandLine line, Findings findings) {
    check(line, false, findings);
  }

  /**
   * @param interactive whether the guest has a console that takes input
   */
  static void check(KernelCommandLine line, boolean interactive, Findings findings) {
    new KernelCommandLineRules(line, interactive, findings).check();
  }

  private void check() {
    for (var word : line.words()) {
      checkName(word);
      checkValue(word);
      checkSecret(word);
    }
    checkShell();
  }

  private void checkName(Word word) {
    // Kernel and systemd read all names by their case, "s" and "S" included.
    String name = ruled(word);
    String byName = BY_NAME.get(name);
    if (byName != null) {
      add(byName, word);
    }
    BY_PREFIX.forEach((prefix, id) -> {
      if (name.startsWith(prefix)) {
        add(id, word);
      }
    });
    boolean no = NO.contains(word.valueOrEmpty().toLowerCase(Locale.ROOT));
    String opens = UNLESS_NO.getOrDefault(name, "");
    if (!opens.isEmpty() && !no) {
      if (opens.equals("PROV-22")) {
        findings.addLesser(opens, line.at(word), "the guest is told to import credentials");
      } else {
        add(opens, word);
      }
    }
    String takes = IF_NO.get(name);
    if (takes != null && (no || (takes.equals("PROV-24") && word.valueOrEmpty().equals("none")))) {
      add(takes, word);
    }
  }

  /** In an initrd systemd obeys each of its words with "rd." before it too. */
  private static String ruled(Word word) {
    return word.name().startsWith("rd.systemd.") ? word.name().substring(3) : word.name();
  }

  private void checkValue(Word word) {
    String value = word.valueOrEmpty();
    switch (ruled(word)) {
      case "root" -> checkRoot(word, value);
      case "boot" -> checkBoot(word, value);
      case "mount.usr" -> checkMount(word, value, "");
      case "systemd.mount_extra" -> {
        // What, where, type and options.
        String[] parts = value.split(":", 4);
        checkMount(word, parts[0], parts.length > 2 ? parts[2] : "");
      }
      case "overlayroot" -> {
        if (value.startsWith("device")) {
          findings.add(
              "FW-18", line.at(word), "overlayroot= lays a device of the host over the root");
        }
      }
      case "rd.cmdline" -> {
        if (value.equals("ask")) {
          addWith("PROV-24", word);
        }
      }
      case "resume" -> {
        if (!value.isEmpty() && !has("noresume")) {
          add("FW-19", word);
        }
      }
      case "systemd.set_credential", "systemd.set_credential_binary" ->
          checkCredential(word, value);
      case "systemd.unit", "systemd.wants" -> {
        if (SHELLS.stream().anyMatch(value::startsWith)) {
          addWith("PROV-24", word);
        }
      }
      case "systemd.gpt_auto" -> {
        if (!NO.contains(value)) {
          add(unlocks ? "" : "FW-17", word);
        }
      }
      case "module_blacklist",
          "modprobe.blacklist",
          "rd.driver.blacklist",
          "initcall_blacklist" -> {
        if (List.of(value.replace('-', '_').split(",", -1)).stream()
            .anyMatch(PROTECTING_MODULES::contains)) {
          addWith("PROV-24", word);
        }
      }
      case "ima_appraise" -> {
        if (!value.equals("enforce")) {
          addWith("PROV-24", word);
        }
      }
      case "rd.luks.options", "luks.options", "cryptdevice", "cryptopts" ->
          checkUnlocking(word, value);
      case "rd.luks.allow_discards" -> add("DISK-14", word);
      case "verity_root_options", "systemd.verity_root_options", "systemd.verity_usr_options" -> {
        if (value.contains("ignore-corruption") || value.contains("restart-on-corruption")) {
          addWith("DISK-07", word);
        }
      }
      case "systemd.verity_root_data", "systemd.verity_root_hash" -> {
        if (!has("roothash")) {
          findings.add("DISK-07", line.at(word), "a verity device without roothash= on the line");
        }
      }
      case "ip" -> {
        if (Set.of("dhcp", "dhcp6", "on", "any", "auto", "auto6", "bootp", "rarp", "both")
            .contains(value.substring(value.lastIndexOf(':') + 1))) {
          addWith("NET-02", word);
        }
      }
      case "clocksource" -> {
        if (Set.of("kvm-clock", "hpet", "acpi_pm", "hyperv_clocksource_tsc_page").contains(value)) {
          addWith("DEV-23", word);
        }
      }
      case "rd.shell", "systemd.setenv", "rd.emergency", "panic" -> {}
      default -> {}
    }
    if (isKeyBroker(word.name()) && value.startsWith("http://")) {
      findings.add("POL-33", line.at(word), word.name() + "= names a broker without TLS");
    }
    if (word.name().equals("agent.aa_kbc_params") && value.contains("http://")) {
      findings.add("POL-33", line.at(word), "agent.aa_kbc_params= names a broker without TLS");
    }
    if (value.startsWith("vsock:")
        || value.startsWith("vsock-mux:")
        || value.startsWith("http+vsock:")
        || (word.name().equals("ignition.platform.id") && value.equals("applehv"))) {
      if (!word.name().equals("systemd.ssh_listen")) {
        findings.add("PROV-27", line.at(word), word.name() + "= fetches over vsock");
      }
    }
  }

  private static boolean isKeyBroker(String name) {
    return name.contains("kbs") || name.contains("trustee") || name.endsWith("attestation_url");
  }

  private void checkRoot(Word word, String value) {
    if (OVER_NETWORK.stream().anyMatch(value::startsWith)) {
      addWith("FW-14", word);
    }
    // A root hash says which partition that is.
    boolean byHash = value.equals("gpt-auto") && has("roothash");
    boolean byIdentity = !byHash && BY_IDENTITY.stream().anyMatch(value::startsWith);
    if (byIdentity) {
      if (unlocks) {
        findings.addLesser("FW-17", line.at(word), "root= finds an encrypted root by its identity");
      } else {
        addWith("FW-17", word);
      }
    }
    if (value.startsWith("/dev/vd")
        || value.startsWith("/dev/sd")
        || value.startsWith("/dev/nvme")
        || value.startsWith("/dev/disk/by-path")
        || value.contains("virtio-")) {
      addWith("DISK-19", word);
    }
    boolean inside =
        value.isEmpty()
            || isMapped(value)
            || isBelow(value, "/dev/ram")
            || value.equals("tmpfs")
            || value.equals("rootfs");
    if (!inside && !byHash && !(byIdentity && unlocks)) {
      findings.add(
          "FW-18",
          line.at(word),
          unlocks || has("roothash")
              ? "root= names a device beside what is unlocked or has a root hash"
              : "root= names a file system without roothash= and without LUKS");
    }
  }

  /** Of initramfs-tools: who finds the root. For FIPS, the disk with the kernel has this name. */
  private void checkBoot(Word word, String value) {
    if (value.equals("nfs")) {
      addWith("FW-14", word);
    } else if (!value.isEmpty()
        && !value.equals("local")
        && !value.startsWith("/dev/")
        && BY_IDENTITY.stream().noneMatch(value::startsWith)) {
      findings.add("FW-18", line.at(word), "boot= takes the root from where nothing checks it");
    }
  }

  private void checkMount(Word word, String device, String type) {
    if (!device.isEmpty() && !isMapped(device) && !IN_MEMORY.contains(type)) {
      findings.add(
          "FW-18", line.at(word), word.name() + "= mounts what is neither unlocked nor verified");
    }
  }

  private static boolean isMapped(String device) {
    return isBelow(device, "/dev/mapper/") || isBelow(device, "/dev/dm-");
  }

  /** Whether a path begins so, and stays there. */
  private static boolean isBelow(String path, String start) {
    return path.startsWith(start) && !path.contains("..");
  }

  /** Whether a word of this name unlocks LUKS. */
  private static boolean unlocks(String name) {
    return name.equals("cryptdevice")
        || name.equals("cryptopts")
        || name.startsWith("rd.luks.uuid")
        || name.startsWith("rd.luks.name")
        || name.startsWith("luks.uuid")
        || name.startsWith("luks.name");
  }

  private void checkCredential(Word word, String value) {
    int colon = value.indexOf(':');
    String name = colon < 0 ? "without a name" : shown(value.substring(0, colon));
    if (name.startsWith("passwd.")
        || name.startsWith("ssh.")
        || name.contains("private")
        || SecretText.isNamedSecret(name)) {
      findings.add(
          "PROV-22", line.at(word), "the secret credential " + name + ", its value hidden");
    } else {
      findings.addLesser("PROV-22", line.at(word), "the credential " + name);
    }
  }

  private void checkUnlocking(Word word, String value) {
    if (value.contains("tpm2-device")
        || value.contains("fido2-device")
        || value.contains("pkcs11-uri")) {
      addWith("DISK-08", word);
    } else if (value.contains("tang") || value.contains("clevis")) {
      findings.addLesser("DISK-08", line.at(word), word.name() + "= unlocks over the network");
    }
    if (value.contains("discard")) {
      findings.add("DISK-14", line.at(word), word.name() + "= passes discards on to the host");
    }
  }

  /** PROV-23; what is found names the word and never its value. */
  private void checkSecret(Word word) {
    if (word.name().startsWith("systemd.set_credential")
        || word.name().equals("systemd.import_credentials")
        || NAMES_A_READER.matcher(word.raw()).matches()) {
      return;
    }
    boolean named =
        SecretText.isNamedSecret(word.name())
            && !word.valueOrEmpty().isBlank()
            && !NO.contains(word.valueOrEmpty());
    if (named) {
      findings.add("PROV-23", line.at(word), shown(word.name()) + "= has a value, hidden here");
      return;
    }
    SecretText.find(word.raw()).stream()
        .findFirst()
        .ifPresent(secret ->
            findings.add(
                "PROV-23",
                line.at(word),
                word.value().isPresent()
                    ? shown(word.name()) + "= carries " + secret.kind() + ", hidden here"
                    : "a word is " + secret.kind() + ", hidden here"));
  }

  /** FW-20: opened, or not closed. */
  private void checkShell() {
    boolean opened = false;
    boolean shellOff = false;
    boolean stops = false;
    boolean reboots = false;
    for (var word : line.words()) {
      String value = word.valueOrEmpty();
      switch (ruled(word)) {
        case "rd.shell" -> {
          shellOff = NO.contains(value);
          if (!shellOff) {
            addWith("FW-20", word);
            opened = true;
          }
        }
        case "rd.emergency" -> stops = value.equals("halt") || value.equals("poweroff");
        // A negative number reboots at once; zero, the default, waits for good. The last word
        // counts.
        case "panic" -> reboots = value.startsWith("-") || isPositive(value);
        case "systemd.setenv" -> {
          if (value.startsWith("SYSTEMD_SULOGIN_FORCE=") && !value.endsWith("=0")) {
            addWith("FW-20", word);
            opened = true;
          }
        }
        default -> {}
      }
    }
    if (opened || (shellOff && (stops || reboots))) {
      return;
    }
    String what = shellOff ? "neither rd.emergency=halt nor panic=" : "no rd.shell=0";
    if (interactive) {
      findings.add("FW-20", line.whole(), what + ", and a console that takes input");
    } else {
      findings.addLesser("FW-20", line.whole(), what);
    }
  }

  private static boolean isPositive(String value) {
    return !value.isEmpty()
        && value.chars().allMatch(Character::isDigit)
        && value.chars().anyMatch(digit -> digit != '0');
  }

  private boolean has(String name) {
    return names.contains(name);
  }

  private void add(String id, Word word) {
    if (!id.isEmpty()) {
      findings.add(
          id,
          line.at(word),
          "the word " + shown(word.name()) + (word.value().isPresent() ? "=" : ""));
    }
  }

  /** Shows the value too: of words whose values are no secrets. */
  private void addWith(String id, Word word) {
    boolean secret = !SecretText.find(word.raw()).isEmpty();
    findings.add(
        id,
        line.at(word),
        "the word " + shown(word.name()) + "=" + (secret ? "…" : shown(word.valueOrEmpty())));
  }

  private static String shown(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
