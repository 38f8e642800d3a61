package dev.remit.spec;

import static dev.remit.spec.Documents.HOST;
import static dev.remit.spec.Documents.SPEC;
import static dev.remit.spec.Documents.host;
import static dev.remit.spec.Documents.problems;
import static dev.remit.spec.Documents.readHost;
import static dev.remit.spec.Documents.readSpec;
import static dev.remit.spec.Documents.sentences;
import static dev.remit.spec.Documents.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.Code;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each document has one fault, and the mark ^ where it must be reported. */
class BadSpecTest {
  private static final char MARK = '^';
  private static final String POLICY =
      "policy: {debug: false, keySharing: false, migration: false, minApi: \"1.51\"}";
  private static final String SECRET =
      "- {name: root-disk, from: {file: disk.key}, guid: 736869e5-84f0-4973-92ec-06879ce3da0b}";
  private static final String DISK =
      "- {name: root, file: root.luks, protection: luks2-guest, header: root.header}";
  private static final String DISK_RISK =
      "- {risk: no-disk-integrity, reason: tested, until: 2027-03-31}";
  private static final String CONSOLE_RISK =
      "- {risk: host-reads-console, reason: tested, until: 2027-03-31}";
  private static final String CHIP = "0123456789abcdef".repeat(8);

  record Bad(Code code, String what, String document) {
    String text() {
      return document.replace(String.valueOf(MARK), "");
    }

    String expected() {
      String before = document.substring(0, document.indexOf(MARK));
      long line = before.chars().filter(c -> c == '\n').count() + 1;
      int column = before.length() - (before.lastIndexOf('\n') + 1) + 1;
      return code + " " + line + ":" + column;
    }

    @Override
    public String toString() {
      return code + ": " + what;
    }
  }

  private static Bad bad(Code code, String what, String document) {
    return new Bad(code, what, document);
  }

  @ParameterizedTest
  @MethodSource("specs")
  void refusesASpecWithOneFaultAtItsPlaceAndForNothingElse(Bad bad) {
    var problems = problems(readSpec(bad.text()));
    assertThat(sentences(problems)).containsExactly(bad.expected());
    assertThat(problems.getFirst().what()).isEqualTo(bad.what());
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void refusesAHostWithOneFaultAtItsPlaceAndForNothingElse(Bad bad) {
    var problems = problems(readHost(bad.text()));
    assertThat(sentences(problems)).containsExactly(bad.expected());
    assertThat(problems.getFirst().what()).isEqualTo(bad.what());
  }

  static Stream<Bad> specs() {
    return Stream.of(
            text(),
            document(),
            shape(),
            values(),
            otherKinds(),
            provisioning(),
            secrets(),
            meaning(),
            risks())
        .flatMap(bads -> bads);
  }

  private static Stream<Bad> text() {
    return Stream.of(
        bad(Code.NOT_YAML, "the file starts with a byte order mark", MARK + "\ufeff" + SPEC),
        bad(
            Code.NOT_YAML,
            "the file has a character that YAML does not allow",
            spec("tier: data", "tier: da^\0ta")),
        bad(
            Code.NOT_YAML,
            "the file has a character that YAML does not allow",
            spec("tier: data", "tier: da^\u001b[2Jta")),
        bad(
            Code.NOT_YAML,
            "the text is not YAML",
            spec("[milan, genoa]", "[milan, genoa\n  boot^: x")),
        bad(Code.NOT_YAML, "the text is not YAML", spec("  profile: lab", "^\tprofile: lab")),
        bad(Code.NOT_YAML, "the text is not YAML", spec("tier: data", "tier: *^")),
        bad(
            Code.DOCUMENT_TOO_LARGE,
            "the document is too deep or has too many values",
            spec("tier: data", "tier: " + "[".repeat(29) + "^[" + "]".repeat(30))));
  }

  private static Stream<Bad> document() {
    return Stream.of(
        bad(Code.WRONG_DOCUMENT, "the file is empty", "^"),
        bad(Code.WRONG_DOCUMENT, "the file is empty", "^# a comment\n"),
        bad(Code.WRONG_DOCUMENT, "the document is not a mapping", "^- a\n- b\n"),
        bad(
            Code.WRONG_DOCUMENT,
            "kind is \"Host\" and not ConfidentialVm",
            HOST.replace("Host", "^Host")),
        bad(
            Code.WRONG_DOCUMENT,
            "apiVersion is \"remit.dev/v2\" and not remit.dev/v1alpha1",
            spec("remit.dev/v1alpha1", "^remit.dev/v2")),
        bad(Code.WRONG_DOCUMENT, "a second document follows", SPEC + "^---\n" + SPEC),
        bad(Code.WRONG_VALUE, "a directive stands before the document", "^%YAML 1.1\n---\n" + SPEC),
        bad(Code.WRONG_VALUE, "an anchor stands here", spec("tier: data", "tier: ^&here data")),
        bad(Code.WRONG_VALUE, "an alias stands here", spec("tier: data", "tier: ^*there")),
        bad(Code.WRONG_VALUE, "a tag stands here", spec("tier: data", "tier: ^!!str data")),
        bad(
            Code.WRONG_VALUE,
            "a tag stands here",
            spec("tier: data", "tier: ^!!javax.script.ScriptEngineManager x")),
        bad(
            Code.WRONG_TYPE,
            "a key must be text",
            spec("profile: lab", "^[profile]: lab\n  profile: lab")),
        bad(
            Code.UNKNOWN_KEY,
            "resources has no key \"<<\"",
            spec("{vcpus: 4", "{^<<: {vcpus: 1}, vcpus: 4")));
  }

  private static Stream<Bad> shape() {
    return Stream.of(
        bad(
            Code.DUPLICATE_KEY,
            "the key \"vcpus\" stands twice",
            spec("vcpus: 4", "vcpus: 4, ^vcpus: 5")),
        bad(Code.UNKNOWN_KEY, "resources has no key \"vcpu\"", spec("vcpus: 4", "^vcpu: 4")),
        bad(Code.UNKNOWN_KEY, "spec has no key \"proof\"", SPEC + "  ^proof: {canaries: 3}\n"),
        bad(Code.UNKNOWN_KEY, "the document has no key \"status\"", SPEC + "^status: {}\n"),
        bad(
            Code.MISSING_KEY,
            "resources has no vcpus",
            spec("resources: {vcpus: 4, ", "^resources: {")),
        bad(Code.MISSING_KEY, "spec has no profile", spec("spec:\n  profile: lab\n", "^spec:\n")),
        bad(Code.MISSING_KEY, "the document has no kind", "^" + spec("kind: ConfidentialVm\n", "")),
        bad(
            Code.MISSING_KEY,
            "spec has no secrets",
            spec("spec:\n", "^spec:\n").replace("  secrets:\n    " + SECRET + "\n", "")),
        bad(Code.MISSING_KEY, "policy has no minApi", spec(POLICY, "^policy: {debug: false}")),
        bad(
            Code.MISSING_KEY,
            "item 1 of disks has no header",
            spec(DISK, "- ^{name: root, file: root.luks, protection: luks2-guest}")),
        bad(Code.WRONG_TYPE, "vcpus must be a whole number", spec("vcpus: 4", "vcpus: ^\"4\"")),
        bad(Code.WRONG_TYPE, "vcpus must be a whole number", spec("vcpus: 4", "vcpus: ^4.0")),
        bad(Code.WRONG_TYPE, "vcpus must be a whole number", spec("vcpus: 4", "vcpus: ^1e9999")),
        bad(Code.WRONG_TYPE, "vcpus must be a whole number", spec("vcpus: 4", "vcpus: ^0x4")),
        bad(Code.WRONG_TYPE, "debug must be true or false", spec("debug: false", "debug: ^no")),
        bad(Code.WRONG_TYPE, "minApi must be text", spec("\"1.51\"", "^1.51")),
        bad(Code.WRONG_TYPE, "name must be text", spec("name: db-1", "name: ^1")),
        bad(Code.WRONG_TYPE, "tier must be text", spec("tier: data", "tier: ^true")),
        bad(Code.WRONG_TYPE, "data must be text", spec("tier: data", "data: ^1")),
        bad(
            Code.WRONG_TYPE,
            "generations must be a list",
            spec("generations: [milan, genoa]", "generations: ^milan")),
        bad(
            Code.WRONG_TYPE,
            "devices must be a mapping",
            spec("devices: {console: serial, network: []}", "devices: ^serial")),
        bad(Code.WRONG_TYPE, "labels must be a mapping", spec("labels: {tier: data}", "labels:^ ")),
        bad(
            Code.WRONG_TYPE,
            "firmware must be a path, or a mapping with file and digest",
            spec("firmware: {file: OVMF.fd}", "firmware: ^[OVMF.fd]")));
  }

  private static Stream<Bad> values() {
    String name = "name must be 1 to 63 of a-z, 0-9 and hyphen";
    String memory = "memory must be a number with the unit Mi or Gi, from 64Mi to 16384Gi";
    String cmdline = "cmdline must be one line of at most 2047 printable ASCII characters";
    String minApi = "minApi must be two numbers from 0 to 255 with a dot between, in quotes";
    String digest = "digest must be sha256: and 64 hex digits";
    return Stream.of(
        bad(Code.WRONG_VALUE, name, spec("name: db-1", "name: ^Db-1")),
        bad(Code.WRONG_VALUE, name, spec("name: db-1", "name: ^../db")),
        bad(Code.WRONG_VALUE, name, spec("name: db-1", "name: ^\"db\\n\"")),
        bad(Code.WRONG_VALUE, name, spec("name: db-1", "name: ^" + "a".repeat(64))),
        bad(
            Code.WRONG_VALUE,
            "a key of labels must be 1 to 63 of a-z, 0-9, hyphen, dot and slash",
            spec("{tier: data}", "{^Tier: data}")),
        bad(
            Code.WRONG_VALUE,
            "tier must be a text of at most 253 printable characters",
            spec("tier: data", "tier: ^" + "a".repeat(254))),
        bad(
            Code.WRONG_VALUE,
            "profile must be production, ci or lab",
            spec("profile: lab", "profile: ^prod")),
        bad(
            Code.WRONG_VALUE,
            "vcpus must be a whole number from 1 to 255",
            spec("vcpus: 4", "vcpus: ^0")),
        bad(
            Code.WRONG_VALUE,
            "vcpus must be a whole number from 1 to 255",
            spec("vcpus: 4", "vcpus: ^256")),
        bad(
            Code.WRONG_VALUE,
            "vcpus must be a whole number from 1 to 255",
            spec("vcpus: 4", "vcpus: ^18446744073709551620")),
        bad(Code.WRONG_VALUE, memory, spec("8Gi", "^8G")),
        bad(Code.WRONG_VALUE, memory, spec("8Gi", "^08Gi")),
        bad(Code.WRONG_VALUE, memory, spec("8Gi", "^8.5Gi")),
        bad(Code.WRONG_VALUE, "memory must be from 64Mi to 16384Gi", spec("8Gi", "^63Mi")),
        bad(Code.WRONG_VALUE, "memory must be from 64Mi to 16384Gi", spec("8Gi", "^16385Gi")),
        bad(
            Code.WRONG_VALUE,
            "cpuModel must be a named EPYC model of QEMU",
            spec("EPYC-Milan", "^host")),
        bad(
            Code.WRONG_VALUE,
            "kind must be sev or sev-es, which is what this release launches",
            spec("kind: sev-es", "kind: ^sev-snp")),
        bad(Code.WRONG_VALUE, "debug must be false", spec("debug: false", "debug: ^true")),
        bad(Code.WRONG_VALUE, minApi, spec("\"1.51\"", "^\"1.256\"")),
        bad(Code.WRONG_VALUE, minApi, spec("\"1.51\"", "^\"01.51\"")),
        bad(Code.WRONG_VALUE, minApi, spec("\"1.51\"", "^\"1\"")),
        bad(
            Code.WRONG_VALUE,
            "item 2 of generations must be naples, rome, milan, genoa, turin or simulated",
            spec("[milan, genoa]", "[milan, ^bergamo]")),
        bad(
            Code.WRONG_VALUE,
            "generations must be a list of at least one generation",
            spec("[milan, genoa]", "^[]")),
        bad(
            Code.WRONG_VALUE,
            "item 1 of chips must be 128 hex digits",
            spec("generations: [milan, genoa]", "chips: [^" + CHIP.substring(1) + "]")),
        bad(
            Code.WRONG_VALUE,
            "chips must be a list of at least one chip id",
            spec("generations: [milan, genoa]", "chips: ^[]")),
        bad(
            Code.WRONG_VALUE,
            "secrets must be a list of at least one secret",
            spec("secrets:\n    " + SECRET, "secrets: ^[]")),
        bad(
            Code.WRONG_VALUE,
            "file must be a path without control characters",
            spec("file: vmlinuz", "file: ^\"vm\\0linuz\"")),
        bad(
            Code.WRONG_VALUE,
            "kernel must be a path, or a mapping with file and digest",
            spec("kernel: {file: vmlinuz}", "kernel: ^\"\"")),
        bad(
            Code.WRONG_VALUE,
            digest,
            spec("file: vmlinuz", "file: vmlinuz, digest: ^\"sha256:" + "ab".repeat(31) + "\"")),
        bad(
            Code.WRONG_VALUE,
            digest,
            spec("file: vmlinuz", "file: vmlinuz, digest: ^\"sha384:" + "ab".repeat(32) + "\"")),
        bad(
            Code.WRONG_VALUE,
            cmdline,
            spec(
                "cmdline: root=/dev/mapper/root ro",
                "cmdline: ^|\n      root=/dev/mapper/root ro")),
        bad(
            Code.WRONG_VALUE,
            cmdline,
            spec("cmdline: root=/dev/mapper/root ro", "cmdline: ^" + "a".repeat(2048))),
        bad(
            Code.WRONG_VALUE,
            cmdline,
            spec("cmdline: root=/dev/mapper/root ro", "cmdline: ^\"root=\\0\"")),
        bad(
            Code.WRONG_VALUE,
            cmdline,
            spec("cmdline: root=/dev/mapper/root ro", "cmdline: ^root=é")),
        bad(Code.WRONG_VALUE, "protection must be luks2-guest", spec("luks2-guest", "^luks-host")),
        bad(
            Code.WRONG_VALUE,
            "mode must be none, in-image or sealed",
            spec("mode: in-image", "mode: ^image")),
        bad(
            Code.WRONG_VALUE,
            "console must be none or serial",
            spec("console: serial", "console: ^vnc")),
        bad(
            Code.WRONG_VALUE,
            "network must be an empty list",
            spec("network: []", "network: ^[nat]")),
        bad(
            Code.WRONG_VALUE,
            "reason must be one line of 1 to 300 printable characters",
            spec(
                "reason: tested, until: 2027-03-31}\n    - {risk: host",
                "reason: ^\"  \", until: 2027-03-31}\n    - {risk: host")),
        bad(
            Code.WRONG_VALUE,
            "until must be a date such as 2030-12-31",
            spec(DISK_RISK, "- {risk: no-disk-integrity, reason: tested, until: ^next year}")),
        bad(
            Code.WRONG_VALUE,
            "until must be a date such as 2030-12-31",
            spec(DISK_RISK, "- {risk: no-disk-integrity, reason: tested, until: ^2027-02-30}")));
  }

  private static Stream<Bad> otherKinds() {
    return Stream.of(
        bad(
            Code.NOT_FOR_THIS_TEE,
            "tee has no guestFeatures under sev and sev-es",
            spec("kind: sev-es", "kind: sev-es\n    ^guestFeatures: 1")),
        bad(
            Code.NOT_FOR_THIS_TEE,
            "spec has no identity under sev and sev-es",
            SPEC + "  ^identity: {owner: {key: owner.key}, idBlock: {}}\n"),
        bad(
            Code.NOT_FOR_THIS_TEE,
            "tee has no idBlock under sev and sev-es",
            spec("kind: sev-es", "kind: sev-es\n    ^idBlock: {idKey: a, authorKey: b}")),
        bad(
            Code.NOT_FOR_THIS_TEE,
            "spec has no release under sev and sev-es",
            SPEC + "  ^release: {timeout: 120s, transport: channel}\n"),
        bad(
            Code.NOT_FOR_THIS_TEE,
            "trust has no minimumTcb under sev and sev-es",
            spec("[milan, genoa]", "[milan, genoa]\n    ^minimumTcb: {file: tcb-floor.yaml}")));
  }

  private static Stream<Bad> provisioning() {
    String asked = "cmdline: root=/dev/mapper/root ro remit.seed=1";
    String plain = " has no key \"%s\": no user data in clear";
    return Stream.of(
        bad(
            Code.CONTRADICTION,
            "mode in-image has no userData",
            spec("mode: in-image", "mode: in-image, ^userData: user-data.yaml")),
        bad(
            Code.CONTRADICTION,
            "mode none has no volume",
            spec("mode: in-image", "mode: none, ^volume: user-data.yaml.sealed")),
        bad(
            Code.MISSING_KEY,
            "provisioning has no userData",
            sealed("mode: sealed").replace("  provisioning", "  ^provisioning")),
        bad(
            Code.WRONG_TYPE,
            "userData must be text",
            sealed("mode: sealed, userData: ^[user-data.yaml]")),
        bad(
            Code.WRONG_VALUE,
            "userData must be a path without control characters, and not the text itself",
            sealed("mode: sealed, userData: ^\"#cloud-config\"")),
        bad(
            Code.WRONG_VALUE,
            "userData must be a path without control characters, and not the text itself",
            sealed("mode: sealed, userData: ^\"a\\nb\"")),
        bad(
            Code.WRONG_VALUE,
            "volume must be a path without control characters",
            sealed("mode: sealed, userData: a, volume: ^\"\"")),
        bad(
            Code.CONTRADICTION,
            "provisioning is sealed and the command line does not ask for it",
            sealed("mode: sealed, userData: a").replace(asked, "cmdline: ^root=x remit.seeds=1")),
        bad(
            Code.WRONG_VALUE,
            "the command line has the word remit.seed twice",
            sealed("mode: sealed, userData: a")
                .replace(asked, "cmdline: ^remit.seed=1 remit.seed=1")),
        bad(
            Code.WRONG_VALUE,
            "the command line has the word remit.seed twice",
            sealed("mode: sealed, userData: a")
                .replace(asked, "cmdline: ^remit.seed=0 remit.seed=1")),
        bad(
            Code.WRONG_VALUE,
            "the command line has the word remit.secret twice",
            spec("cmdline: root", "cmdline: ^remit.secret=efi remit.secret=devmem root")),
        bad(
            Code.WRONG_VALUE,
            "the command line has the word panic twice",
            spec("cmdline: root", "cmdline: ^panic=-1 panic= root")),
        bad(
            Code.WRONG_VALUE,
            "the command line has the word panic twice",
            spec("cmdline: root", "cmdline: ^panic=-1 \"panic=0\" root")),
        bad(
            Code.WRONG_VALUE,
            "remit.seed on the command line has another value than 1",
            sealed("mode: sealed, userData: a").replace(asked, "cmdline: ^root=x remit.seed=10")),
        bad(
            Code.WRONG_VALUE,
            "remit.seed on the command line has another value than 1",
            spec("cmdline: root", "cmdline: ^remit.seed root")),
        bad(
            Code.CONTRADICTION,
            "the command line asks for sealed user data and there is none",
            spec("cmdline: root=/dev/mapper/root ro", asked.replace(": ", ": ^"))),
        bad(
            Code.DUPLICATE_NAME,
            "disks has the name seed of the sealed user data",
            sealed("mode: sealed, userData: a").replace("{name: root,", "{name: ^seed,")),
        bad(
            Code.DUPLICATE_NAME,
            "secrets has the name seed of the sealed user data",
            sealed("mode: sealed, userData: a").replace("{name: root-disk,", "{name: ^seed,")),
        bad(
            Code.DUPLICATE_NAME,
            "two secrets have one guid",
            sealed("mode: sealed, userData: a")
                .replace(
                    "736869e5-84f0-4973-92ec-06879ce3da0b",
                    "^2d2a0384-3ff0-49aa-806d-e43a25759982")),
        bad(
            Code.CONTRADICTION,
            "two disks are the same file",
            sealed("mode: sealed, userData: a, volume: b").replace("root.luks", "^b/seed.luks")),
        bad(
            Code.WRONG_VALUE,
            "there is no mode \"nocloud\": no user data in clear",
            spec("mode: in-image", "mode: ^nocloud")),
        bad(
            Code.WRONG_VALUE,
            "there is no mode \"ConfigDrive\": no user data in clear",
            spec("mode: in-image", "mode: ^ConfigDrive")),
        bad(
            Code.UNKNOWN_KEY,
            "spec" + plain.formatted("cloudInit"),
            SPEC + "  ^cloudInit: {userData: user-data.yaml}\n"),
        bad(
            Code.UNKNOWN_KEY,
            "spec" + plain.formatted("cloud-init"),
            SPEC + "  ^cloud-init: user-data.yaml\n"),
        bad(
            Code.UNKNOWN_KEY,
            "devices" + plain.formatted("cidata"),
            spec("network: []", "network: [], ^cidata: seed.iso")),
        bad(
            Code.UNKNOWN_KEY,
            "spec" + plain.formatted("user_data"),
            SPEC + "  ^user_data: user-data.yaml\n"),
        bad(
            Code.UNKNOWN_KEY,
            "provisioning has no key \"user-data\"",
            sealed("mode: sealed, ^user-data: user-data.yaml")));
  }

  private static String sealed(String provisioning) {
    return spec("mode: in-image", provisioning)
        .replace(
            "cmdline: root=/dev/mapper/root ro", "cmdline: root=/dev/mapper/root ro remit.seed=1");
  }

  private static Stream<Bad> secrets() {
    String literal = "a secret must not be written here";
    return Stream.of(
        bad(Code.SECRET_LITERAL, literal, spec("from: {file: disk.key}", "^from: hunter2")),
        bad(Code.SECRET_LITERAL, literal, spec("from: {file: disk.key}", "^from: [hunter2]")),
        bad(Code.SECRET_LITERAL, literal, spec("{file: disk.key}", "{^literal: hunter2}")),
        bad(
            Code.SECRET_LITERAL,
            literal,
            spec("{file: disk.key}", "{file: disk.key, ^value: hunter2}")),
        bad(Code.SECRET_LITERAL, literal, spec("from: {file: disk.key}", "^password: hunter2")),
        bad(Code.SECRET_LITERAL, literal, spec(SECRET, SECRET + "\n    - ^hunter2")),
        bad(Code.SECRET_LITERAL, literal, SPEC + "  ^password: hunter2\n"));
  }

  private static Stream<Bad> meaning() {
    return Stream.of(
        bad(
            Code.DUPLICATE_NAME,
            "generations has the same item twice",
            spec("[milan, genoa]", "^[milan, milan]")),
        bad(
            Code.DUPLICATE_NAME,
            "secrets has the name \"root-disk\" twice",
            spec(
                SECRET,
                SECRET + "\n    - {name: ^root-disk, from: {file: b}, guid: " + guid(2) + "}")),
        bad(
            Code.DUPLICATE_NAME,
            "disks has the name \"root\" twice",
            spec(
                DISK, DISK + "\n    - {name: ^root, file: b, protection: luks2-guest, header: c}")),
        bad(
            Code.DUPLICATE_NAME,
            "two secrets have one guid",
            spec(
                SECRET,
                SECRET
                    + "\n    - {name: b, from: {file: b}, guid: ^736869E5-84F0-4973-92EC-06879CE3DA0B}")),
        bad(
            Code.WRONG_VALUE,
            "the guid belongs to the table of secrets itself",
            spec("736869e5-84f0-4973-92ec-06879ce3da0b", "^1e74f542-71dd-4d66-963e-ef4287ff173b")),
        bad(
            Code.WRONG_VALUE,
            "the guid belongs to the table of secrets itself",
            spec("736869e5-84f0-4973-92ec-06879ce3da0b", "^" + guid(0))),
        bad(
            Code.WRONG_VALUE,
            "guid must be a UUID",
            spec("736869e5-84f0-4973-92ec-06879ce3da0b", "^736869e5-84f0-4973-92ec-06879ce3da0")),
        bad(
            Code.CONTRADICTION,
            "two disks are the same file",
            spec(
                DISK,
                DISK
                    + "\n    - {name: b, file: ^./a/../root.luks, protection: luks2-guest, header: c}")),
        bad(
            Code.CONTRADICTION,
            "trust names generations and chips",
            spec("[milan, genoa]", "[milan, genoa]\n    ^chips: [" + CHIP + "]")),
        bad(
            Code.MISSING_KEY,
            "trust names neither generations nor chips",
            spec("trust:\n    generations: [milan, genoa]", "^trust: {}")),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "profile production refuses the risk sev-key-sharing",
            production().replace("keySharing: false", "keySharing: ^true")),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "profile production refuses the risk sev-migration",
            production().replace("migration: false", "migration: ^true")),
        bad(
            Code.SIMULATED_HOST,
            "profile production refuses a simulated processor",
            production().replace("[milan, genoa]", "[milan, ^simulated]")));
  }

  private static Stream<Bad> risks() {
    return Stream.of(
        bad(
            Code.NOT_ACKNOWLEDGED,
            "the risk no-disk-integrity must be acknowledged",
            spec("    " + DISK_RISK + "\n", "").replace(DISK, "- ^" + DISK.substring(2))),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "the risk host-reads-console must be acknowledged",
            spec("    " + CONSOLE_RISK + "\n", "").replace("console: serial", "console: ^serial")),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "the risk extracted-keys must be acknowledged",
            spec("[milan, genoa]", "[milan, ^naples]")),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "the risk sev-without-es must be acknowledged",
            spec("kind: sev-es", "kind: ^sev")),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "the risk sev-key-sharing must be acknowledged",
            spec("keySharing: false", "keySharing: ^true")),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "the risk sev-migration must be acknowledged",
            spec("migration: false", "migration: ^true")),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "profile production refuses the risk sev-without-es",
            production().replace("kind: sev-es", "kind: ^sev")),
        bad(
            Code.ACKNOWLEDGMENT,
            "nothing here takes the risk sev-without-es",
            spec(
                DISK_RISK,
                DISK_RISK + "\n    - {risk: ^sev-without-es, reason: r, until: 2027-03-31}")),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "profile production refuses the risk host-reads-console",
            production().replace("console: none", "console: ^serial")),
        bad(
            Code.NOT_ACKNOWLEDGED,
            "profile production refuses the risk extracted-keys",
            production().replace("[milan, genoa]", "[^naples]")),
        bad(
            Code.ACKNOWLEDGMENT,
            "profile production does not let host-reads-console be acknowledged",
            spec("profile: lab", "profile: production").replace("risk: host", "risk: ^host")),
        bad(
            Code.ACKNOWLEDGMENT,
            "nothing here takes the risk host-reads-console",
            spec("console: serial", "console: none").replace("risk: host", "risk: ^host")),
        bad(
            Code.ACKNOWLEDGMENT,
            "nothing here takes the risk no-disk-integrity",
            spec("  disks:\n    " + DISK + "\n", "").replace("risk: no-disk", "risk: ^no-disk")),
        bad(
            Code.ACKNOWLEDGMENT,
            "nothing here takes the risk extracted-keys",
            spec(
                DISK_RISK,
                DISK_RISK + "\n    - {risk: ^extracted-keys, reason: r, until: 2027-03-31}")),
        bad(
            Code.ACKNOWLEDGMENT,
            "the risk no-disk-integrity is acknowledged twice",
            spec(
                DISK_RISK,
                DISK_RISK + "\n    - {risk: ^no-disk-integrity, reason: r, until: 2027-03-31}")),
        bad(
            Code.ACKNOWLEDGMENT,
            "the acknowledgment of no-disk-integrity ended on 2026-11-22",
            spec(DISK_RISK, "- {risk: no-disk-integrity, reason: tested, until: ^2026-11-22}")),
        bad(
            Code.ACKNOWLEDGMENT,
            "there is no risk \"host-reads-consol\" to acknowledge",
            spec("risk: host-reads-console", "risk: ^host-reads-consol")),
        bad(
            Code.ACKNOWLEDGMENT,
            "an acknowledgment names one risk, and not all",
            spec("risk: host-reads-console", "risk: ^\"*\"")),
        bad(
            Code.ACKNOWLEDGMENT,
            "an acknowledgment names one risk, and not all",
            spec("risk: host-reads-console", "risk: ^all")));
  }

  static Stream<Bad> hosts() {
    String not = "Remit does not open this connection";
    return Stream.concat(
        Stream.of(
                "qemu+tcp://rack-7/system",
                "qemu+libssh2://rack-7/system",
                "qemu+ext:///system?command=/tmp/x",
                "qemu+ssh://rack-7/system?no_verify=1",
                "qemu+ssh://rack-7/system?command=/tmp/ssh",
                "qemu+ssh://rack-7/system?socket=/tmp/s",
                "qemu+ssh://rack-7/system?netcat=/tmp/nc",
                "qemu+ssh://rack-7/system?proxy=native",
                "qemu+ssh://rack-7/system?keyfile=a;no_verify=1",
                "qemu+ssh://rack-7/system?keyfile=a&keyfile=b",
                "qemu+ssh://rack-7/system?keyfile",
                "qemu+ssh://rack-7/system?no_tty=0",
                "qemu+ssh://rack-7/system?%6eo_verify=1",
                "qemu+ssh://-oProxyCommand=x/system",
                "qemu+ssh://root:hunter2@rack-7/system",
                "qemu+tls://root@rack-7/system",
                "qemu+tls://rack-7/system?no_verify=1",
                "qemu+tls://rack-7/system?pkipath=%",
                "qemu+tls://rack-7/system?pkipath=%00",
                "qemu:///system?socket=/tmp/s",
                "qemu:///system#fragment",
                "qemu:///embed",
                "qemu:///embed?root=",
                "qemu:///embed?root=a&mode=legacy",
                "qemu:///SYSTEM",
                "QEMU:///system",
                "qemu://rack-7/system",
                "xen:///system",
                "test:///default",
                "system")
            .map(uri -> bad(Code.URI_NOT_ALLOWED, not, host("qemu:///system", "^'" + uri + "'"))),
        Stream.of(
            bad(Code.WRONG_VALUE, "uri must be a libvirt URI", host("qemu:///system", "^''")),
            bad(
                Code.URI_NOT_ALLOWED,
                not,
                host("qemu:///system", "^\"qemu:///embed?root=a\\n&no_verify=1\"")),
            bad(
                Code.WRONG_VALUE,
                "a path at another machine must be absolute",
                host("qemu:///system", "qemu+ssh://rack-7/system")
                    .replace("simulator/qemu", "^simulator/qemu")),
            bad(
                Code.MISSING_KEY,
                "spec has no uri",
                host("spec:\n  uri: qemu:///system", "^spec:")),
            bad(
                Code.UNKNOWN_KEY,
                "spec has no key \"pool\"",
                host("  uri: qemu:///system", "  uri: qemu:///system\n  ^pool: default")),
            bad(
                Code.WRONG_DOCUMENT,
                "kind is \"ConfidentialVm\" and not Host",
                host("Host", "^ConfidentialVm"))));
  }

  private static String production() {
    return spec("profile: lab", "profile: production")
        .replace("console: serial", "console: none")
        .replace("    " + CONSOLE_RISK + "\n", "");
  }

  private static String guid(int number) {
    return "00000000-0000-0000-0000-00000000000" + number;
  }
}
