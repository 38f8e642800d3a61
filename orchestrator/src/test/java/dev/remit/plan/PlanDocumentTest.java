package dev.remit.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.bytes.Bytes;
import dev.remit.bytes.MalformedException;
import dev.remit.platform.Generation;
import dev.remit.platform.Protection;
import dev.remit.platform.SevPolicy;
import dev.remit.provisioning.SealedVolume;
import dev.remit.report.PlanReport;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Profile;
import dev.remit.spec.Risk;
import dev.remit.spec.Spec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class PlanDocumentTest {
  private static final Map<String, BiConsumer<ObjectNode, String>> REPLACEMENTS =
      Map.of(
          "null", ObjectNode::putNull,
          "number", (json, name) -> json.put(name, 1),
          "array", ObjectNode::putArray,
          "object", ObjectNode::putObject);

  @ParameterizedTest
  @EnumSource
  void isTheSameForTheSameInputs(Protection protection) {
    var first = PlanFixtures.plan(protection);
    var second = PlanFixtures.plan(protection);
    assertThat(PlanDocument.withDigest(first))
        .hasToString(PlanDocument.withDigest(second).toString());
    assertThat(first.digest()).isEqualTo(second.digest());
  }

  @ParameterizedTest
  @EnumSource
  void doesNotDifferFromItselfOnceItWasStored(Protection protection) throws MalformedException {
    var plan = PlanFixtures.plan(protection);
    var stored = PlanDocument.parse(bytes(PlanDocument.withDigest(plan).toPrettyString()));
    assertThat(PlanDocument.differences(stored, plan)).isEmpty();
  }

  @Test
  void beginsWithItsSchemaAndEndsWithItsDigest() {
    var names = PlanDocument.withDigest(PlanFixtures.plan(Protection.SEV)).propertyNames();
    assertThat(names)
        .containsExactly(
            "schema",
            "name",
            "profile",
            "protection",
            "simulated",
            "documents",
            "anchors",
            "endorsement",
            "measurement",
            "identity",
            "trust",
            "exposure",
            "secrets",
            "host",
            "domain",
            "digest");
  }

  @Test
  void hasNoSecretAndNoSessionInIt() {
    var text = PlanDocument.withDigest(PlanFixtures.plan(Protection.SEV_ES)).toString();
    assertThat(text)
        .contains("\"name\":\"disk\"")
        .doesNotContain("password", PlanFixtures.DISK_KEY.base64(), PlanFixtures.DISK_KEY.hex())
        .doesNotContain("dhCert", "<session>", "<uuid>");
  }

  @Test
  void namesTheSealedVolumeAndNothingThatIsInIt() {
    var plan = PlanFixtures.plan(Protection.SEV);
    var volume = new SealedVolume(Path.of("/vm/sealed"));
    var sealed =
        new Plan(
            PlanFixtures.documents(
                PlanFixtures.sealed(plan.spec(), Path.of("/vm/user-data.yaml"), volume.folder()),
                plan.host()),
            new Inputs(
                plan.inputs().measured(),
                plan.inputs().recipe(),
                plan.inputs().expectation(),
                plan.inputs().secretRoom(),
                Optional.of(new SealedSeed(volume, Bytes.ofHex("5e".repeat(32)))),
                plan.inputs().exposure()),
            plan.facts(),
            plan.anchors(),
            plan.chain(),
            plan.endorsements(),
            plan.policy(),
            plan.domain());
    assertThat(PlanDocument.of(sealed).required("provisioning"))
        .hasToString(
            "{\"mode\":\"sealed\",\"volume\":\"/vm/sealed/seed.luks\","
                + "\"header\":\"/vm/sealed/seed.header\",\"volumeSha256\":\""
                + "5e".repeat(32)
                + "\",\"secret\":\"2d2a0384-3ff0-49aa-806d-e43a25759982\"}");
    assertThat(PlanDocument.differences(PlanDocument.withDigest(plan), sealed))
        .containsExactly("secrets", "provisioning", "digest");
    assertThat(PlanDocument.differences(PlanDocument.withDigest(sealed), plan))
        .containsExactly("secrets", "digest", "provisioning");
    assertThat(PlanReport.of(sealed).text())
        .contains("user data sealed in /vm/sealed/seed.luks, sha256:" + "5e".repeat(32));
  }

  static Stream<Arguments> changes() {
    var spec = PlanFixtures.spec(Protection.SEV);
    var host = PlanFixtures.host();
    var facts = PlanFixtures.facts();
    var other = PlanFixtures.platform();
    return Stream.of(
        Arguments.of(
            "name",
            PlanFixtures.plan(PlanFixtures.named(spec, "web-2"), host, facts),
            List.of("name", "domain")),
        Arguments.of(
            "profile",
            PlanFixtures.plan(PlanFixtures.with(spec, Profile.CI), host, facts),
            List.of("profile")),
        Arguments.of(
            "vCPUs",
            PlanFixtures.plan(
                PlanFixtures.with(
                    spec, new Spec.Resources(3, 512L << 20, spec.resources().cpuModel())),
                host,
                facts),
            List.of("domain")),
        Arguments.of(
            "guest policy",
            PlanFixtures.plan(
                PlanFixtures.with(
                    PlanFixtures.acknowledging(
                        spec, Risk.NO_DISK_INTEGRITY, Risk.SEV_WITHOUT_ES, Risk.SEV_MIGRATION),
                    new Spec.Tee(
                        Protection.SEV,
                        new SevPolicy(true, true, false, false, false, false, 1, 51))),
                host,
                facts),
            List.of("identity", "trust", "exposure", "domain")),
        Arguments.of(
            "lowest API",
            PlanFixtures.plan(
                PlanFixtures.with(
                    spec,
                    new Spec.Tee(
                        Protection.SEV,
                        new SevPolicy(true, true, false, true, false, false, 1, 52))),
                host,
                facts),
            List.of("identity", "trust", "exposure", "domain")),
        Arguments.of(
            "generations",
            PlanFixtures.plan(
                PlanFixtures.with(
                    spec,
                    new Spec.TrustDemand(
                        Set.of(Generation.MILAN, Generation.SIMULATED), List.of())),
                host,
                facts),
            List.of("trust")),
        Arguments.of(
            "secret",
            PlanFixtures.plan(
                PlanFixtures.with(
                    spec,
                    List.of(
                        new Spec.SecretReference(
                            "disk", PlanFixtures.KEY, new UUID(1, 2), PlanFixtures.at()))),
                host,
                facts),
            List.of("secrets")),
        Arguments.of(
            "acknowledgment",
            PlanFixtures.plan(PlanFixtures.acknowledging(spec, Risk.SEV_WITHOUT_ES), host, facts),
            List.of("trust")),
        Arguments.of(
            "command line",
            PlanFixtures.plan(
                PlanFixtures.with(
                    spec,
                    new Spec.Boot(
                        spec.boot().firmware(), spec.boot().kernel(), spec.boot().initrd(), "x")),
                host,
                facts),
            List.of("domain")),
        Arguments.of(
            "connection",
            PlanFixtures.plan(
                spec,
                new HostSpec(
                    host.name(),
                    "qemu:///system",
                    host.emulator(),
                    host.insecureRoot(),
                    host.consoleFolder()),
                facts),
            List.of("documents")),
        Arguments.of(
            "emulator",
            PlanFixtures.plan(
                spec,
                new HostSpec(
                    host.name(),
                    host.uri(),
                    Optional.of(Path.of("/other/qemu")),
                    host.insecureRoot(),
                    host.consoleFolder()),
                facts),
            List.of("exposure", "domain")),
        Arguments.of(
            "QEMU",
            PlanFixtures.plan(
                spec,
                host,
                new HostFacts(
                    facts.uri(), facts.libvirt(), "10.0.3", false, facts.machine(), facts.sev())),
            List.of("host")),
        Arguments.of(
            "machine",
            PlanFixtures.plan(
                spec,
                host,
                new HostFacts(
                    facts.uri(), facts.libvirt(), facts.qemu(), false, "pc-q35-9.2", facts.sev())),
            List.of("host", "domain")),
        Arguments.of(
            "platform",
            PlanFixtures.plan(
                spec, host, PlanFixtures.facts(other.pdh(), other.unsignedCertChain())),
            List.of("endorsement")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void changesWithEveryInputAndNamesTheMember(String what, Plan changed, List<String> members) {
    var plan = PlanFixtures.plan(Protection.SEV);
    assertThat(changed.digest()).as(what).isNotEqualTo(plan.digest());
    assertThat(PlanDocument.differences(PlanDocument.withDigest(plan), changed))
        .containsExactlyElementsOf(Stream.concat(members.stream(), Stream.of("digest")).toList());
  }

  @Test
  void differsInItsMeasurementWhereAFileDoes() {
    var plan = PlanFixtures.plan(Protection.SEV);
    var measured = new ArrayList<>(plan.inputs().measured());
    var kernel = plan.inputs().kernel();
    measured.set(
        1,
        new MeasuredInput(
            kernel.role(), kernel.path(), kernel.size(), Bytes.ofHex("07".repeat(32))));
    var changed =
        new Plan(
            plan.documents(),
            new Inputs(
                measured,
                plan.inputs().recipe(),
                plan.inputs().expectation(),
                plan.inputs().secretRoom(),
                plan.inputs().seed(),
                plan.inputs().exposure()),
            plan.facts(),
            plan.anchors(),
            plan.chain(),
            plan.endorsements(),
            plan.policy(),
            plan.domain());
    assertThat(PlanDocument.differences(PlanDocument.withDigest(plan), changed))
        .containsExactly("measurement", "digest");
  }

  @Test
  void differsInItsDocumentsWhereTheyWereEdited() {
    var plan = PlanFixtures.plan(Protection.SEV);
    var edited =
        new SourceDocument(plan.documents().specSource().path(), Bytes.ofHex("33".repeat(32)));
    var changed =
        new Plan(
            new Documents(
                edited, plan.spec(), plan.documents().hostSource(), plan.documents().host()),
            plan.inputs(),
            plan.facts(),
            plan.anchors(),
            plan.chain(),
            plan.endorsements(),
            plan.policy(),
            plan.domain());
    assertThat(PlanDocument.differences(PlanDocument.withDigest(plan), changed))
        .containsExactly("documents", "digest");
  }

  @Test
  void namesWhatIsMissingAndWhatIsTooMuch() {
    var plan = PlanFixtures.plan(Protection.SEV);
    var stored = PlanDocument.withDigest(plan);
    stored.remove("trust");
    stored.put("blessing", true);
    assertThat(PlanDocument.differences(stored, plan)).containsExactly("trust", "blessing");
  }

  @Test
  void saysWhereItCameFrom() throws MalformedException {
    var stored = PlanDocument.of(PlanFixtures.plan(Protection.SEV));
    assertThat(PlanDocument.origin(stored))
        .isEqualTo(
            new PlanDocument.Origin(
                Path.of("/vm/web.yaml"),
                Optional.of(Path.of("/vm/host.yaml")),
                "qemu:///embed?root=/host/root"));
  }

  static Stream<UnaryOperator<String>> spoiled() {
    return Stream.of(
        json -> "",
        json -> "null",
        json -> "[]",
        json -> "\"remit.plan/1\"",
        json -> "{}",
        json -> json.replace("remit.plan/1", "remit.plan/2"),
        json -> json.replace("\"remit.plan/1\"", "1"),
        json -> json.replaceFirst("\"name\"", "\"schema\":\"remit.plan/1\",\"name\""),
        json -> json + "x",
        json -> json + "{}",
        json -> json.substring(0, json.length() - 1),
        json -> json.replaceFirst("\\{", "{\"x\":" + "[".repeat(100_000)),
        json -> json.replaceFirst("\\{", "{\"x\":" + "9".repeat(100_000) + ","),
        json -> "\u0000" + json,
        json -> json.replaceFirst("\"web-1\"", "web-1"));
  }

  @ParameterizedTest
  @MethodSource("spoiled")
  void isNotReadFromAnythingElse(UnaryOperator<String> spoil) {
    var json = PlanDocument.withDigest(PlanFixtures.plan(Protection.SEV)).toString();
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> PlanDocument.parse(bytes(spoil.apply(json))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"documents\":1}",
        "{\"documents\":[]}",
        "{\"documents\":{\"spec\":{\"file\":1},\"uri\":\"u\"}}",
        "{\"documents\":{\"spec\":{\"file\":\"a\\u0000b\"},\"uri\":\"u\"}}",
        "{\"documents\":{\"spec\":{\"file\":null},\"uri\":\"u\"}}",
        "{\"documents\":{\"spec\":{\"file\":\"a\"},\"uri\":null}}",
        "{\"documents\":{\"spec\":{\"file\":\"a\"}}}",
        "{\"documents\":{\"spec\":{\"file\":\"a\"},\"uri\":1}}",
        "{\"documents\":{\"spec\":{\"file\":\"a\"},\"host\":null,\"uri\":\"u\"}}",
        "{\"documents\":{\"spec\":{\"file\":\"a\"},\"host\":\"b\",\"uri\":\"u\"}}",
        "{\"documents\":{\"spec\":{\"file\":\"a\"},\"host\":{\"file\":{}},\"uri\":\"u\"}}"
      })
  void doesNotSayWhereItCameFromWhereItDoesNotKnow(String json) throws MalformedException {
    var stored =
        PlanDocument.parse(
            bytes(json.replaceFirst("\\{", "{\"schema\":\"remit.plan/1\",").replace(",}", "}")));
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> PlanDocument.origin(stored));
  }

  /** A stored plan that has any value in any place is another plan, and never an exception. */
  @Test
  void differsWhereverAnythingWasReplaced() {
    var plan = PlanFixtures.plan(Protection.SEV);
    for (String name : PlanDocument.withDigest(plan).propertyNames()) {
      for (var replace : REPLACEMENTS.entrySet()) {
        var stored = PlanDocument.withDigest(plan);
        replace.getValue().accept(stored, name);
        assertThat(PlanDocument.differences(stored, plan))
            .as("%s: %s", name, replace.getKey())
            .containsExactly(name);
      }
    }
  }

  private static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8));
  }
}
