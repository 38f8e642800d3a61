package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.FakeHypervisor.Call;
import dev.remit.plan.PlanFixtures;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LaunchesTest {
  private static final String HERE = "qemu:///embed?root=/here";
  private static final LaunchId OLD = new LaunchId(new UUID(0, 1));
  private static final LaunchId NEW = new LaunchId(new UUID(0, 2));
  private static final LaunchId ELSEWHERE = new LaunchId(new UUID(0, 3));

  private final FakeHypervisor host =
      new FakeHypervisor(PlanFixtures.platform(), PlanFixtures.LAUNCH_DIGEST);
  private final FakeJournals journals =
      new FakeJournals()
          .with(CleanUpTest.intent(OLD, HERE), false, LaunchEvent.RELEASED)
          .with(CleanUpTest.intent(NEW, HERE), false, LaunchEvent.RELEASED)
          .with(CleanUpTest.intent(ELSEWHERE, "qemu:///system"), false, LaunchEvent.RELEASED);
  private final Launches launches = new Launches(journals, host, HERE);

  @Test
  void listsWhatWasLaunchedAtThisHostWithTheHostsWordForIt() throws Failure {
    host.with(NEW, Hypervisor.DomainState.RUNNING);
    assertThat(launches.all())
        .extracting(known -> known.entry().intent().launchId(), Launches.Known::isThere)
        .containsExactly(tuple(OLD, false), tuple(NEW, true));
  }

  @Test
  void listsWhatIsThereWithoutAskingForWhatWasDestroyed() throws Failure {
    journals.with(CleanUpTest.intent(OLD, HERE), false, LaunchEvent.DESTROYED);
    host.with(NEW, Hypervisor.DomainState.RUNNING);
    assertThat(launches.there())
        .extracting(known -> known.entry().intent().launchId())
        .containsExactly(NEW);
    assertThat(host.calls()).containsExactly(Call.LOOK_UP);
  }

  @Test
  void namesTheNewestLaunchOfAName() throws Failure {
    assertThat(launches.named("web-1").entry().intent().launchId()).isEqualTo(NEW);
  }

  @Test
  void namesALaunchThatIsStillThereBeforeANewerOneThatIsNot() throws Failure {
    host.with(OLD, Hypervisor.DomainState.RUNNING);
    assertThat(launches.named("web-1").entry().intent().launchId()).isEqualTo(OLD);
  }

  @Test
  void knowsNoNameThatItDidNotLaunch() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> launches.named("web-\u001b[2J"))
        .satisfies(failure -> {
          assertThat(failure.diagnostic().code()).isEqualTo(Code.NO_SUCH_LAUNCH);
          assertThat(failure.diagnostic().what()).doesNotContain("\u001b");
        });
  }

  @Test
  void destroysALaunchAndWritesItDown() throws Failure {
    host.with(NEW, Hypervisor.DomainState.RUNNING);
    assertThat(launches.destroy(launches.named("web-1"))).isTrue();
    assertThat(host.state(NEW)).isEmpty();
    assertThat(journals.events(NEW)).endsWith(LaunchEvent.DESTROYED);
    assertThat(journals.isHeld(NEW)).isFalse();
  }

  @Test
  void saysWhereALaunchHadEndedAlready() throws Failure {
    assertThat(launches.destroy(launches.named("web-1"))).isFalse();
  }

  @Test
  void doesNotDestroyALaunchThatAnotherProcessWorksOn() throws Failure {
    journals.with(CleanUpTest.intent(NEW, HERE), true, LaunchEvent.INJECTING);
    host.with(NEW, Hypervisor.DomainState.PAUSED);
    var known = launches.named("web-1");
    assertThatExceptionOfType(Failure.class).isThrownBy(() -> launches.destroy(known));
    assertThat(host.calls()).doesNotContain(Call.DESTROY);
  }
}
