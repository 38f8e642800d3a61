package dev.remit.spec;

import static dev.remit.spec.Documents.FOLDER;
import static dev.remit.spec.Documents.SPEC;
import static dev.remit.spec.Documents.good;
import static dev.remit.spec.Documents.place;
import static dev.remit.spec.Documents.problems;
import static dev.remit.spec.Documents.readSpec;
import static dev.remit.spec.Documents.sentences;
import static dev.remit.spec.Documents.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Location.InText;
import dev.remit.platform.CpuModel;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import dev.remit.provisioning.SealedVolume;
import dev.remit.spec.Spec.Acknowledgment;
import dev.remit.spec.Spec.Boot;
import dev.remit.spec.Spec.Console;
import dev.remit.spec.Spec.Devices;
import dev.remit.spec.Spec.Disk;
import dev.remit.spec.Spec.InputFile;
import dev.remit.spec.Spec.Provisioning;
import dev.remit.spec.Spec.Resources;
import dev.remit.spec.Spec.SecretReference;
import dev.remit.spec.Spec.Tee;
import dev.remit.spec.Spec.TrustDemand;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SpecReaderTest {
  private static final String HEX = "0123456789abcdef";

  @Test
  void readsEveryField() {
    assertThat(good(readSpec(SPEC)))
        .isEqualTo(
            new Spec(
                "db-1",
                Map.of("tier", "data"),
                Profile.LAB,
                new Resources(4, 8L << 30, CpuModel.named("EPYC-Milan").orElseThrow()),
                new Tee(
                    Protection.SEV_ES, new SevPolicy(true, true, true, true, false, false, 1, 51)),
                new TrustDemand(Set.of(Generation.MILAN, Generation.GENOA), List.of()),
                new Boot(
                    file("OVMF.fd", 13, 22),
                    file("vmlinuz", 14, 20),
                    file("initrd.img", 15, 20),
                    "root=/dev/mapper/root ro"),
                List.of(
                    new SecretReference(
                        "root-disk",
                        FOLDER.resolve("disk.key"),
                        UUID.fromString("736869e5-84f0-4973-92ec-06879ce3da0b"),
                        at(18, 38, 8))),
                List.of(
                    new Disk(
                        "root",
                        file("root.luks", 20, 26),
                        file("root.header", 20, 70),
                        at(20, 14, 4))),
                new Provisioning.InImage(),
                new Devices(Console.SERIAL),
                List.of(
                    new Acknowledgment(
                        Risk.NO_DISK_INTEGRITY,
                        "tested",
                        LocalDate.of(2027, 3, 31),
                        at(24, 14, 17)),
                    new Acknowledgment(
                        Risk.HOST_READS_CONSOLE,
                        "tested",
                        LocalDate.of(2027, 3, 31),
                        at(25, 14, 18)))));
  }

  @Test
  void assumesTheStrictestWhereNothingIsWritten() {
    Spec spec =
        good(
            readSpec(
                """
                apiVersion: remit.dev/v1alpha1
                kind: ConfidentialVm
                metadata: {name: a}
                spec:
                  profile: production
                  resources: {vcpus: 1, memory: 512Mi, cpuModel: EPYC}
                  tee: {kind: sev-es, policy: {minApi: "0.0"}}
                  trust: {generations: [rome]}
                  boot: {firmware: a, kernel: b, initrd: c, cmdline: ""}
                  secrets:
                    - {name: d, from: {file: e}, guid: 736869e5-84f0-4973-92ec-06879ce3da0b}
                """));
    assertThat(spec.tee().policy())
        .isEqualTo(new SevPolicy(true, true, true, true, false, false, 0, 0));
    assertThat(spec.labels()).isEmpty();
    assertThat(spec.disks()).isEmpty();
    assertThat(spec.provisioning()).isEqualTo(new Provisioning.None());
    assertThat(spec.devices().console()).isEqualTo(Console.NONE);
    assertThat(spec.acknowledgments()).isEmpty();
  }

  @Test
  void listsWhatFollowsFromSealedUserData() {
    Spec spec = good(readSpec(sealed("userData: user-data.yaml, volume: a/../sealed")));
    var volume = new SealedVolume(FOLDER.resolve("sealed"));
    var sealed = (Provisioning.Sealed) spec.provisioning();
    assertThat(sealed.userData()).isEqualTo(FOLDER.resolve("user-data.yaml"));
    assertThat(sealed.volume()).isEqualTo(volume);
    assertThat(spec.secrets())
        .extracting(SecretReference::name)
        .containsExactly("root-disk", "seed");
    assertThat(spec.secrets().getLast().file()).isEqualTo(FOLDER.resolve("sealed/seed.key"));
    assertThat(spec.secrets().getLast().guid()).isEqualTo(SealedVolume.SECRET);
    assertThat(spec.disks()).extracting(Disk::name).containsExactly("root", "seed");
    assertThat(spec.disks().getLast().file().path()).isEqualTo(FOLDER.resolve("sealed/seed.luks"));
    assertThat(spec.disks().getLast().header().path())
        .isEqualTo(FOLDER.resolve("sealed/seed.header"));
  }

  @Test
  void takesTheFolderBesideTheUserDataWhereNoneIsWritten() {
    Spec spec = good(readSpec(sealed("userData: conf/user-data.yaml")));
    assertThat(spec.disks().getLast().file().path())
        .isEqualTo(FOLDER.resolve("conf/user-data.yaml.sealed/seed.luks"));
  }

  /** The volume is measured: only the other disks can change unseen. */
  @Test
  void takesNoRiskWithASealedVolumeAlone() {
    String alone =
        sealed("userData: user-data.yaml")
            .replaceAll("  disks:\n.*\n", "")
            .replaceAll("    - \\{risk: no-disk.*\n", "");
    assertThat(good(readSpec(alone)).disks()).extracting(Disk::name).containsExactly("seed");
  }

  @Test
  void showsNoUserDataThatIsWrittenIntoTheSpec() {
    for (String written :
        List.of(
            "  cloudInit: {userData: \"password: hunter2\"}\n",
            "  userData: |\n    #cloud-config\n    chpasswd: hunter2\n",
            "  cloud-init:\n    users: [{name: hunter2}]\n",
            "  user-data: \"#!/bin/sh echo hunter2\"\n")) {
      assertThat(problems(readSpec(SPEC + written)).toString())
          .as(written)
          .contains("PROV-01", "mode: sealed")
          .doesNotContain("hunter2");
    }
    assertThat(problems(readSpec(sealed("userData: \"#cloud-config\\nhunter2\""))).toString())
        .contains("not the text itself")
        .doesNotContain("hunter2");
  }

  private static String sealed(String fields) {
    return spec("provisioning: {mode: in-image}", "provisioning: {mode: sealed, " + fields + "}")
        .replace("root=/dev/mapper/root ro", "root=/dev/mapper/root ro remit.seed=1");
  }

  @Test
  void setsThePolicyBitsThatTheNamesSay() {
    String lax =
        spec("keySharing: false, migration: false", "keySharing: true, migration: true")
            + "    - {risk: sev-key-sharing, reason: tested, until: 2027-03-31}\n"
            + "    - {risk: sev-migration, reason: tested, until: 2027-03-31}\n";
    assertThat(good(readSpec(SPEC)).tee().policy().bits()).isEqualTo(0x3301_000f);
    assertThat(good(readSpec(lax)).tee().policy().bits()).isEqualTo(0x3301_0005);
  }

  @Test
  void readsChips() {
    String chips = spec("generations: [milan, genoa]", "chips: [" + HEX.repeat(8) + "]");
    TrustDemand trust = good(readSpec(chips)).trust();
    assertThat(trust.generations()).isEmpty();
    assertThat(trust.chips()).extracting(Object::toString).containsExactly(HEX.repeat(8));
  }

  @Test
  void letsChipsAcknowledgeExtractedKeysBecauseTheirGenerationIsUnknown() {
    String chips =
        spec("generations: [milan, genoa]", "chips: [" + HEX.repeat(8) + "]")
            + "    - {risk: extracted-keys, reason: old, until: 2027-03-31}\n";
    assertThat(good(readSpec(chips)).acknowledgments()).hasSize(3);
  }

  @Test
  void readsNaplesWhereItsExtractedKeysAreAcknowledged() {
    String naples =
        spec("[milan, genoa]", "[naples]")
            + "    - {risk: extracted-keys, reason: old, until: 2027-03-31}\n";
    assertThat(good(readSpec(naples)).trust().generations()).containsExactly(Generation.NAPLES);
  }

  @Test
  void readsADigestOfEveryFileThatDoesNotChange() {
    String digest = "\"sha256:" + HEX.repeat(4) + "\"";
    String pinned =
        SPEC.replaceAll(
                "\\{file: (OVMF.fd|vmlinuz|initrd.img)}", "{file: $1, digest: " + digest + "}")
            .replace("header: root.header", "header: {file: root.header, digest: " + digest + "}");
    Spec spec = good(readSpec(pinned));
    assertThat(
            List.of(
                spec.boot().firmware(),
                spec.boot().kernel(),
                spec.boot().initrd(),
                spec.disks().getFirst().header()))
        .extracting(InputFile::digest)
        .containsOnly(Optional.of(Bytes.ofHex(HEX.repeat(4))));
  }

  @Test
  void resolvesPathsAgainstTheFolderOfTheDocument() {
    Spec spec =
        good(
            readSpec(
                spec("file: vmlinuz", "file: ../boot/vmlinuz").replace("OVMF.fd", "/o/OVMF.fd")));
    assertThat(spec.boot().kernel().path()).isEqualTo(Path.of("/home/owner/boot/vmlinuz"));
    assertThat(spec.boot().firmware().path()).isEqualTo(Path.of("/o/OVMF.fd"));
  }

  @Test
  void keepsTheCommandLineExactlyAsWritten() {
    String cmdline = "  a=\\\"b c\\\"  quiet ";
    String longest = "a".repeat(2047);
    assertThat(
            good(readSpec(spec("root=/dev/mapper/root ro", '"' + cmdline + '"'))).boot().cmdline())
        .isEqualTo("  a=\"b c\"  quiet ");
    assertThat(good(readSpec(spec("root=/dev/mapper/root ro", longest))).boot().cmdline())
        .isEqualTo(longest);
  }

  @Test
  void countsAnAcknowledgmentOnItsLastDay() {
    String last = SPEC.replace("2027-03-31", Documents.TODAY.toString());
    assertThat(good(readSpec(last)).acknowledgments()).hasSize(2);
  }

  @Test
  void saysWhatTheDesignSaysOfAQuotedNumber() {
    var problem = problems(readSpec(spec("vcpus: 4", "vcpus: \"4\""))).getFirst();
    assertThat(problem.what()).isEqualTo("vcpus must be a whole number");
    assertThat(problem.why()).isEqualTo("the value is text because it is quoted");
    assertThat(problem.fix()).isEqualTo("write 4");
    assertThat(place(problem))
        .isEqualTo(
            new InText(
                "vm.yaml",
                6,
                22,
                3,
                new HostText("  resources: {vcpus: \"4\", memory: 8Gi, cpuModel: EPYC-Milan}")));
  }

  @Test
  void suggestsWhatWasProbablyMeant() {
    assertThat(fix(spec("vcpus: 4", "vCpu: 4"))).isEqualTo("write vcpus");
    assertThat(fix(spec("EPYC-Milan", "epyc-milan"))).isEqualTo("write EPYC-Milan");
    assertThat(fix(spec("profile: lab", "profile: labs"))).isEqualTo("write lab");
    assertThat(fix(spec("kind: sev-es", "kind: tdx"))).isEqualTo("write sev or sev-es");
    assertThat(fix(spec("\"1.51\"", "1.51"))).isEqualTo("write \"1.51\"");
    assertThat(fix(spec("debug: false", "debug: \"false\""))).isEqualTo("write false");
    assertThat(fix(spec("memory: 8Gi", "memory: 8"))).isEqualTo("write 8Gi, for example");
    assertThat(fix(SPEC + "  mouse: 1\n")).isEqualTo("remove it");
  }

  @Test
  void showsInAMissingKeysFixWhatCouldStandThere() {
    assertThat(fix(spec("  resources: {vcpus: 4, memory: 8Gi, cpuModel: EPYC-Milan}\n", "")))
        .isEqualTo("add resources: {vcpus: 4, memory: 8Gi, cpuModel: EPYC-Milan}");
    assertThat(fix(spec(", minApi: \"1.51\"", ""))).isEqualTo("add minApi: \"1.51\"");
  }

  private static String fix(String document) {
    return problems(readSpec(document)).getFirst().fix();
  }

  @Test
  void saysEverythingThatIsWrongAtOnceInTheOrderOfTheText() {
    String bad =
        spec("vcpus: 4", "vcpus: \"4\", vcpus: 5")
            .replace("8Gi", "&a 8G")
            .replace("console: serial", "console: *a, mouse: usb")
            .replace("[milan, genoa]", "[milan, naples]")
            .replace("      kind: sev-es\n", "")
            .replace("cmdline: root=/dev/mapper/root ro", "cmdline: !!str x")
            .replace("2027-03-31", "2025-03-31");
    assertThat(sentences(problems(readSpec(bad))))
        .containsExactly(
            "WRONG_TYPE 6:22",
            "DUPLICATE_KEY 6:27",
            "WRONG_VALUE 6:45",
            "NOT_ACKNOWLEDGED 11:26",
            "WRONG_VALUE 16:14",
            "WRONG_VALUE 22:22",
            "UNKNOWN_KEY 22:26",
            "ACKNOWLEDGMENT 24:56",
            "ACKNOWLEDGMENT 25:57");
  }

  @Test
  void doesNotCallMissingWhatIsMisspeltOrAcknowledgedUnderAnUnknownName() {
    String bad =
        spec("vcpus: 4", "vcpu: 4").replace("risk: no-disk-integrity", "risk: no-disk-integrty");
    assertThat(problems(readSpec(bad)))
        .extracting(problem -> problem.code())
        .containsExactly(Code.UNKNOWN_KEY, Code.ACKNOWLEDGMENT);
  }

  @Test
  void neverRepeatsASecret() {
    for (String from :
        List.of(
            "hunter2",
            "[hunter2]",
            "{value: hunter2}",
            "{\"value\": {deep: [hunter2]}}",
            "{file: disk.key, literal: hunter2}",
            "{file: disk.key}, password: hunter2",
            "{file: disk.key}, unknown: hunter2",
            "|\n        hunter2\n    - name: Bad",
            "\"hunter2",
            "{value: hunter2",
            "{value: \"hunter2",
            "hunter2\0",
            "\ufffehunter2")) {
      String bad =
          spec("from: {file: disk.key}", "from: " + from).replace("name: db-1", "name: Db");
      assertThat(problems(readSpec(bad)).toString()).as(from).doesNotContain("hunter2");
    }
    assertThat(problems(readSpec(spec("profile: lab", "password: \"hunter2"))).toString())
        .doesNotContain("hunter2");
    assertThat(problems(readSpec(spec("profile: lab", "profile: x # ok"))).toString())
        .contains("x # ok");
  }

  private static InputFile file(String name, int line, int column) {
    return new InputFile(FOLDER.resolve(name), Optional.empty(), at(line, column, name.length()));
  }

  private static InText at(int line, int column, int length) {
    return new InText(
        "vm.yaml", line, column, length, new HostText(SPEC.lines().toList().get(line - 1)));
  }
}
