package dev.remit.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.ExitStatus;
import dev.remit.identity.LaunchId;
import dev.remit.launch.Ending;
import dev.remit.launch.Hypervisor.DomainState;
import dev.remit.launch.Journals;
import dev.remit.launch.LaunchEvent;
import dev.remit.launch.Launches;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LifecycleReportTest {
  private static final Launches.Known RUNNING = known(Optional.of(DomainState.RUNNING));
  private static final Launches.Known GONE = known(Optional.empty());

  @ParameterizedTest
  @EnumSource
  void tellsAnEndAsTheHostsClaim(Ending ending) {
    var answer = LifecycleReport.ended(RUNNING, ending);
    assertThat(answer.status()).isEqualTo(ExitStatus.DONE);
    assertThat(answer.text()).isEqualTo("web-1 has ended; host's claim: " + ending.phrase());
    assertThat(answer.json().path("schema").stringValue()).isEqualTo("remit.wait/1");
    assertThat(answer.json().path("endedClaimedByHost").stringValue()).isEqualTo(ending.id());
  }

  @Test
  void saysWhereThereWasNothingToStop() {
    var answer = LifecycleReport.stopped(GONE, Ending.CRASHED);
    assertThat(answer.text()).startsWith("web-1 had ended; host's claim: crashed");
    assertThat(answer.json().path("schema").stringValue()).isEqualTo("remit.stop/1");
    assertThat(answer.json().path("wasThere").booleanValue()).isFalse();
  }

  @Test
  void tellsWhatADryRunWouldDo() {
    assertThat(LifecycleReport.wouldStop(RUNNING).text())
        .isEqualTo("web-1 would be asked to shut down");
    assertThat(LifecycleReport.wouldStop(GONE).text()).isEqualTo("web-1 has ended already");
    var plan = PlanFixtures.plan(Protection.SEV);
    assertThat(LifecycleReport.wouldRelaunch(RUNNING, plan).text())
        .startsWith(
            "web-1 (00000000-0000-0000-0000-000000000001) would be asked to shut down; then")
        .endsWith("plan " + plan.digest().hex());
    assertThat(LifecycleReport.wouldRelaunch(GONE, plan).text()).contains("has ended already");
  }

  @Test
  void saysThatNothingWasDestroyedWhenTimeIsUp() {
    var diagnostic =
        LifecycleReport.hasNotEnded(RUNNING, Duration.ofSeconds(90), "see destroy").diagnostic();
    assertThat(diagnostic.code()).isEqualTo(Code.HAS_NOT_ENDED);
    assertThat(diagnostic.what()).isEqualTo("web-1 has not ended within 90 s");
    assertThat(diagnostic.why()).endsWith("nothing was destroyed");
  }

  private static Launches.Known known(Optional<DomainState> state) {
    return new Launches.Known(
        new Journals.Entry(
            new Journals.Intent(
                new LaunchId(new UUID(0, 1)),
                "web-1",
                "qemu:///embed?root=/r",
                Protection.SEV,
                true,
                Instant.parse("2026-11-23T12:00:00Z")),
            LaunchEvent.RELEASED,
            Instant.parse("2026-11-23T12:00:07Z"),
            false),
        state);
  }
}
