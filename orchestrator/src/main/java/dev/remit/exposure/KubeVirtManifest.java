package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Location;
import dev.remit.exposure.Yaml.Spot;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Rules over KubeVirt's documents (KubeVirt API, {@code kubevirt.io/v1}), and what stands by them.
 */
public final class KubeVirtManifest {
  private static final String GROUP = "kubevirt.io/";

  /** From a document's root to the specification of a running instance. */
  private static final List<List<String>> INSTANCES =
      List.of(
          List.of("spec", "template", "spec"),
          List.of("spec", "virtualMachineTemplate", "spec", "template", "spec"),
          List.of("spec", "virtualMachine", "spec", "template", "spec"));

  private static final List<String> CLOUDS =
      List.of(
          "openstack",
          "cloudstack",
          "google compute engine",
          "exoscale",
          "cloudsigma",
          "digitalocean",
          "hetzner",
          "upcloud",
          "akamai",
          "nwcs",
          "vultr",
          "7783-7084-3265-9085-8269-3286-77",
          "opentelekomcloud",
          "sap ccloud vm",
          "huaweicloud",
          "amazon ec2",
          "alibaba cloud");

  private static final Pattern PINNED =
      Pattern.compile("@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})");
  private static final Set<String> OLD_CARDS =
      Set.of("e1000", "e1000e", "rtl8139", "ne2k_pci", "pcnet");

  private final TextPlace place;
  private final Findings findings;
  private final Consumer<MalformedException> unreadable;
  private final Set<Technology> used = EnumSet.noneOf(Technology.class);

  private KubeVirtManifest(
      TextPlace place, Findings findings, Consumer<MalformedException> unreadable) {
    this.place = place;
    this.findings = findings;
    this.unreadable = unreadable;
  }

  /** Whether a document is of KubeVirt, or a list with such a document in it. */
  static boolean isOne(Yaml document) {
    return hasOne(new Spot("", document));
  }

  private static boolean hasOne(Spot root) {
    return isKubeVirt(root) || root.at("items", "*").stream().anyMatch(KubeVirtManifest::hasOne);
  }

  private static boolean isKubeVirt(Spot document) {
    return document.has("kind")
        && document.at("apiVersion").stream()
            .flatMap(version -> version.text().stream())
            .anyMatch(version -> version.startsWith(GROUP) || version.contains("." + GROUP));
  }

  /**
   * Checks every document of a text, and says which technologies its machines ask for: all where
   * they ask for none.
   *
   * @param unreadable takes what cannot be read inside, at its offset in the text
   */
  public static Set<Technology> check(
      String text, TextPlace place, Findings findings, Consumer<MalformedException> unreadable)
      throws MalformedException {
    var manifest = new KubeVirtManifest(place, findings, unreadable);
    for (Yaml document : YamlReader.documents(text)) {
      manifest.documents(new Spot("", document), false, text);
    }
    return manifest.used.isEmpty() ? EnumSet.allOf(Technology.class) : manifest.used;
  }

  /**
   * A document and what is listed in it.
   *
   * @param listed whether it stands in a list of KubeVirt's, which may give it its kind
   */
  private void documents(Spot root, boolean listed, String text) {
    boolean own = isKubeVirt(root) || (listed && !root.has("kind"));
    document(root, own, text);
    root.at("items", "*").forEach(item -> documents(item, own, text));
  }

  private void document(Spot root, boolean own, String text) {
    secrets(root);
    if (root.at("kind").stream().anyMatch(kind -> kind.is("Secret", "ConfigMap"))) {
      userDataIn(root, text);
    }
    if (!own) {
      return;
    }
    restarts(root);
    for (var annotation : root.at("metadata", "annotations", "*")) {
      hook(annotation);
    }
    for (var annotation : root.at("spec", "template", "metadata", "annotations", "*")) {
      hook(annotation);
    }
    for (var template : root.at("spec", "dataVolumeTemplates", "*", "spec", "source")) {
      sources(template);
    }
    boolean instance = root.at("kind").stream().anyMatch(kind -> kind.is("VirtualMachineInstance"));
    root.at("spec").stream()
        .filter(spec -> instance || spec.has("domain"))
        .forEach(spec -> instance(spec, text));
    for (var way : INSTANCES) {
      root.at(way.toArray(String[]::new)).forEach(spec -> instance(spec, text));
    }
  }

  /** Texts of a document that nobody should be able to read who can read the document. */
  private void secrets(Spot root) {
    for (Spot spot : root.all().toList()) {
      var text = spot.text();
      if (text.isEmpty()) {
        continue;
      }
      var whole = TextPlace.whole(at(spot));
      if (spot.path().contains("/metadata/")) {
        LiteralSecrets.in(text.get()).ifPresent(secret -> add("HOST-07", spot, secret));
      } else if (!isUserData(spot)) {
        LiteralSecrets.check(text.get(), whole, named(spot), findings);
      }
    }
  }

  private static boolean isUserData(Spot spot) {
    String name = spot.name().toLowerCase(Locale.ROOT);
    return name.contains("userdata") || name.equals("user-data");
  }

  private void userDataIn(Spot root, String text) {
    for (var member : List.of("data", "stringData", "binaryData")) {
      for (var value : root.at(member, "*")) {
        boolean packed =
            member.equals("binaryData")
                || (member.equals("data")
                    && root.at("kind").stream().anyMatch(kind -> kind.is("Secret")));
        if (packed) {
          var octets = Base64Text.decoded(value.text().orElse(""));
          if (octets.isPresent() && isUserData(value)) {
            checkUserData(octets.get(), value);
          } else if (octets.isPresent()) {
            LiteralSecrets.check(
                new String(octets.get().toArray(), StandardCharsets.UTF_8),
                TextPlace.whole(at(value)),
                named(value),
                findings);
          }
        } else if (isUserData(value)) {
          checkUserData(value, text);
        }
      }
    }
  }

  private void restarts(Spot root) {
    for (var strategy : root.at("spec", "runStrategy")) {
      if (strategy.is("Always", "RerunOnFailure")) {
        add("POL-37", strategy, "whenever it ends it is started again");
      }
    }
    for (var running : root.at("spec", "running")) {
      if (running.isTrue()) {
        add("POL-37", running, "whenever it ends it is started again");
      }
    }
  }

  private void hook(Spot annotation) {
    if (annotation.name().startsWith("hooks.kubevirt.io")) {
      add("HOST-05", annotation, "a sidecar that rewrites the domain's document");
    }
  }

  private void sources(Spot source) {
    for (var url : source.at("*", "url")) {
      String text = url.text().orElse("");
      if (!PINNED.matcher(text).find()) {
        add("DISK-23", url, "a disk that is fetched without its digest");
      }
    }
  }

  private void instance(Spot spec, String text) {
    for (var domain : spec.at("domain")) {
      launchSecurity(domain);
      devices(domain);
      firmware(domain);
      features(domain);
      processors(domain);
    }
    spec.at("volumes", "*").forEach(volume -> volume(volume, text));
    for (var credentials : spec.at("accessCredentials", "*")) {
      boolean agent =
          credentials.at("*", "propagationMethod").stream()
              .anyMatch(method -> method.has("qemuGuestAgent"));
      boolean drive =
          credentials.at("*", "propagationMethod").stream()
              .anyMatch(method -> method.has("configDrive"));
      add(
          agent ? "DEV-05" : drive ? "PROV-02" : "PROV-01",
          credentials,
          agent
              ? "keys and passwords that the agent sets for the host"
              : "keys that come in on a seed disk");
    }
    for (var strategy : spec.at("evictionStrategy")) {
      if (strategy.is("LiveMigrate", "LiveMigrateIfPossible")) {
        add("HOST-04", strategy, "it moves to another node while it runs");
      }
    }
    if (spec.has("domain")
        && !spec.has("networks")
        && spec.at("domain", "devices", "autoattachPodInterface").stream()
            .noneMatch(Spot::isFalse)) {
      add("NET-01", spec, "the network of the pod, which is there unless it is switched off");
    }
  }

  private void launchSecurity(Spot domain) {
    var found = domain.at("launchSecurity");
    if (found.isEmpty()) {
      add("POL-01", domain, "no launchSecurity");
      used.addAll(EnumSet.allOf(Technology.class));
    }
    for (var security : found) {
      if (List.of("sev", "snp", "tdx").stream().noneMatch(security::has)) {
        used.add(Technology.S390_PV);
      }
      for (var sev : security.at("sev")) {
        boolean registers = sev.at("policy", "encryptedState").stream().anyMatch(Spot::isTrue);
        used.add(registers ? Technology.SEV_ES : Technology.SEV);
        if (!registers) {
          add("POL-03", sev, "SEV without encryptedState");
        }
        add("POL-04", sev, "memory whose integrity nothing protects");
        add("POL-10", sev, "a policy that lets the key be shared");
        if (!sev.has("session") || !sev.has("dhCert")) {
          add("POL-17", sev, "no session of the owner");
        }
      }
      for (var snp : security.at("snp")) {
        used.add(Technology.SEV_SNP);
        if (!snp.has("hostData")) {
          add("POL-27", snp, "no digest of a configuration in HOST_DATA");
        }
        if (!snp.has("idBlock")) {
          add("POL-26", snp, "no ID block");
        }
      }
      for (var tdx : security.at("tdx")) {
        used.add(Technology.TDX);
        if (!tdx.has("mrConfigId")) {
          add("POL-27", tdx, "no digest of a configuration in MRCONFIGID");
        }
      }
    }
  }

  private void devices(Spot domain) {
    var devices = domain.at("devices");
    Spot there = devices.isEmpty() ? domain : devices.getFirst();
    attachedUnlessOff(domain, there, "autoattachGraphicsDevice", "DEV-08", "a display over VNC");
    attachedUnlessOff(domain, there, "autoattachGraphicsDevice", "DEV-09", "a video device");
    attachedUnlessOff(domain, there, "autoattachSerialConsole", "DEV-07", "a serial console");
    attachedUnlessOff(domain, there, "autoattachMemBalloon", "DEV-19", "a memory balloon");
    add("DEV-05", there, "the channel of the guest agent, which KubeVirt gives to every VM");
    for (Spot found : devices) {
      device(found, "DEV-01", "a directory of the host", "filesystems", "*");
      device(found, "DEV-12", "a device of the host", "hostDevices", "*");
      device(found, "DEV-13", "a GPU whose evidence nobody checks", "gpus", "*");
      device(found, "DEV-10", "an input device", "inputs", "*");
      device(found, "DEV-11", "a sound device", "sound");
      device(found, "DEV-11", "USB devices of whoever looks at the display", "clientPassthrough");
      device(found, "DEV-21", "random numbers of the host", "rng");
      device(found, "DEV-26", "a panic device", "panicDevices", "*");
      device(found, "PROV-28", "measurements of the host on a channel", "downwardMetrics");
      device(found, "DEV-28", "a watchdog that acts for the host", "watchdog");
      whereTrue(found, "DEV-18", "vsock", "autoattachVSOCK");
      whereTrue(found, "DEV-10", "an input device", "autoattachInputDevice");
      whereTrue(found, "DEV-07", "a log of the serial console", "logSerialConsole");
      whereTrue(found, "DEV-31", "virtio of before its version 1", "useVirtioTransitional");
      for (var tpm : found.at("tpm")) {
        if (tpm.at("enabled").stream().noneMatch(Spot::isFalse)) {
          add("DEV-16", tpm, "a TPM that the host emulates");
        }
      }
      found.at("disks", "*").forEach(this::disk);
      found.at("interfaces", "*").forEach(this::networkCard);
    }
  }

  private void attachedUnlessOff(Spot domain, Spot at, String name, String id, String what) {
    if (domain.at("devices", name).stream().noneMatch(Spot::isFalse)) {
      add(id, at, what + ", which is there unless " + name + " is false");
    }
  }

  private void device(Spot devices, String id, String what, String... way) {
    devices.at(way).forEach(spot -> add(id, spot, what));
  }

  private void whereTrue(Spot devices, String id, String what, String name) {
    devices.at(name).stream().filter(Spot::isTrue).forEach(spot -> add(id, spot, what));
  }

  private void disk(Spot disk) {
    for (var serial : disk.at("serial")) {
      if (serial.is("ignition")) {
        add("PROV-09", serial, "the serial by which Ignition finds its configuration");
      } else {
        add("DISK-19", serial, "a serial that the host may give to another disk");
      }
    }
    for (var removable : List.of("cdrom", "floppy")) {
      device(disk, "DEV-29", "a drive whose medium the host changes", removable);
    }
    disk.at("shareable").stream()
        .filter(Spot::isTrue)
        .forEach(shared -> add("DISK-16", shared, "a disk that others write, too"));
    for (var lun : disk.at("lun")) {
      add("DEV-12", lun, "a SCSI device that the guest talks to past the block layer");
    }
  }

  private void networkCard(Spot card) {
    add("NET-01", card, "a network card");
    device(card, "FW-14", "a boot over the network", "bootOrder");
    device(card, "DEV-12", "a card of the host", "sriov");
    device(card, "NET-03", "a network inside of a process of the host", "slirp");
    device(card, "NET-03", "a network inside of a process of the host", "passt");
    device(card, "NET-03", "a network inside of a process of the host", "passtBinding");
    device(card, "DEV-36", "a network card by macvtap", "macvtap");
    device(card, "NET-02", "addresses and names from the host", "dhcpOptions");
    for (var model : card.at("model")) {
      if (model
          .text()
          .map(text -> OLD_CARDS.contains(text.toLowerCase(Locale.ROOT)))
          .orElse(true)) {
        add("DEV-36", model, "a model with more code than virtio");
      }
    }
  }

  private void firmware(Spot domain) {
    var found = domain.at("firmware");
    add("FW-01", found.isEmpty() ? domain : found.getFirst(), "the firmware is KubeVirt's choice");
    for (Spot firmware : found) {
      for (var efi : firmware.at("bootloader", "efi")) {
        if (efi.at("persistent").stream().anyMatch(Spot::isTrue)) {
          add("FW-03", efi, "firmware variables that stay");
        }
        if (efi.at("secureBoot").stream().noneMatch(Spot::isFalse)) {
          add("FW-06", efi, "Secure Boot, which wants SMM and is on unless it is switched off");
        }
      }
      for (var acpi : firmware.at("acpi")) {
        add("FW-10", acpi, "an ACPI table from a volume");
      }
      for (var kernel : firmware.at("kernelBoot", "container")) {
        add("POL-23", kernel, "a kernel without kernel hashes");
        if (kernel.at("image").stream()
            .noneMatch(image -> PINNED.matcher(image.text().orElse("")).find())) {
          add("FW-21", kernel, "a kernel from a container without a digest");
        }
      }
      for (var words : firmware.at("kernelBoot", "kernelArgs")) {
        KernelCommandLineRules.check(words.text().orElse(""), TextPlace.whole(at(words)), findings);
      }
      for (var serial : firmware.at("serial")) {
        boolean seed = serial.text().orElse("").toLowerCase(Locale.ROOT).strip().startsWith("ds=");
        add(
            seed ? "PROV-13" : "FW-12",
            serial,
            seed ? "a serial that names a seed" : "a serial from the host");
      }
      for (var uuid : firmware.at("uuid")) {
        if (uuid.text().orElse("").toLowerCase(Locale.ROOT).startsWith("ec2")) {
          add("PROV-17", uuid, "a UUID by which the guest believes to be at Amazon");
        }
      }
    }
    for (var text : domain.at("chassis", "*")) {
      String value = text.text().orElse("").toLowerCase(Locale.ROOT);
      boolean cloud = CLOUDS.stream().anyMatch(value::contains);
      add(
          cloud ? "PROV-17" : "FW-12",
          text,
          cloud ? "a text by which the guest believes to be in a cloud" : "a text from the host");
    }
  }

  private void features(Spot domain) {
    for (var features : domain.at("features")) {
      for (var name : List.of("hyperv", "hypervPassthrough", "kvm", "pvspinlock")) {
        device(features, "DEV-24", "a paravirtual feature", name);
      }
      for (var smm : features.at("smm")) {
        if (smm.at("enabled").stream().noneMatch(Spot::isFalse)) {
          add("FW-06", smm, "system management mode");
        }
      }
    }
    for (var timer : domain.at("clock", "timer", "*")) {
      boolean ofHost = Set.of("kvm", "hyperv", "hpet").contains(timer.name());
      if (ofHost && timer.at("present").stream().noneMatch(Spot::isFalse)) {
        add("DEV-23", timer, "a clock that the host sets");
      }
    }
  }

  private void processors(Spot domain) {
    var cpu = domain.at("cpu");
    var models = domain.at("cpu", "model");
    if (models.isEmpty()) {
      add("POL-39", cpu.isEmpty() ? domain : cpu.getFirst(), "no model, and so the host's");
    }
    for (var model : models) {
      if (model.is("host-passthrough", "host-model")) {
        add("POL-39", model, "the host's model");
      }
    }
    device(domain, "POL-38", "processors that can be added", "cpu", "maxSockets");
    device(domain, "POL-38", "memory that can be added", "memory", "maxGuest");
    for (var feature : domain.at("cpu", "features", "*")) {
      boolean nested = feature.at("name").stream().anyMatch(name -> name.is("vmx", "svm"));
      boolean off =
          feature.at("policy").stream().anyMatch(policy -> policy.is("disable", "forbid"));
      if (nested && !off) {
        add("DEV-38", feature, "machines inside of the machine");
      }
    }
  }

  private void volume(Spot volume, String text) {
    seed(volume, "cloudInitNoCloud", "PROV-01", "a NoCloud seed", text);
    seed(volume, "cloudInitConfigDrive", "PROV-02", "a config drive", text);
    device(volume, "PROV-06", "an answer file for Windows", "sysprep");
    device(volume, "PROV-28", "a secret as a disk", "secret");
    device(volume, "PROV-28", "a ConfigMap as a disk", "configMap");
    device(volume, "PROV-28", "the token of a service account as a disk", "serviceAccount");
    device(volume, "PROV-28", "texts about the pod as a disk", "downwardAPI");
    device(volume, "PROV-28", "measurements of the host as a disk", "downwardMetrics");
    device(volume, "PROV-28", "a disk out of a container image", "containerDisk");
    device(volume, "DISK-13", "an overlay over another disk", "ephemeral");
    for (var image : volume.at("containerDisk", "image")) {
      if (!PINNED.matcher(image.text().orElse("")).find()) {
        add("DISK-23", image, "a disk that is fetched without its digest");
      }
    }
    device(volume, "HOST-02", "a dump of the guest's memory", "memoryDump");
  }

  private void seed(Spot volume, String name, String id, String what, String text) {
    for (var seed : volume.at(name)) {
      add(id, seed, what);
      seed.at("userData").forEach(inline -> checkUserData(inline, text));
      for (var packed : seed.at("userDataBase64")) {
        var octets = Base64Text.decoded(packed.text().orElse(""));
        if (octets.isEmpty()) {
          unreadable.accept(
              new MalformedException(packed.node().start(), "user data is not base64"));
        } else {
          checkUserData(octets.get(), packed);
        }
      }
    }
  }

  private void checkUserData(Spot inline, String text) {
    if (inline.node() instanceof Yaml.Text scalar) {
      UserData.check(
          scalar.value(),
          BlockPlace.of(scalar, text, place),
          named(inline),
          findings,
          inner -> unreadable.accept(inner.in("user data", inline.node().start())));
    }
  }

  private void checkUserData(Bytes octets, Spot packed) {
    UserData.check(
        octets,
        TextPlace.whole(at(packed)),
        named(packed),
        findings,
        inner ->
            unreadable.accept(
                new MalformedException(packed.node().start(), "user data: " + inner.what())));
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
