package dev.remit.exposure;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.spec.HostReader;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Read;
import dev.remit.spec.Spec;
import dev.remit.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Specs and host documents with one sign of an entry, and their twins without it. */
final class SpecCases {
  private static final String BASE =
      """
      apiVersion: remit.dev/v1alpha1
      kind: ConfidentialVm
      metadata: {name: db-1, labels: {tier: data}}
      spec:
        profile: lab
        resources: {vcpus: 4, memory: 8Gi, cpuModel: EPYC-Milan}
        tee: {kind: sev-es, policy: {debug: false, keySharing: false, migration: false, minApi: "1.51"}}
        trust: {generations: [milan]}
        boot: {firmware: a, kernel: b, initrd: c, cmdline: "%s"}
        secrets:
          - {name: key, from: {file: disk.key}, guid: 736869e5-84f0-4973-92ec-06879ce3da0b}
        disks: []
        devices: {console: none, network: []}
        acknowledge: []
      """
          .formatted(KernelCommandLineCases.BASE);

  private static final String HOST =
      """
      apiVersion: remit.dev/v1alpha1
      kind: Host
      metadata: {name: rack-7}
      spec: {uri: qemu+tls://rack-7.example/system}
      """;

  private static final String DISK =
      "disks: [{name: root, file: d, protection: luks2-guest, header: h}]";

  static final List<RuleCase> ALL =
      List.of(
          spec("POL-03", "kind: sev-es", "kind: sev", "sev-without-es"),
          spec("POL-10", "keySharing: false", "keySharing: true", "sev-key-sharing"),
          spec("POL-11", "migration: false", "migration: true", "sev-migration"),
          spec("POL-16", "\"1.51\"", "\"0.0\""),
          spec("POL-43", "[milan]", "[naples]", "extracted-keys"),
          spec("DEV-07", "console: none", "console: serial", "host-reads-console"),
          spec("DISK-05", "disks: []", DISK, Set.of("DISK-06"), "no-disk-integrity"),
          spec("DISK-06", "disks: []", DISK, Set.of("DISK-05"), "no-disk-integrity"),
          spec("HOST-07", "tier: data", "tier: AKIAIOSFODNN7EXAMPLE"),
          spec("ORCH-01", "from: {file: disk.key}", "value: hunter2"),
          new RuleCase("ORCH-05", HOST.replace("+tls://rack-7.example", "://"), HOST, Set.of()));

  private SpecCases() {}

  private static RuleCase spec(String id, String good, String bad, String... risks) {
    return spec(id, good, bad, Set.of(), risks);
  }

  private static RuleCase spec(
      String id, String good, String bad, Set<String> others, String... risks) {
    var given = new ArrayList<String>();
    for (String risk : risks) {
      given.add("{risk: " + risk + ", reason: tested, until: 2027-03-31}");
    }
    String trips =
        BASE.replace(good, bad)
            .replace("acknowledge: []", "acknowledge: [" + String.join(", ", given) + "]");
    return new RuleCase(id, trips, BASE, others);
  }

  private static final Spec SPEC = read(BASE);

  private static Spec read(String text) {
    return switch (SpecReader.read(
        "web.yaml",
        Path.of("/vm"),
        Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8)),
        LocalDate.of(2026, 11, 24))) {
      case Read.Good<Spec>(var spec) -> spec;
      case Read.Rejected<Spec>(var problems) ->
          throw new IllegalStateException(problems.toString());
    };
  }

  /** The entries that a spec or a host document shows; ORCH-01 is refused by its reader. */
  static Set<String> found(String document) {
    var content = Bytes.copyOf(document.getBytes(StandardCharsets.UTF_8));
    var findings = new Findings();
    if (document.contains("kind: Host")) {
      if (!(HostReader.read("host.yaml", Path.of("/vm"), content)
          instanceof Read.Good<HostSpec>(var host))) {
        throw new IllegalArgumentException("the host document is wrong");
      }
      SpecRules.checkHost(SPEC, host, findings);
      return ids(findings);
    }
    return switch (SpecReader.read(
        "web.yaml", Path.of("/vm"), content, LocalDate.of(2026, 11, 24))) {
      case Read.Good<Spec>(var spec) -> {
        SpecRules.check(spec, findings);
        yield ids(findings);
      }
      case Read.Rejected<Spec>(var problems) ->
          problems.stream()
              .map(
                  problem -> problem.code() == Code.SECRET_LITERAL ? "ORCH-01" : problem.toString())
              .collect(Collectors.toSet());
    };
  }

  private static Set<String> ids(Findings findings) {
    return findings.all().stream().map(Finding::id).collect(Collectors.toSet());
  }
}
