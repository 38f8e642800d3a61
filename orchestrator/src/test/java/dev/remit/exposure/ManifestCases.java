package dev.remit.exposure;

import java.util.List;

/** Each way in which an entry shows in a manifest of KubeVirt or in a plan of kcli. */
final class ManifestCases {
  private static final String PIN = "@sha256:" + "0".repeat(64);

  static final List<TextCase> KUBEVIRT =
      List.of(
          domain("POL-01", "", "launchSecurity: {snp: {hostData: a, idBlock: b}}"),
          domain(
              "POL-03",
              "launchSecurity: {sev: {policy: {encryptedState: false}}}",
              "launchSecurity: {sev: {policy: {encryptedState: true}}}"),
          domain(
              "POL-17",
              "launchSecurity: {sev: {session: a}}",
              "launchSecurity: {sev: {session: a, dhCert: b}}"),
          domain(
              "POL-27",
              "launchSecurity: {snp: {idBlock: b}}",
              "launchSecurity: {snp: {idBlock: b, hostData: a}}"),
          domain(
              "POL-26",
              "launchSecurity: {snp: {hostData: a}}",
              "launchSecurity: {snp: {idBlock: b, hostData: a}}"),
          domain("POL-27", "launchSecurity: {tdx: {}}", "launchSecurity: {tdx: {mrConfigId: a}}"),
          devices("DEV-07", "autoattachSerialConsole: true", "autoattachSerialConsole: false"),
          devices(
              "DEV-07",
              "autoattachSerialConsole: false, logSerialConsole: true",
              "autoattachSerialConsole: false, logSerialConsole: false"),
          devices("DEV-19", "autoattachMemBalloon: true", "autoattachMemBalloon: false"),
          devices("DEV-10", "autoattachInputDevice: true", "autoattachInputDevice: false"),
          devices("DEV-10", "inputs: [{name: a, type: tablet, bus: usb}]", "inputs: []"),
          devices("DEV-18", "autoattachVSOCK: true", "autoattachVSOCK: false"),
          devices("DEV-16", "tpm: {}", "tpm: {enabled: false}"),
          devices("DEV-01", "filesystems: [{name: a, virtiofs: {}}]", "filesystems: []"),
          devices("DEV-12", "hostDevices: [{name: a, deviceName: b}]", "hostDevices: []"),
          devices("DEV-13", "gpus: [{name: a, deviceName: b}]", "gpus: []"),
          devices("DEV-11", "sound: {name: a}", "blockMultiQueue: true"),
          devices("DEV-11", "clientPassthrough: {}", "blockMultiQueue: true"),
          devices("DEV-21", "rng: {}", "blockMultiQueue: true"),
          devices("DEV-26", "panicDevices: [{model: isa}]", "panicDevices: []"),
          devices(
              "DEV-28", "watchdog: {name: a, i6300esb: {action: reset}}", "blockMultiQueue: true"),
          devices("DEV-31", "useVirtioTransitional: true", "useVirtioTransitional: false"),
          devices("PROV-28", "downwardMetrics: {}", "blockMultiQueue: true"),
          devices(
              "PROV-09", "disks: [{name: a, serial: ignition}]", "disks: [{name: a, serial: b}]"),
          devices("DISK-19", "disks: [{name: a, serial: b}]", "disks: [{name: a}]"),
          devices(
              "DISK-16",
              "disks: [{name: a, shareable: true}]",
              "disks: [{name: a, shareable: false}]"),
          devices(
              "DEV-29",
              "disks: [{name: a, cdrom: {bus: sata}}]",
              "disks: [{name: a, disk: {bus: virtio}}]"),
          devices("DEV-12", "disks: [{name: a, lun: {}}]", "disks: [{name: a, disk: {}}]"),
          devices(
              "FW-14",
              "interfaces: [{name: a, bridge: {}, bootOrder: 1}]",
              "interfaces: [{name: a, bridge: {}}]"),
          devices(
              "NET-03",
              "interfaces: [{name: a, slirp: {}}]",
              "interfaces: [{name: a, bridge: {}}]"),
          devices(
              "DEV-12",
              "interfaces: [{name: a, sriov: {}}]",
              "interfaces: [{name: a, bridge: {}}]"),
          devices(
              "DEV-36",
              "interfaces: [{name: a, model: e1000}]",
              "interfaces: [{name: a, model: virtio}]"),
          devices(
              "DEV-36",
              "interfaces: [{name: a, macvtap: {}}]",
              "interfaces: [{name: a, bridge: {}}]"),
          devices("NET-02", "interfaces: [{name: a, dhcpOptions: {}}]", "interfaces: [{name: a}]"),
          domain(
              "FW-03",
              "firmware: {bootloader: {efi: {persistent: true, secureBoot: false}}}",
              "firmware: {bootloader: {efi: {persistent: false, secureBoot: false}}}"),
          domain(
              "FW-06",
              "firmware: {bootloader: {efi: {}}}",
              "firmware: {bootloader: {efi: {secureBoot: false}}}"),
          domain("FW-10", "firmware: {acpi: {slicNameRef: a}}", "firmware: {}"),
          domain(
              "POL-23",
              "firmware: {kernelBoot: {container: {image: 'a" + PIN + "'}}}",
              "firmware: {}"),
          domain(
              "FW-21",
              "firmware: {kernelBoot: {container: {image: a}}}",
              "firmware: {kernelBoot: {container: {image: 'a" + PIN + "'}}}"),
          domain("PROV-13", "firmware: {serial: 'ds=nocloud;s=http://a'}", "firmware: {serial: a}"),
          domain("FW-12", "firmware: {serial: a}", "firmware: {}"),
          domain(
              "PROV-17", "firmware: {uuid: ec2aaaaa-1111-2222-3333-444444444444}", "firmware: {}"),
          domain(
              "PROV-17",
              "chassis: {asset: 7783-7084-3265-9085-8269-3286-77}",
              "chassis: {asset: a}"),
          domain("DEV-24", "features: {hyperv: {}}", "features: {acpi: {}}"),
          domain("FW-06", "features: {smm: {}}", "features: {smm: {enabled: false}}"),
          domain("DEV-23", "clock: {timer: {kvm: {}}}", "clock: {timer: {kvm: {present: false}}}"),
          domain("POL-39", "cpu: {model: host-passthrough}", "cpu: {model: EPYC-Milan}"),
          domain("POL-38", "cpu: {model: a, maxSockets: 4}", "cpu: {model: a}"),
          domain("POL-38", "memory: {guest: 1Gi, maxGuest: 2Gi}", "memory: {guest: 1Gi}"),
          domain(
              "DEV-38",
              "cpu: {model: a, features: [{name: svm}]}",
              "cpu: {model: a, features: [{name: svm, policy: disable}]}"),
          spec("PROV-01", "volumes: [{name: a, cloudInitNoCloud: {}}]", "volumes: []"),
          spec("PROV-02", "volumes: [{name: a, cloudInitConfigDrive: {}}]", "volumes: []"),
          spec(
              "PROV-31",
              "volumes: [{name: a, cloudInitNoCloud: {userData: \"#cloud-config\\npassword: a\"}}]",
              "volumes: [{name: a, cloudInitNoCloud: {userData: \"#cloud-config\\nhostname: a\"}}]"),
          spec(
              "PROV-31",
              "volumes: [{name: a, cloudInitNoCloud: {userDataBase64: "
                  + UserDataCases.base64("#cloud-config\npassword: a")
                  + "}}]",
              "volumes: [{name: a, cloudInitNoCloud: {userDataBase64: "
                  + UserDataCases.base64("#cloud-config\nhostname: a")
                  + "}}]"),
          spec("PROV-06", "volumes: [{name: a, sysprep: {}}]", "volumes: []"),
          spec("PROV-28", "volumes: [{name: a, secret: {secretName: b}}]", "volumes: []"),
          spec("PROV-28", "volumes: [{name: a, configMap: {name: b}}]", "volumes: []"),
          spec(
              "PROV-28",
              "volumes: [{name: a, containerDisk: {image: 'a" + PIN + "'}}]",
              "volumes: []"),
          spec(
              "DISK-23",
              "volumes: [{name: a, containerDisk: {image: a}}]",
              "volumes: [{name: a, containerDisk: {image: 'a" + PIN + "'}}]"),
          spec("DISK-13", "volumes: [{name: a, ephemeral: {}}]", "volumes: []"),
          spec("HOST-02", "volumes: [{name: a, memoryDump: {}}]", "volumes: []"),
          spec("HOST-04", "evictionStrategy: LiveMigrate", "evictionStrategy: None"),
          spec(
              "PROV-02",
              "accessCredentials: [{sshPublicKey: {propagationMethod: {configDrive: {}}}}]",
              "accessCredentials: []"),
          manifest("POL-37", "runStrategy: Always", "runStrategy: Manual"),
          manifest("POL-37", "running: true", "running: false"),
          manifest(
              "DISK-23",
              "dataVolumeTemplates: [{spec: {source: {http: {url: 'https://a/b'}}}}]",
              "dataVolumeTemplates: [{spec: {source: {blank: {}}}}]"),
          new TextCase(
              "HOST-05",
              kubevirt("annotations: {hooks.kubevirt.io/hookSidecars: a}"),
              kubevirt("annotations: {a: b}")),
          new TextCase(
              "HOST-07",
              kubevirt("annotations: {a: ghp_" + "a".repeat(36) + "}"),
              kubevirt("annotations: {a: ghp}")),
          new TextCase(
              "ORCH-01",
              secret(UserDataCases.base64("AKIA" + "A".repeat(16))),
              secret(UserDataCases.base64("a"))));

  static final List<TextCase> KCLI =
      List.of(
          plan("POL-01", "numcpus: 2", "numcpus: 2\n  confidential: true"),
          plan("HOST-05", "qemuextra: -s", "qemuextra: ''"),
          plan("PROV-01", "image: fedora", "image: fedora\n  cloudinit: false"),
          plan("PROV-10", "image: fcos\n  cloudinit: false", "image: fedora\n  cloudinit: false"),
          plan("PROV-31", "rootpassword: unix1234", "memory: 1024"),
          plan("PROV-32", "cmds:\n  - curl https://a/b | sh", "cmds:\n  - echo a | sh"),
          plan("PROV-33", "sharedkey: true", "sharedkey: false"),
          plan("ORCH-01", "rhnpassword: a", "rhnpassword: ''"),
          plan(
              "ORCH-01",
              "files:\n  - path: /a\n    content: AKIA" + "A".repeat(16),
              "files:\n  - path: /a\n    content: b"),
          plan("DEV-05", "numcpus: 2", "numcpus: 2\n  guestagent: false"),
          plan("DEV-08", "vnc: true", "vnc: false"),
          plan("DEV-16", "tpm: true", "tpm: false"),
          plan("DEV-21", "rng: true", "rng: false"),
          plan("DEV-01", "sharedfolders: [a]", "sharedfolders: []"),
          plan("DEV-12", "pcidevices: ['01:00.0']", "pcidevices: []"),
          plan("DEV-29", "iso: a.iso", "iso: ''"),
          plan("DEV-38", "nested: true", "nested: false"),
          plan("POL-39", "cpumodel: host-model", "cpumodel: EPYC-Milan"),
          plan("POL-37", "autostart: true", "autostart: false"),
          plan("POL-38", "cpuhotplug: true", "cpuhotplug: false"),
          plan("FW-03", "uefi: true", "uefi: false"),
          plan("HOST-07", "storemetadata: true", "storemetadata: false"),
          plan("DISK-23", "image: https://a/b.qcow2", "image: b"),
          new TextCase(
              "DISK-23",
              "a:\n  type: image\n  url: https://a/b\nb:\n  numcpus: 1\n",
              "a:\n  type: image\nb:\n  numcpus: 1\n"));

  private ManifestCases() {}

  private static String kubevirt(String metadata) {
    return "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {%s}\nspec: {}\n"
        .formatted(metadata);
  }

  private static String secret(String value) {
    return kubevirt("name: a") + "---\napiVersion: v1\nkind: Secret\ndata: {a: " + value + "}\n";
  }

  private static TextCase manifest(String id, String tripping, String passing) {
    String head = "apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nspec: {%s}\n";
    return new TextCase(id, head.formatted(tripping), head.formatted(passing));
  }

  private static TextCase spec(String id, String tripping, String passing) {
    String head = "template: {spec: {%s}}";
    return manifest(id, head.formatted(tripping), head.formatted(passing));
  }

  private static TextCase domain(String id, String tripping, String passing) {
    String head = "domain: {%s}";
    return spec(id, head.formatted(tripping), head.formatted(passing));
  }

  private static TextCase devices(String id, String tripping, String passing) {
    return domain(id, "devices: {" + tripping + "}", "devices: {" + passing + "}");
  }

  private static TextCase plan(String id, String tripping, String passing) {
    String head = "vm1:\n  numcpus: 1\n  %s\n";
    return new TextCase(id, head.formatted(tripping), head.formatted(passing));
  }
}
