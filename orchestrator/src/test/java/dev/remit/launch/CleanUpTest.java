package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.FakeHypervisor.Call;
import dev.remit.plan.PlanFixtures;
import dev.remit.platform.Protection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final List<Journals.Entry> ended = new ArrayList<>();

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"RELEASED", "STOPPING", "ENDED", "DESTROYED"})
  void endsALaunchWhoseProcessWasKilledAt(LaunchEvent last) throws Failure {
    journals.with(intent(LAUNCH, HERE), false, last);

    assertThat(run())
        .singleElement()
        .satisfies(entry -> assertThat(entry.intent().launchId()).isEqualTo(LAUNCH));

    assertThat(host.state(LAUNCH)).isEmpty();
    assertThat(host.state(SECOND)).isPresent();
    assertThat(journals.events(LAUNCH)).endsWith(LaunchEvent.DESTROYED);
    assertThat(journals.isHeld(LAUNCH)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"RELEASED", "STOPPING", "ENDED", "DESTROYED"})
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
    assertThatExceptionOfType(Failure.class).isThrownBy(this::run);
    assertThat(journals.entries()).singleElement().matches(Journals.Entry::isLeftOver);
  }

  @Test
  void goesOnWhereOneCannotBeDestroyedAndReportsItAfterwards() {
    var third = new LaunchId(new UUID(0, 3));
    journals.with(intent(LAUNCH, HERE), false, LaunchEvent.STARTED);
    journals.with(intent(SECOND, HERE), false, LaunchEvent.STARTED);
    journals.with(intent(third, HERE), false, LaunchEvent.STARTED);
    host.with(third, Hypervisor.DomainState.PAUSED);
    var refusals = new AtomicInteger(2);
    host.before(
        Call.DESTROY,
        () -> {
          if (refusals.getAndDecrement() > 0) {
            throw FakeHypervisor.failure();
          }
        });
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(this::run)
        .satisfies(failure -> assertThat(failure.diagnostics()).hasSize(2));
    assertThat(ended).extracting(entry -> entry.intent().launchId()).containsExactly(third);
    assertThat(host.state(third)).isEmpty();
    assertThat(journals.entries()).filteredOn(Journals.Entry::isLeftOver).hasSize(2);
  }

  @Test
  void doesNotSayThatItEndedWhatWasGone() throws Failure {
    var gone = new LaunchId(new UUID(0, 3));
    journals.with(intent(gone, HERE), false, LaunchEvent.INTENDED);
    assertThat(run()).isEmpty();
    assertThat(journals.events(gone)).endsWith(LaunchEvent.DESTROYED);
  }

  private List<Journals.Entry> run() throws Failure {
    CleanUp.run(journals, host, HERE, ended::add);
    return ended;
  }

  private void assertThatNothingIsEnded() throws Failure {
    assertThat(run()).isEmpty();
    assertThat(host.calls()).isEmpty();
  }

  static Journals.Intent intent(LaunchId launchId, String uri) {
    return new Journals.Intent(
        launchId, "web-1", uri, Protection.SEV, true, Instant.parse("2026-11-23T12:00:00Z"));
  }
}
