package dev.remit.exposure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Location;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class ManifestTest {
  static final List<TextCase> KUBEVIRT = ManifestCases.KUBEVIRT;
  static final List<TextCase> KCLI = ManifestCases.KCLI;

  @ParameterizedTest
  @FieldSource("KUBEVIRT")
  void findsEachSignOfKubeVirtAndNothingInItsTwin(TextCase each) throws MalformedException {
    assertTrips(each, kubevirt(each.tripping()), kubevirt(each.passing()));
  }

  @ParameterizedTest
  @FieldSource("KCLI")
  void findsEachSignOfKcliAndNothingInItsTwin(TextCase each) throws MalformedException {
    assertTrips(each, kcli(each.tripping()), kcli(each.passing()));
  }

  /** In the twin fewer times, for some signs are there in any case. */
  private static void assertTrips(TextCase each, List<Finding> tripped, List<Finding> passed) {
    assertThat(count(each.id(), tripped)).isGreaterThan(count(each.id(), passed));
  }

  private static long count(String id, List<Finding> findings) {
    return findings.stream().filter(finding -> finding.id().equals(id)).count();
  }

  @ParameterizedTest
  @FieldSource("KUBEVIRT")
  void knowsEveryManifestForOne(TextCase each) {
    assertThat(Detection.ofText(each.tripping())).contains(SubjectKind.KUBEVIRT);
  }

  @ParameterizedTest
  @FieldSource("KCLI")
  void knowsEveryPlanForOne(TextCase each) {
    assertThat(Detection.ofText(each.tripping())).contains(SubjectKind.KCLI);
  }

  @Test
  void tellsWhatAMachineAsksFor() throws MalformedException {
    assertThat(used("snp: {}")).containsExactly(Technology.SEV_SNP);
    assertThat(used("sev: {}")).containsExactly(Technology.SEV);
    assertThat(used("sev: {policy: {encryptedState: true}}")).containsExactly(Technology.SEV_ES);
    assertThat(used("tdx: {}")).containsExactly(Technology.TDX);
    assertThat(used("")).containsExactly(Technology.S390_PV);
  }

  private static Set<Technology> used(String security) throws MalformedException {
    return KubeVirtManifest.check(
        "apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nspec: {domain: {launchSecurity: {"
            + security
            + "}}}\n",
        new TextInFile("it", ""),
        new Findings(),
        broken -> {});
  }

  @Test
  void pointsIntoUserDataInABlock() throws MalformedException {
    var found =
        kubevirt(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachine
            spec:
              template:
                spec:
                  volumes:
                  - name: seed
                    cloudInitNoCloud:
                      userData: |
                        #cloud-config
                        hostname: a
                        ssh_pwauth: true
            """);
    var login = found.stream().filter(each -> each.id().equals("PROV-31")).toList();
    assertThat(login).hasSize(1);
    assertThat(login.getFirst().at())
        .isInstanceOfSatisfying(
            Location.InText.class,
            at -> assertThat(List.of(at.line(), at.column())).containsExactly(12, 25));
  }

  @Test
  void looksIntoListsAndSeveralDocuments() throws MalformedException {
    var found =
        kubevirt(
            """
            kind: Namespace
            apiVersion: v1
            ---
            kind: List
            apiVersion: v1
            items:
            - apiVersion: kubevirt.io/v1
              kind: VirtualMachineInstance
              spec: {domain: {devices: {tpm: {}}}}
            """);
    assertThat(found).anyMatch(each -> each.id().equals("DEV-16"));
  }

  @Test
  void looksAtADocumentBesideTheItemsInIt() throws MalformedException {
    var found =
        kubevirt(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            spec: {domain: {devices: {tpm: {}}}}
            items:
            - {}
            - kind: List
              items:
              - apiVersion: kubevirt.io/v1
                kind: VirtualMachineInstance
                spec: {domain: {devices: {rng: {}}}}
            """);
    assertThat(found).extracting(Finding::id).contains("DEV-16", "DEV-21");
  }

  @Test
  void looksAtItemsThatHaveTheirKindOfTheirList() throws MalformedException {
    String list =
        """
        apiVersion: %s
        kind: VirtualMachineInstanceList
        items:
        - spec: {domain: {devices: {tpm: {}}}}
        """;
    assertThat(kubevirt(list.formatted("kubevirt.io/v1")))
        .extracting(Finding::id)
        .contains("DEV-16");
    assertThat(kubevirt(list.formatted("example.org/v1"))).isEmpty();
  }

  @Test
  void givesKernelArgumentsToTheRulesAboutThem() throws MalformedException {
    var found =
        kubevirt(
            "apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nspec: {domain: {firmware:"
                + " {kernelBoot: {kernelArgs: 'quiet init=/bin/sh'}}}}\n");
    assertThat(found).anyMatch(each -> each.id().equals("PROV-24"));
  }

  private static List<Finding> kubevirt(String text) throws MalformedException {
    var findings = new Findings();
    KubeVirtManifest.check(
        text,
        new TextInFile("it", text),
        findings,
        broken -> {
          throw new AssertionError(broken);
        });
    return findings.all();
  }

  private static List<Finding> kcli(String text) throws MalformedException {
    var findings = new Findings();
    KcliPlan.check(text, new TextInFile("it", text), findings);
    return findings.all();
  }
}
