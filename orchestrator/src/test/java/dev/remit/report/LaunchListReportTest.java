package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.bytes.MalformedException;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import dev.remit.launch.Hypervisor.DomainState;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.launch.LaunchReport;
import dev.remit.launch.Launches;
import dev.remit.platform.Protection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class LaunchListReportTest {
  private static final Launches.Known RUNNING =
      known("web-1", 1, true, LaunchEvent.RELEASED, Optional.of(DomainState.RUNNING));
  private static final Launches.Known GONE =
      known("database", 2, false, LaunchEvent.DESTROYED, Optional.empty());

  @Test
  void listsLaunchesInLines() {
    var answer = LaunchListReport.of(List.of(RUNNING, GONE), List.of());
    assertThat(answer.status()).isEqualTo(ExitStatus.DONE);
    assertThat(answer.text())
        .isEqualTo(
            """
            web-1     SEV     running    released    2026-11-23T12:00:00Z  00000000-0000-0000-0000-000000000001  SIMULATED
            database  SEV     gone       destroyed   2026-11-23T12:00:00Z  00000000-0000-0000-0000-000000000002\
            """);
    assertThat(answer.json().path("launches").path(0))
        .hasToString(
            "{\"name\":\"web-1\",\"launch\":\"00000000-0000-0000-0000-000000000001\","
                + "\"protection\":\"sev\",\"simulated\":true,\"uri\":\"qemu:///embed?root=/r\","
                + "\"begun\":\"2026-11-23T12:00:00Z\",\"journal\":\"released\","
                + "\"stateClaimedByHost\":\"running\"}");
  }

  @Test
  void saysWhereNothingIsThere() {
    var answer = LaunchListReport.of(List.of(), List.of());
    assertThat(answer.text()).isEqualTo("nothing is there");
    assertThat(answer.json())
        .hasToString("{\"schema\":\"remit.launches/1\",\"launches\":[],\"unreadable\":[]}");
  }

  @Test
  void showsOneLaunchWithTheVerdictOfItsTime() throws MalformedException {
    var bundle = Bundle.parse(Bundle.write(Samples.trusted()));
    var answer = LaunchListReport.one(RUNNING, Optional.of(bundle));
    assertThat(answer.text())
        .startsWith(
            """
            name:       web-1
            launch:     00000000-0000-0000-0000-000000000001
            protection: SEV, SIMULATED
            host:       qemu:///embed?root=/r
            begun:      2026-11-23T12:00:00Z
            journal:    released, 2026-11-23T12:00:07Z
            state:      running (host's claim)
            verdict:    TRUSTED
              R  root key: PASS, SIMULATED root, named by the host document
            """);
    assertThat(answer.json().path("verdict").path("verdict").stringValue()).isEqualTo("TRUSTED");
  }

  @Test
  void saysOfAGuestThatWasTrustedAndNotReleasedThatItNeverWas() throws MalformedException {
    var trusted = Samples.trusted();
    var unreleased =
        new LaunchReport(
            trusted.launchId(),
            trusted.plan(),
            trusted.at(),
            trusted.verdict(),
            Optional.empty(),
            trusted.presented(),
            trusted.contradictions(),
            Optional.empty(),
            trusted.notDestroyed());
    var bundle = Bundle.parse(Bundle.write(unreleased));
    assertThat(LaunchListReport.one(GONE, Optional.of(bundle)).text())
        .contains("verdict:    TRUSTED, never released\n");
  }

  @Test
  void showsOneLaunchThatHadNoVerdict() {
    var answer = LaunchListReport.one(GONE, Optional.empty());
    assertThat(answer.text())
        .endsWith("state:      gone (host's claim)")
        .doesNotContain("SIMULATED", "verdict");
  }

  @Test
  void showsWhateverWasPutIntoABundleEscaped() throws MalformedException {
    var bundle = Bundle.parse(Bundle.write(Samples.trusted()));
    var check = (ObjectNode) bundle.path("verdict").path("checks").path(0);
    check.put("actual", "\u001b[2J").put("subject", "\u202e").putNull("outcome");
    check.putArray("stage");
    ((ObjectNode) bundle.path("verdict")).put("verdict", "\u009b2J");
    var answer = LaunchListReport.one(RUNNING, Optional.of(bundle));
    assertThat(answer.text().chars()).allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
  }

  @Test
  void tellsOfADestruction() {
    assertThat(LaunchListReport.destroyed(RUNNING, true).text()).isEqualTo("web-1 was destroyed");
    assertThat(LaunchListReport.destroyed(GONE, false).text())
        .isEqualTo("database had ended already");
    assertThat(LaunchListReport.wouldDestroy(RUNNING).text()).isEqualTo("web-1 would be destroyed");
    assertThat(LaunchListReport.wouldDestroy(GONE).text()).isEqualTo("database has ended already");
    assertThat(LaunchListReport.wouldDestroy(RUNNING).json().path("dryRun").booleanValue())
        .isTrue();
  }

  @Test
  void tellsHowAGuestEndedByTheHostsWord() {
    var ended =
        new Launches.Known(
            new Journals.Entry(
                GONE.entry().intent(),
                LaunchEvent.ENDED,
                GONE.entry().lastAt(),
                Optional.of(Ending.CRASHED),
                false),
            Optional.empty());
    assertThat(LaunchListReport.of(List.of(RUNNING, ended), List.of()).text())
        .contains("released        2026", "  gone       ended: crashed  2026");
    var shown = LaunchListReport.one(ended, Optional.empty());
    assertThat(shown.text())
        .contains("journal:    ended, ", "ended:      crashed: its QEMU ended", "(host's claim)");
    assertThat(shown.json().path("endedClaimedByHost").stringValue()).isEqualTo("crashed");
    assertThat(LaunchListReport.destroyed(ended, false).text())
        .isEqualTo("database had ended already; host's claim: " + Ending.CRASHED.phrase());
  }

  @Test
  void listsJournalsThatNobodyCanReadBesideTheOthers() {
    var unreadable =
        Diagnostic.of(Code.JOURNAL_UNREADABLE, "cannot rely on it", "it is newer", "use that");
    var json = LaunchListReport.of(List.of(RUNNING), List.of(unreadable)).json();
    assertThat(json.path("launches")).hasSize(1);
    assertThat(json.path("unreadable").path(0).path("code").stringValue()).isEqualTo("VIRT-012");
  }

  private static Launches.Known known(
      String name, int number, boolean simulated, LaunchEvent last, Optional<DomainState> state) {
    return new Launches.Known(
        new Journals.Entry(
            new Journals.Intent(
                new LaunchId(new UUID(0, number)),
                name,
                "qemu:///embed?root=/r",
                Protection.SEV,
                simulated,
                Instant.parse("2026-11-23T12:00:00Z")),
            last,
            Instant.parse("2026-11-23T12:00:07Z"),
            false),
        state);
  }
}
