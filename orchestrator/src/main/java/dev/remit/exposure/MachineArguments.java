package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.exposure.EmulatorArguments.Option;
import java.util.Set;

/** Machine and processor on a command line of QEMU. */
final class MachineArguments {
  private final OptionList options;
  private final Findings findings;

  MachineArguments(OptionList options, Findings findings) {
    this.options = options;
    this.findings = findings;
  }

  /** The machine that all options together make, at the last of them. */
  void checkMachine() throws MalformedException {
    var last = options.lastMachine();
    if (last.isPresent()) {
      checkMachine(last.get(), options.machine());
    }
  }

  private void checkMachine(Option option, KeyVal values) throws MalformedException {
    if (!values.isOff("dump-guest-core")) {
      findings.add("HOST-01", option.at(), "memory that is part of core dumps");
    }
    if (!values.isOff("mem-merge")) {
      findings.add("DEV-04", option.at(), "pages that the host may merge");
    }
    if (options.isPc()) {
      if (!values.isOff("vmport")) {
        findings.add("PROV-26", option.at(), "the back door of VMware");
      }
      if (!values.isOff("i8042")) {
        findings.add("DEV-10", option.at(), "a keyboard and a mouse of the machine");
      }
      boolean hpetOff =
          values.isOff("hpet")
              || options.all().stream().anyMatch(other -> other.name().equals("no-hpet"));
      if (!hpetOff) {
        findings.add("DEV-23", option.at(), "the timer hpet is not switched off");
      }
    } else if (values.value("type").startsWith("s390")) {
      for (String wrap : new String[] {"aes-key-wrap", "dea-key-wrap"}) {
        if (!values.isOff(wrap)) {
          findings.add("DEV-17", option.at(), "wrapping keys of the host, " + wrap);
        }
      }
    }
    if (values.isOn("usb")) {
      findings.add("DEV-11", option.at(), "a USB controller");
    }
    if (values.isOn("smm")) {
      findings.add("FW-06", option.at(), "system management mode");
    }
    if (values.isOn("nvdimm")) {
      findings.add("DISK-18", option.at(), "memory in files");
    }
    if (values.has("dtb") || values.has("shim")) {
      findings.add("FW-22", option.at(), "a device tree or shim beside the kernel");
    }
    if (values.has("pflash1")) {
      findings.add("FW-03", option.at(), "firmware variables in a file of the host");
    }
    if (values.has("igvm-cfg")) {
      findings.add("FW-23", option.at(), "an IGVM file of the host");
    }
    if (values.has("memory.max-size") || values.has("memory.slots")) {
      findings.add("DEV-20", option.at(), "slots for more memory");
      findings.add("POL-38", option.at(), "memory that can grow");
    }
    for (String line : values.values("append")) {
      KernelCommandLineRules.check(
          KernelCommandLine.parse(line, TextPlace.whole(option.at())),
          options.isInteractive(),
          findings);
    }
  }

  /** Of several values the last one counts, wherever it stands. */
  void checkProcessors() throws MalformedException {
    var values = options.processors();
    if (values.has("maxcpus") && !values.value("maxcpus").equals(values.value("cpus"))) {
      var at = options.last("smp").or(options::lastMachine).orElseThrow().at();
      findings.add("POL-38", at, "fewer processors than the guest may get");
    }
  }

  void checkCpu(Option option) throws MalformedException {
    var values = option.keyVal("model");
    String model = values.value("model");
    if (model.equals("host") || model.equals("max")) {
      if (options.technologies().equals(Set.of(Technology.SEV_SNP))) {
        findings.addLesser("POL-39", option.at(), "the processor of the host");
      } else {
        findings.add("POL-39", option.at(), "the processor of the host");
      }
    }
    boolean nestedOff =
        values.isOff("svm") || values.isOff("vmx") || values.has("-svm") || values.has("-vmx");
    boolean nestedOn =
        values.isOn("svm") || values.isOn("vmx") || values.has("+svm") || values.has("+vmx");
    if (options.isPc() && (nestedOn || !nestedOff)) {
      findings.add("DEV-38", option.at(), "virtualization inside the guest");
    }
    if (values.isOn("pmu")) {
      findings.add("DEV-39", option.at(), "performance counters");
    }
    if (options.isPc()
        && !options.isEmulated()
        && !values.isOff("kvmclock")
        && !values.has("-kvmclock")) {
      findings.add("DEV-23", option.at(), "the timer kvmclock is not switched off");
    }
    boolean paravirtual =
        values.keys().stream()
            .anyMatch(key -> isParavirtual(key.replace('_', '-'), values.isOff(key)));
    if (paravirtual || values.has("kvm")) {
      findings.add("DEV-24", option.at(), "interfaces of the hypervisor");
    }
    if (values.has("-unpack") || values.isOff("unpack")) {
      findings.add("POL-42", option.at(), "a processor without the facility unpack");
    }
  }

  private static boolean isParavirtual(String key, boolean off) {
    boolean ofKvm = key.startsWith("kvm-") && !off && !key.equals("kvm-asyncpf-vmexit");
    return ofKvm
        || key.startsWith("+kvm-")
        || key.startsWith("hv-")
        || key.startsWith("+hv-")
        || key.startsWith("xen-");
  }
}
