package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.FakeHypervisor.Call;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class CleanUpTest {
  private static final String HERE = "qemu:///embed?root=/here";
  private static final LaunchId LAUNCH = new LaunchId(new UUID(0, 1));
  private static final LaunchId SECOND = new LaunchId(new UUID(0, 2));

  private final FakeHypervisor host =
      new FakeHypervisor(PlanFixtures.platform(), PlanFixtures.LAUNCH_DIGEST)
          .with(LAUNCH, Hypervisor.DomainState.PAUSED)
          .with(SECOND, Hypervisor.DomainState.PAUSED);
  private final FakeJournals journals = new FakeJournals();

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"RELEASED", "DESTROYED"})
  void endsALaunchWhoseProcessWasKilledAt(LaunchEvent last) throws Failure {
    journals.with(intent(LAUNCH, HERE), false, last);

    assertThat(CleanUp.run(journals, host, HERE))
        .singleElement()
        .satisfies(entry -> assertThat(entry.intent().launchId()).isEqualTo(LAUNCH));

    assertThat(host.state(LAUNCH)).isEmpty();
    assertThat(host.state(SECOND)).isPresent();
    assertThat(journals.events(LAUNCH)).endsWith(LaunchEvent.DESTROYED);
    assertThat(journals.isHeld(LAUNCH)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"RELEASED", "DESTROYED"})
  void leavesALaunchAloneThatCameToItsEndAs(LaunchEvent last) throws Failure {
    journals.with(intent(LAUNCH, HERE), false, last);
    assertThatNothingIsEnded();
  }

  @Test
  void leavesALaunchAloneWhoseProcessLives() throws Failure {
    journals.with(intent(LAUNCH, HERE), true, LaunchEvent.MEASURED);
    assertThatNothingIsEnded();
  }

  @Test
  void leavesALaunchAtAnotherHostAlone() throws Failure {
    journals.with(intent(LAUNCH, "qemu:///system"), false, LaunchEvent.STARTED);
    assertThatNothingIsEnded();
  }

  @Test
  void leavesALaunchThatAnotherProcessClaimsMeanwhile() throws Failure {
    journals.with(intent(LAUNCH, HERE), false, LaunchEvent.STARTED);
    var entries = journals.entries();
    try (var other = journals.claim(LAUNCH).orElseThrow()) {
      assertThat(other).isNotNull();
      assertThat(entries).singleElement().matches(Journals.Entry::isLeftOver);
      assertThatNothingIsEnded();
    }
  }

  @Test
  void doesNotSayThatItEndedWhatTheHostDoesNotDestroy() {
    journals.with(intent(LAUNCH, HERE), false, LaunchEvent.INJECTED);
    host.before(
        Call.DESTROY,
        () -> {
          throw FakeHypervisor.failure();
        });
    assertThatExceptionOfType(Failure.class).isThrownBy(() -> CleanUp.run(journals, host, HERE));
    assertThat(journals.entries()).singleElement().matches(Journals.Entry::isLeftOver);
  }

  private void assertThatNothingIsEnded() throws Failure {
    assertThat(CleanUp.run(journals, host, HERE)).isEmpty();
    assertThat(host.calls()).isEmpty();
  }

  static Journals.Intent intent(LaunchId launchId, String uri) {
    return new Journals.Intent(
        launchId, "web-1", uri, Protection.SEV, true, Instant.parse("2026-11-23T12:00:00Z"));
  }
}
