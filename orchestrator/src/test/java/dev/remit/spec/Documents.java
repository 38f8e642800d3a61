package dev.remit.spec;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Location.InText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Documents to read in tests, and the reading of them. */
public final class Documents {
  public static final Path FOLDER = Path.of("/home/owner/vms");
  public static final LocalDate TODAY = LocalDate.of(2026, 11, 23);

  /** A spec that uses every part, and is good. */
  public static final String SPEC =
      """
      apiVersion: remit.dev/v1alpha1
      kind: ConfidentialVm
      metadata: {name: db-1, labels: {tier: data}}
      spec:
        profile: lab
        resources: {vcpus: 4, memory: 8Gi, cpuModel: EPYC-Milan}
        tee:
          kind: sev-es
          policy: {debug: false, keySharing: false, migration: false, minApi: "1.51"}
        trust:
          generations: [milan, genoa]
        boot:
          firmware: {file: OVMF.fd}
          kernel: {file: vmlinuz}
          initrd: {file: initrd.img}
          cmdline: root=/dev/mapper/root ro
        secrets:
          - {name: root-disk, from: {file: disk.key}, guid: 736869e5-84f0-4973-92ec-06879ce3da0b}
        disks:
          - {name: root, file: root.luks, protection: luks2-guest, header: root.header}
        provisioning: {mode: in-image}
        devices: {console: serial, network: []}
        acknowledge:
          - {risk: no-disk-integrity, reason: tested, until: 2027-03-31}
          - {risk: host-reads-console, reason: tested, until: 2027-03-31}
      """;

  public static final String HOST =
      """
      apiVersion: remit.dev/v1alpha1
      kind: Host
      metadata: {name: rack-7}
      spec:
        uri: qemu:///system
        emulator: simulator/qemu
        insecureRoot: simulated-ca.cert
        consoleFolder: /var/lib/remit/console
      """;

  private Documents() {}

  /** The good spec with one part written in another way. */
  static String spec(String part, String replacement) {
    return replaced(SPEC, part, replacement);
  }

  static String host(String part, String replacement) {
    return replaced(HOST, part, replacement);
  }

  private static String replaced(String document, String part, String replacement) {
    if (!document.contains(part)) {
      throw new IllegalArgumentException("the good document has no " + part);
    }
    return document.replace(part, replacement);
  }

  static Read<Spec> readSpec(String text) {
    return SpecReader.read("vm.yaml", FOLDER, utf8(text), TODAY);
  }

  static Read<HostSpec> readHost(String text) {
    return HostReader.read("host.yaml", FOLDER, utf8(text));
  }

  static Bytes utf8(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }

  static <T> T good(Read<T> read) {
    return switch (read) {
      case Read.Good<T> good -> good.value();
      case Read.Rejected<T> rejected ->
          throw new AssertionError("rejected: " + sentences(rejected.problems()));
    };
  }

  static List<Diagnostic> problems(Read<?> read) {
    return switch (read) {
      case Read.Good<?> good -> throw new AssertionError("accepted: " + good.value());
      case Read.Rejected<?> rejected -> rejected.problems();
    };
  }

  /** Each as "CODE line:column". */
  static List<String> sentences(List<Diagnostic> problems) {
    return problems.stream().map(Documents::sentence).toList();
  }

  private static String sentence(Diagnostic problem) {
    InText place = place(problem);
    return problem.code() + " " + place.line() + ":" + place.column();
  }

  static InText place(Diagnostic problem) {
    return (InText) problem.at().orElseThrow();
  }
}
