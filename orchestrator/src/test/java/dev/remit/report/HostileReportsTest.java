package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.HostText;
import dev.remit.diagnostic.Hostile;
import dev.remit.diagnostic.Location;
import dev.remit.identity.LaunchId;
import dev.remit.image.Content;
import dev.remit.image.FileTree;
import dev.remit.image.LuksHeader;
import dev.remit.image.Region;
import dev.remit.launch.Hypervisor.DomainState;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.launch.Launches;
import dev.remit.plan.Checkup;
import dev.remit.plan.HostFacts;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import dev.remit.spec.HostSpec;
import dev.remit.spec.Risk;
import dev.remit.spec.Spec;
import dev.remit.trust.Assessment;
import dev.remit.trust.Check;
import dev.remit.trust.Outcome;
import dev.remit.trust.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every report, with hostile text in every place that takes one. */
final class HostileReportsTest {
  private static final int RANDOM_TEXTS = 30;

  private static final Spec SPEC = PlanFixtures.spec(Protection.SEV);
  private static final HostSpec HOST = PlanFixtures.host();
  private static final HostFacts FACTS = PlanFixtures.facts();

  private static final Map<String, Function<String, Answer>> REPORTS = reports();

  private static Map<String, Function<String, Answer>> reports() {
    var reports = new LinkedHashMap<String, Function<String, Answer>>();
    reports.put("diagnostics", text -> DiagnosticReport.of(diagnostics(text)));
    reports.put("assessment", text -> VerdictReport.of(text, false, Assessment.of(checks(text))));
    reports.put("checkup", text -> CheckupReport.of(text, true, findings(text)));
    reports.put("list", text -> LaunchListReport.of(List.of(known(text)), diagnostics(text)));
    reports.put("show", text -> LaunchListReport.one(known(text), Optional.of(bundle(text))));
    reports.put("would destroy", text -> LaunchListReport.wouldDestroy(known(text)));
    reports.put("destroyed", text -> LaunchListReport.destroyed(known(text), true));
    reports.put("LUKS header", text -> InspectReport.of(image(text), Optional.of(header(text))));
    reports.put("stored object", text -> InspectReport.of("plan", bundle(text)));
    reports.put("valid", text -> PlanReport.valid(text, SPEC));
    reports.put("plan", text -> PlanReport.of(PlanFixtures.plan(hostile(text), HOST, FACTS)));
    return reports;
  }

  @TestFactory
  Stream<DynamicTest> showNothingThatATerminalObeys() {
    return REPORTS.entrySet().stream()
        .map(report ->
            DynamicTest.dynamicTest(
                report.getKey(),
                () -> {
                  long lines = Hostile.lines(report.getValue().apply("x").text());
                  Hostile.texts(RANDOM_TEXTS)
                      .forEach(text -> assertHarmless(report.getValue().apply(text), lines, text));
                }));
  }

  /** A text that is harmful only as a whole page is shown as what it is. */
  @TestFactory
  Stream<DynamicTest> leaveAScriptAsTextAndSafeInsideOfHtml() {
    return REPORTS.entrySet().stream()
        .map(report ->
            DynamicTest.dynamicTest(
                report.getKey(),
                () -> {
                  var answer = report.getValue().apply("<script>");
                  assertThat(answer.text()).containsAnyOf("<script>", "\\u003cscript>");
                  assertThat(Json.print(answer.json())).doesNotContain("<");
                }));
  }

  /** The whole way: from a host's live document to verdict and bundle. */
  @Test
  void showNothingOfALiveDocumentThatATerminalObeys() {
    var answer = VerdictReport.of(Samples.refused());
    assertThat(Hostile.isHarmless(answer.text())).isTrue();
    assertThat(answer.text()).contains("\\x9b");
    String bundle = new String(Bundle.write(Samples.refused()).toArray(), StandardCharsets.UTF_8);
    assertThat(bundle.chars()).allMatch(each -> each == '\n' || (each >= ' ' && each < 0x7f));
  }

  private static void assertHarmless(Answer answer, long lines, String text) {
    assertThat(Hostile.isHarmless(answer.text())).as("%s", new HostText(text)).isTrue();
    assertThat(Hostile.lines(answer.text()))
        .as("lines with %s", new HostText(text))
        .isEqualTo(lines);
    String json = Json.print(answer.json());
    assertThat(json.chars()).allMatch(each -> each == '\n' || (each >= ' ' && each < 0x7f));
    // No reader of JSON gives half a character, so that none comes here from a stored file.
    if (StandardCharsets.UTF_16.newEncoder().canEncode(text)) {
      assertThat(
              JsonMapper.builder()
                  .build()
                  .readTree(json)
                  .toString()
                  .equals(answer.json().toString()))
          .isTrue();
    }
  }

  private static List<Diagnostic> diagnostics(String text) {
    return List.of(
        Diagnostic.of(Code.CALL_FAILED, "w" + text, "y" + text, "f" + text),
        Diagnostic.at(new Location.InFile(text), Code.FILE_MISSING, "w", "y", "f"),
        Diagnostic.at(new Location.InBytes(text, 1), Code.NOT_FIRMWARE, "w", "y", "f"),
        Diagnostic.at(
            new Location.InText(text, 1, 1, 1, new HostText(text)), Code.NOT_YAML, "w", "y", "f"));
  }

  private static List<Check> checks(String text) {
    return Arrays.stream(Outcome.values())
        .map(outcome -> new Check(Code.CHAIN, Stage.TRUST, text, outcome, text, text))
        .toList();
  }

  private static List<Checkup.Finding> findings(String text) {
    return List.of(
        Checkup.Finding.pass("libvirt", text), Checkup.Finding.fail(text, text, "f" + text));
  }

  private static Launches.Known known(String text) {
    var intent =
        new Journals.Intent(
            new LaunchId(new UUID(0, 1)), text, text, Protection.SEV, true, Instant.EPOCH);
    return new Launches.Known(
        new Journals.Entry(intent, LaunchEvent.RELEASED, Instant.EPOCH, false),
        Optional.of(DomainState.RUNNING));
  }

  private static ObjectNode bundle(String text) {
    var bundle = Json.of("remit.bundle/1");
    bundle.put(text.substring(0, Math.min(text.length(), 1_000)), text);
    var verdict = bundle.putObject("verdict");
    verdict.put("verdict", text);
    var check = verdict.putArray("checks").addObject();
    for (var member : List.of("stage", "subject", "outcome", "actual")) {
      check.put(member, text);
    }
    return bundle;
  }

  private static LuksHeader header(String text) {
    var hostile = new HostText(text);
    return new LuksHeader(
        hostile,
        16384,
        1,
        4096,
        Map.of(
            text,
            new LuksHeader.Keyslot(
                hostile,
                Optional.of(hostile),
                0,
                1,
                Optional.of(new LuksHeader.Derivation(hostile, Optional.empty())))),
        Map.of(
            text,
            new LuksHeader.Segment(
                hostile,
                Optional.of(hostile),
                0,
                Optional.empty(),
                List.of(hostile),
                Optional.of(hostile))),
        Map.of(),
        Map.of(text, new LuksHeader.Token(hostile)),
        List.of(hostile),
        List.of(hostile));
  }

  private static Region image(String text) {
    var hostile = new HostText(text);
    var inner = new Region(1, 2, List.of(new Content.Blank()));
    var files =
        new FileTree(
            List.of(new FileTree.Entry(hostile, FileTree.Kind.FILE, 1, 2, Optional.empty())));
    return new Region(
        0,
        3,
        List.of(
            new Content.Qcow2(
                3,
                Content.HostEncryption.LUKS,
                1,
                Optional.of(hostile),
                Optional.of(hostile),
                Optional.of(inner),
                OptionalLong.empty()),
            new Content.PartitionTable(
                "a table",
                List.of(new Content.Partition(1, "83", hostile, inner)),
                List.of(inner),
                List.of("a flaw")),
            new Content.Luks(
                2,
                List.of(hostile),
                false,
                List.of(hostile),
                List.of("a weakness"),
                List.of(new Content.Hint(Content.Hint.About.PASSPHRASE, "a hint"))),
            new Content.LuksHeaderAlone(
                new Content.Luks(
                    2, List.of(hostile), true, List.of(hostile), List.of(), List.of())),
            new Content.Verity(hostile, 4096, 1, Optional.of("a flaw")),
            new Content.UnderVerity(),
            new Content.Lvm(List.of(inner)),
            new Content.Swap(true),
            new Content.FileSystem("a file system", List.of(hostile), Optional.of(files)),
            new Content.Initrd(files),
            new Content.Uki(List.of(hostile), List.of(hostile), List.of(inner)),
            new Content.Kernel(Optional.of(hostile)),
            new Content.BootCatalogue(List.of(inner)),
            new Content.EfiProgram(),
            new Content.Igvm(),
            new Content.SecureExecution(true, true),
            new Content.Initdata(Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8))),
            new Content.Opaque(true),
            new Content.OtherContainer("a container"),
            new Content.OtherProtection("a protection"),
            new Content.Malformed("a format", 1, "a rule")));
  }

  /** The reason is the only text of a spec that its reader does not bind to a pattern. */
  private static Spec hostile(String text) {
    return new Spec(
        SPEC.name(),
        SPEC.labels(),
        SPEC.profile(),
        SPEC.resources(),
        SPEC.tee(),
        SPEC.trust(),
        SPEC.boot(),
        SPEC.secrets(),
        SPEC.disks(),
        SPEC.provisioning(),
        SPEC.devices(),
        List.of(
            new Spec.Acknowledgment(
                Risk.NO_DISK_INTEGRITY, text, LocalDate.of(2030, 12, 31), PlanFixtures.at()),
            new Spec.Acknowledgment(
                Risk.SEV_WITHOUT_ES, text, LocalDate.of(2030, 12, 31), PlanFixtures.at())));
  }
}
