package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.exposure.EmulatorArguments.Option;

/** The objects of a command line of QEMU: protections, memory and helpers. */
final class ObjectArguments {
  private final OptionList options;
  private final Findings findings;

  ObjectArguments(OptionList options, Findings findings) {
    this.options = options;
    this.findings = findings;
  }

  static String sevPolicy(KeyVal values) {
    // The default of QEMU (qapi/qom.json, SevGuestProperties).
    return values.find("policy").orElse("1");
  }

  void checkObject(Option option) throws MalformedException {
    var values = option.keyVal("qom-type");
    var at = option.at();
    String type = values.value("qom-type");
    switch (type) {
      case "sev-guest" -> {
        LaunchPolicy.checkSev(sevPolicy(values), at, findings);
        for (String part : new String[] {"dh-cert-file", "session-file"}) {
          if (values.value(part).isEmpty()) {
            findings.add("POL-17", at, "sev-guest without " + part);
          }
        }
        checkKernel(values);
      }
      case "sev-snp-guest" -> {
        // The default of QEMU (qapi/qom.json, SevSnpGuestProperties).
        LaunchPolicy.checkSnp(values.find("policy").orElse("0x30000"), at, findings);
        if (values.value("id-block").isEmpty() || values.value("id-auth").isEmpty()) {
          findings.add("POL-26", at, "sev-snp-guest without id-block and id-auth");
        } else if (!values.isOn("author-key-enabled")) {
          findings.add("POL-26", at, "an ID block without an author key");
        }
        LaunchPolicy.checkBound(values.value("host-data"), 32, "host-data", at, findings);
        checkKernel(values);
      }
      case "tdx-guest" -> {
        long bits = LaunchPolicy.number(values.find("attributes").orElse("0")).orElse(1);
        bits = values.isOn("sept-ve-disable") ? bits | 1L << 28 : bits;
        bits = values.isOff("sept-ve-disable") ? bits & ~(1L << 28) : bits;
        bits = values.isOn("debug") ? bits | 1 : bits;
        LaunchPolicy.checkTdx("0x" + Long.toHexString(bits), at, findings);
        LaunchPolicy.checkBound(values.value("mrconfigid"), 48, "mrconfigid", at, findings);
        if (values.keys().stream().anyMatch(key -> key.startsWith("quote-generation"))) {
          findings.add("DEV-34", at, "quotes come from a service of the host");
        }
      }
      case "memory-backend-file" -> findings.add("DEV-03", at, "memory in a named file");
      case "memory-backend-memfd", "memory-backend-ram", "memory-backend-shm" -> {
        if (values.isOn("hugetlb")) {
          findings.add("DEV-03", at, "memory in a file of huge pages");
        } else if (values.isOn("share")) {
          checkShared(option);
        }
      }
      case "secret" -> {
        if (values.has("data") && values.value("keyid").isEmpty()) {
          findings.add("HOST-07", at, "a secret on the command line, hidden here");
        }
      }
      case "cryptodev-backend",
          "cryptodev-backend-builtin",
          "cryptodev-backend-lkcf",
          "cryptodev-vhost-user" ->
          findings.add("DEV-15", at, "cryptography of the host");
      case "igvm-cfg" -> findings.add("FW-23", at, "an IGVM file of the host");
      case "input-linux", "input-barrier" -> findings.add("DEV-10", at, "input from the host");
      case "rng-random", "rng-egd", "rng-builtin" ->
          findings.add("DEV-21", at, "random bytes of the host");
      case "dbus-vmstate", "colo-compare" -> findings.add("HOST-04", at, "state for a migration");
      case "filter-dump",
          "filter-mirror",
          "filter-redirector",
          "filter-buffer",
          "filter-rewriter",
          "filter-replay",
          "x-remote-object",
          "x-vfio-user-server",
          "qtest",
          "can-bus",
          "can-host-socketcan" ->
          findings.add("HOST-06", at, "the object " + type);
      case "s390-pv-guest",
          "iothread",
          "main-loop",
          "throttle-group",
          "thread-context",
          "tls-creds-x509",
          "tls-creds-psk",
          "tls-creds-anon",
          "tls-cipher-suites",
          "authz-simple",
          "authz-list",
          "authz-list-file",
          "authz-pam",
          "iommufd",
          "acpi-generic-initiator",
          "acpi-generic-port",
          "pr-manager-helper",
          "secret_keyring" -> {}
      default -> findings.add("ORCH-11", at, "the object " + EmulatorArguments.shown(type));
    }
    if (type.startsWith("memory-backend") && values.isOn("dump")) {
      findings.add("HOST-01", at, "memory that is part of core dumps");
    }
  }

  private void checkShared(Option option) throws MalformedException {
    boolean user = false;
    for (var other : options.all()) {
      if (other.name().equals("device") || other.name().equals("netdev")) {
        user |= other.value().value().contains("vhost-user");
      }
    }
    if (user) {
      findings.addLesser("DEV-03", option.at(), "memory shared for a vhost-user device");
    } else {
      findings.add("DEV-03", option.at(), "shared memory");
    }
  }

  private void checkKernel(KeyVal protection) {
    var kernel =
        options.all().stream().filter(option -> option.name().equals("kernel")).findFirst();
    if (kernel.isEmpty()) {
      return;
    }
    if (!protection.isOn("kernel-hashes")) {
      findings.add("POL-23", kernel.get().at(), "a kernel without kernel-hashes=on");
      findings.add("FW-21", kernel.get().at(), "a kernel that nothing binds");
      return;
    }
    for (String part : new String[] {"initrd", "append"}) {
      if (options.all().stream().noneMatch(option -> option.name().equals(part))) {
        findings.add("POL-25", kernel.get().at(), "kernel hashes, and no -" + part);
      }
    }
  }
}
