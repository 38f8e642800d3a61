package dev.remit.exposure;

import java.util.Set;

/** Memory, processors, features, clock, events and texts of a domain. */
final class MachineRules {
  private final XmlElement domain;
  private final Set<Technology> used;
  private final Findings findings;
  private final boolean pc;

  private MachineRules(XmlElement domain, Set<Technology> used, Findings findings) {
    this.domain = domain;
    this.used = used;
    this.findings = findings;
    this.pc = isPc(domain);
  }

  /** Whether the machine has the devices of a PC, as where nothing is said. */
  static boolean isPc(XmlElement domain) {
    return domain.find("os/type").map(type -> type.is("arch", "", "x86_64", "i686")).orElse(true);
  }

  static void check(XmlElement domain, Set<Technology> used, Findings findings) {
    var rules = new MachineRules(domain, used, findings);
    rules.checkMemory();
    rules.checkProcessors();
    rules.checkFeatures();
    rules.checkClock();
    rules.checkEvents();
    rules.checkTexts();
    rules.checkRaw();
    rules.checkHost();
  }

  private void checkMemory() {
    var memory = domain.find("memory");
    if (memory.filter(element -> element.is("dumpCore", "off")).isEmpty()) {
      findings.add(
          "HOST-01", memory.orElse(domain).at("dumpCore"), "memory that may be part of core dumps");
    }
    var backing = domain.find("memoryBacking");
    var place = backing.orElse(domain);
    if (!domain.contains("memoryBacking/nosharepages")) {
      findings.add("DEV-04", place.at(), "pages that the host may merge");
    }
    if (!domain.contains("memoryBacking/locked")) {
      findings.add("HOST-12", place.at(), "memory that the host may swap out");
    }
    domain
        .find("memoryBacking/source")
        .filter(source -> source.is("type", "file"))
        .ifPresent(source -> findings.add("DEV-03", source.at("type"), "memory in a named file"));
    domain
        .find("memoryBacking/hugepages")
        .ifPresent(pages -> findings.add("DEV-03", pages.at(), "memory in a file of huge pages"));
    domain
        .find("memoryBacking/access")
        .filter(access -> access.is("mode", "shared"))
        .ifPresent(access -> checkShared(access, "mode"));
    domain.find("cpu/numa").stream()
        .flatMap(numa -> numa.children("cell"))
        .filter(cell -> cell.is("memAccess", "shared"))
        .forEach(cell -> checkShared(cell, "memAccess"));
    domain
        .find("maxMemory")
        .ifPresent(most -> {
          findings.add("DEV-20", most.at(), "slots for more memory");
          findings.add("POL-38", most.at(), "memory that can grow");
        });
    var current = domain.find("currentMemory");
    if (current.isPresent()
        && memory.isPresent()
        && !MemorySize.areEqual(current.get(), memory.get())) {
      findings.add("POL-38", current.get().atText(), "less memory than the guest may get");
    }
  }

  private void checkShared(XmlElement element, String attribute) {
    boolean user =
        domain.find("devices").stream()
            .flatMap(devices -> devices.children().stream())
            .anyMatch(device ->
                device.is("type", "vhostuser")
                    || device
                        .find("driver")
                        .filter(driver -> driver.is("type", "virtiofs"))
                        .isPresent());
    boolean named =
        domain.find("memoryBacking/source").filter(source -> source.is("type", "file")).isPresent();
    if (user && !named) {
      findings.addLesser("DEV-03", element.at(attribute), "memory shared for a vhost-user device");
    } else {
      findings.add("DEV-03", element.at(attribute), "shared memory");
    }
  }

  private void checkProcessors() {
    domain
        .find("vcpu")
        .filter(vcpu -> vcpu.has("current") && !vcpu.attribute("current").equals(vcpu.text()))
        .ifPresent(vcpu ->
            findings.add("POL-38", vcpu.at("current"), "fewer processors than the guest may get"));
    domain.find("vcpus").stream()
        .flatMap(vcpus -> vcpus.children("vcpu"))
        .filter(vcpu -> vcpu.is("hotpluggable", "yes"))
        .forEach(vcpu ->
            findings.add("POL-38", vcpu.at("hotpluggable"), "a processor that can be unplugged"));
    boolean pinned =
        domain.contains("cputune/vcpupin")
            || domain.find("vcpu").filter(vcpu -> !vcpu.attribute("cpuset").isBlank()).isPresent();
    if (!pinned) {
      findings.add(
          "HOST-13", domain.find("cputune").orElse(domain).at(), "processors that are not pinned");
    }
    var cpu = domain.find("cpu").orElse(domain);
    if (cpu.is("mode", "host-passthrough", "maximum", "host-model")) {
      if (used.equals(Set.of(Technology.SEV_SNP))) {
        findings.addLesser("POL-39", cpu.at("mode"), "the processor of the host");
      } else {
        findings.add("POL-39", cpu.at("mode"), "the processor of the host");
      }
    }
    cpu.children("feature")
        .filter(feature -> feature.is("name", "svm", "vmx"))
        .filter(feature -> !feature.is("policy", "disable", "forbid"))
        .forEach(
            feature -> findings.add("DEV-38", feature.at(), "virtualization inside the guest"));
    if (pc && cpu.children("feature").noneMatch(feature -> feature.is("name", "svm", "vmx"))) {
      findings.add("DEV-38", cpu.at(), "neither svm nor vmx is disabled");
    }
  }

  private void checkFeatures() {
    var features = domain.find("features").orElse(domain);
    for (String name : new String[] {"hyperv", "kvm", "xen", "viridian"}) {
      features
          .children(name)
          .filter(element -> !isAllOff(element))
          .forEach(element -> findings.add("DEV-24", element.at(), "interfaces of " + name));
    }
    features
        .children("pvspinlock")
        .filter(element -> !element.is("state", "off"))
        .forEach(element -> findings.add("DEV-24", element.at(), "spin locks of the hypervisor"));
    features
        .children("vmcoreinfo")
        .filter(element -> !element.is("state", "off"))
        .forEach(element -> findings.add("DEV-25", element.at(), "notes for crash dumps"));
    features
        .children("pmu")
        .filter(element -> !element.is("state", "off"))
        .forEach(element -> findings.add("DEV-39", element.at(), "performance counters"));
    domain.find("perf").stream()
        .flatMap(perf -> perf.children("event"))
        .filter(event -> !event.is("enabled", "no"))
        .forEach(event -> findings.add("DEV-39", event.at(), "a performance event of the host"));
    if (pc) {
      checkOff(features, "vmport", "PROV-26", "the back door of VMware");
      checkOff(features, "ps2", "DEV-10", "a keyboard and a mouse that libvirt adds");
    }
    checkWrappingKeys();
    domain
        .children("genid")
        .forEach(genid -> findings.add("DEV-22", genid.at(), "a generation id"));
  }

  /** QEMU keeps them on these machines unless it is told not to, and elsewhere has none. */
  private void checkWrappingKeys() {
    if (domain
        .find("os/type")
        .filter(type -> type.attribute("arch").startsWith("s390"))
        .isEmpty()) {
      return;
    }
    for (String name : new String[] {"aes", "dea"}) {
      var ciphers =
          domain
              .children("keywrap")
              .flatMap(wrap -> wrap.children("cipher"))
              .filter(cipher -> cipher.is("name", name))
              .toList();
      if (ciphers.isEmpty() || !ciphers.stream().allMatch(cipher -> cipher.is("state", "off"))) {
        findings.add(
            "DEV-17",
            domain.find("keywrap").orElse(domain).at(),
            "wrapping keys of the host, " + name);
      }
    }
  }

  private static boolean isAllOff(XmlElement interfaces) {
    return !interfaces.children().isEmpty()
        && !interfaces.is("mode", "passthrough")
        && interfaces.children().stream().allMatch(one -> one.is("state", "off"));
  }

  private void checkOff(XmlElement features, String name, String id, String what) {
    var element = features.find(name);
    if (element.filter(found -> found.is("state", "off")).isEmpty()) {
      findings.add(id, element.orElse(features).at("state"), what);
    }
  }

  private void checkClock() {
    var clock = domain.find("clock");
    var place = clock.orElse(domain);
    if (clock.isPresent() && !place.is("offset", "", "utc")) {
      findings.add(
          "DEV-23", place.at("offset"), "a clock with the offset " + place.attribute("offset"));
    }
    // There is no clock of KVM where KVM does not run the domain.
    boolean kvm = !domain.is("type", "qemu");
    for (String name : pc ? new String[] {"kvmclock", "hpet"} : new String[] {}) {
      if ((kvm || !name.equals("kvmclock"))
          && place.children("timer").noneMatch(timer -> timer.is("name", name))) {
        findings.add("DEV-23", place.at(), "the timer " + name + " is not switched off");
      }
    }
    place
        .children("timer")
        .filter(timer -> timer.is("name", "kvmclock", "hpet", "hypervclock", "rtc"))
        .filter(timer -> !timer.is("present", "no"))
        .forEach(
            timer -> findings.add("DEV-23", timer.at(), "the timer " + timer.attribute("name")));
  }

  private void checkEvents() {
    var reboot = domain.find("on_reboot");
    if (reboot.filter(event -> event.text().equals("destroy")).isEmpty()) {
      findings.add("POL-37", reboot.orElse(domain).at(), "a reboot that does not end the domain");
    }
    for (String name : new String[] {"on_poweroff", "on_crash", "on_lockfailure"}) {
      domain
          .children(name)
          .filter(event -> event.text().endsWith("restart"))
          .forEach(
              event -> findings.add("POL-37", event.atText(), name + " starts the domain again"));
      domain
          .children(name)
          .filter(event -> event.text().startsWith("coredump"))
          .forEach(event -> findings.add("HOST-02", event.atText(), name + " dumps the domain"));
    }
  }

  private void checkTexts() {
    for (String name : new String[] {"name", "title", "description"}) {
      domain
          .children(name)
          .forEach(
              element -> NamedText.check("the " + name, element.text(), element.at(), findings));
    }
    domain.children("metadata").flatMap(XmlElement::all).forEach(this::checkMetadata);
  }

  private void checkMetadata(XmlElement element) {
    if (SecretText.isNamedSecret(localName(element)) && !element.text().isEmpty()) {
      findings.add("HOST-07", element.at(), "metadata named as a secret, its value hidden");
      return;
    }
    NamedText.check("metadata", element.text(), element.at(), findings);
    element
        .attributes()
        .forEach((name, value) -> {
          if (SecretText.isNamedSecret(name) && !value.isBlank()) {
            findings.add(
                "HOST-07", element.at(name), "metadata named as a secret, its value hidden");
          } else {
            NamedText.check("metadata", value, element.at(name), findings);
          }
        });
  }

  private static String localName(XmlElement element) {
    String name = element.name();
    return name.substring(Math.max(name.lastIndexOf('}'), name.lastIndexOf(':')) + 1);
  }

  /** HOST-05, and what the arguments themselves do. */
  private void checkRaw() {
    domain.children().stream()
        .filter(element -> element.name().startsWith("qemu:"))
        .filter(element -> !element.name().equals("qemu:deprecation"))
        .forEach(element -> {
          if (element.children().isEmpty()) {
            findings.addLesser("HOST-05", element.at(), "the element " + element.name());
          }
          element.children().forEach(this::checkRaw);
        });
    domain
        .children("qemu:commandline")
        .forEach(line ->
            CommandLineRules.checkRaw(
                line.children("qemu:arg")
                    .map(arg ->
                        new EmulatorArguments.Argument(arg.attribute("value"), arg.at("value")))
                    .toList(),
                findings));
  }

  private void checkRaw(XmlElement raw) {
    boolean environment = raw.name().equals("qemu:env");
    String shown =
        environment
            ? raw.attribute("name")
            : raw.attributes().values().stream().findFirst().orElse("");
    boolean secret = !SecretText.find(shown).isEmpty();
    findings.addLesser(
        "HOST-05",
        raw.at(),
        raw.name()
            + " "
            + (secret ? "with a secret, hidden here" : EmulatorArguments.shown(shown)));
    if (environment) {
      NamedText.check(
          "an environment variable",
          shown + "=" + raw.attribute("value"),
          raw.at("value"),
          findings);
    }
  }

  private void checkHost() {
    domain
        .children("seclabel")
        .filter(label -> label.is("type", "none") || label.is("relabel", "no"))
        .forEach(label -> findings.add("HOST-11", label.at(), "no security label of the host"));
  }
}
