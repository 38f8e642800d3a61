package dev.remit.exposure;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Location;
import dev.remit.exposure.Yaml.Spot;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Rules over plans and profiles of kcli (kcli documentation, "Plans" and the list of parameters),
 * whose defaults count where a plan says nothing.
 */
public final class KcliPlan {
  /** What only a machine of kcli has. */
  private static final Set<String> OWN_WORDS =
      Set.of(
          "numcpus",
          "cmds",
          "nets",
          "disks",
          "qemuextra",
          "rootpassword",
          "sharedkey",
          "reservedns",
          "reserveip",
          "cloudinit",
          "rhnregister",
          "cpumodel",
          "cpuflags",
          "uefi_legacy",
          "vmrules",
          "storemetadata",
          "pcidevices",
          "sharedfolders",
          "memoryhotplug",
          "cpuhotplug",
          "networkwait",
          "guestid");

  private static final Set<String> MACHINES = Set.of("vm", "profile", "kube", "cluster");
  private static final Pattern IGNITION = Pattern.compile("(?i).*(?:coreos|fcos|rhcos|flatcar).*");
  private static final List<String> PASSWORDS =
      List.of("rhnpassword", "bmc_password", "registry_password", "password", "token");

  private final TextPlace place;
  private final Findings findings;

  private KcliPlan(TextPlace place, Findings findings) {
    this.place = place;
    this.findings = findings;
  }

  /** Whether a document says by words of kcli's own that it is a plan or a file of profiles. */
  static boolean isOne(Yaml document) {
    var root = new Spot("", document);
    return root.inside()
        .anyMatch(entry ->
            entry.node() instanceof Yaml.Mapping
                && (entry.inside().map(Spot::name).anyMatch(OWN_WORDS::contains)
                    || (entry.has("type")
                        && entry.at("type").stream().allMatch(type -> type.is("vm", "profile"))
                        && entry.has("image"))));
  }

  public static void check(String text, TextPlace place, Findings findings)
      throws MalformedException {
    var plan = new KcliPlan(place, findings);
    for (Yaml document : YamlReader.documents(JinjaText.plain(text))) {
      for (Spot entry : new Spot("", document).inside().toList()) {
        plan.secrets(entry);
        if (entry.node() instanceof Yaml.Mapping && !entry.name().equals("parameters")) {
          plan.entry(entry);
        }
      }
    }
  }

  private void entry(Spot entry) {
    var types = entry.at("type");
    if (types.isEmpty()
        || types.stream().anyMatch(type -> type.is(MACHINES.toArray(String[]::new)))) {
      machine(entry);
    } else if (types.stream().anyMatch(type -> type.is("image"))) {
      entry.at("url").forEach(this::fetched);
    } else if (types.stream().anyMatch(type -> type.is("plan", "container"))) {
      for (var source : entry.at("url")) {
        add("PROV-32", source, "a plan that is fetched");
      }
    }
  }

  private void secrets(Spot entry) {
    for (Spot spot : entry.all().toList()) {
      if (spot.text().isPresent()) {
        LiteralSecrets.check(spot.text().get(), TextPlace.whole(at(spot)), named(spot), findings);
        if (PASSWORDS.contains(spot.name().toLowerCase(Locale.ROOT)) && !spot.isFalse()) {
          add("ORCH-01", spot, "a password or token in clear");
        }
      }
    }
  }

  private void machine(Spot machine) {
    protection(machine);
    provisioning(machine);
    devices(machine);
    for (var list : List.of("cmds", "commands")) {
      for (var command : machine.at(list, "*")) {
        command
            .text()
            .ifPresent(text ->
                ScriptRules.check(text, TextPlace.whole(at(command)), named(command), findings));
      }
    }
    for (var content : machine.at("files", "*", "content")) {
      content
          .text()
          .ifPresent(text ->
              ScriptRules.check(text, TextPlace.whole(at(content)), named(content), findings));
    }
    machine.at("image_url").forEach(this::fetched);
    for (var image : machine.at("image")) {
      if (image.text().filter(text -> text.contains("://")).isPresent()) {
        fetched(image);
      }
    }
  }

  private void fetched(Spot url) {
    add("DISK-23", url, "a disk that is fetched without its digest");
  }

  private void protection(Spot machine) {
    boolean raw =
        machine.at("qemuextra").stream()
            .anyMatch(extra ->
                extra
                    .text()
                    .filter(text -> text.contains("-guest") || text.contains("confidential"))
                    .isPresent());
    boolean asked =
        List.of("confidential", "sev", "tdx").stream()
            .anyMatch(word -> machine.at(word).stream().anyMatch(value -> !value.isFalse()));
    if (!raw && !asked) {
      add("POL-01", machine, "no protection by the processor");
    }
    machine.at("qemuextra").stream()
        .filter(extra -> !extra.isFalse())
        .forEach(extra -> add("HOST-05", extra, "raw arguments for QEMU"));
    for (var kernel : machine.at("kernel")) {
      add("FW-21", kernel, "a kernel from a path of the host");
      add("POL-23", kernel, "a kernel without kernel hashes");
    }
    for (var words : machine.at("cmdline")) {
      words
          .text()
          .ifPresent(
              text -> KernelCommandLineRules.check(text, TextPlace.whole(at(words)), findings));
    }
    for (var name : List.of("uefi", "secureboot")) {
      whereTrue(machine, "FW-03", "firmware variables in a file of the host", name);
    }
    whereTrue(machine, "FW-06", "Secure Boot, which wants SMM", "secureboot");
    whereTrue(machine, "POL-37", "it is started with the host", "autostart");
    whereTrue(machine, "POL-38", "processors that can be added", "cpuhotplug");
    whereTrue(machine, "POL-38", "memory that can be added", "memoryhotplug");
    var models = machine.at("cpumodel");
    if (models.isEmpty()
        || models.stream().anyMatch(model -> model.is("host-model", "host-passthrough"))) {
      add(
          "POL-39",
          models.isEmpty() ? machine : models.getFirst(),
          "the host's model, kcli's default");
    }
    unlessOff(machine, "DEV-38", "machines inside of the machine", "nested");
  }

  private void provisioning(Spot machine) {
    boolean ignition =
        machine.at("image").stream()
            .anyMatch(image -> IGNITION.matcher(image.text().orElse("")).matches());
    if (ignition) {
      add("PROV-10", machine, "an Ignition configuration in fw_cfg");
    } else {
      unlessOff(machine, "PROV-01", "a NoCloud seed", "cloudinit");
    }
    for (var name : List.of("rootpassword", "userpassword")) {
      for (var password : machine.at(name)) {
        if (!password.isFalse()) {
          add("PROV-31", password, "a password in clear");
        }
      }
    }
    whereTrue(machine, "PROV-33", "a private key that all machines of the plan get", "sharedkey");
    whereTrue(
        machine, "ORCH-01", "the owner's own private key goes into the machine", "privatekey");
    whereTrue(machine, "HOST-07", "the parameters go into the domain's document", "storemetadata");
    for (var medium : machine.at("iso")) {
      if (!medium.isFalse()) {
        add("DEV-29", medium, "a drive whose medium the host changes");
      }
    }
  }

  private void devices(Spot machine) {
    unlessOff(machine, "DEV-08", "a display over VNC", "vnc");
    unlessOff(machine, "DEV-05", "the channel of the guest agent", "guestagent");
    add("DEV-07", machine, "a serial console over telnet, which kcli gives to every machine");
    whereTrue(machine, "DEV-16", "a TPM that the host emulates", "tpm");
    whereTrue(machine, "DEV-21", "random numbers of the host", "rng");
    for (var folder : machine.at("sharedfolders", "*")) {
      add("DEV-01", folder, "a directory of the host");
    }
    for (var device : machine.at("pcidevices", "*")) {
      add("DEV-12", device, "a device of the host");
    }
    add(
        "NET-01",
        machine.at("nets").isEmpty() ? machine : machine.at("nets").getFirst(),
        "a network card");
  }

  private void whereTrue(Spot machine, String id, String what, String name) {
    machine.at(name).stream()
        .filter(value -> !value.isFalse())
        .forEach(value -> add(id, value, what));
  }

  private void unlessOff(Spot machine, String id, String what, String name) {
    var values = machine.at(name);
    if (values.stream().noneMatch(Spot::isFalse)) {
      add(
          id,
          values.isEmpty() ? machine : values.getFirst(),
          what + ", which is there unless " + name + " is false");
    }
  }

  private Location at(Spot spot) {
    return place.part(spot.node().start(), spot.node().end());
  }

  private static String named(Spot spot) {
    return CloudConfigRules.shown(spot.path()) + ": ";
  }

  private void add(String id, Spot spot, String what) {
    findings.add(id, at(spot), named(spot) + what);
  }
}
