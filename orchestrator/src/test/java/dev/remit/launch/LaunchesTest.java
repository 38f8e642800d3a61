package dev.remit.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.remit.bytes.Bytes;
import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.identity.LaunchId;
import dev.remit.launch.FakeHypervisor.Call;
import dev.remit.plan.PlanFixtures;
import dev.remit.plan.SourceDocument;
import dev.remit.platform.Protection;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  @Nested
  class AfterTheRelease {
    private final List<String> heard = new ArrayList<>();
    private int looks;

    @Test
    void writesDownHowAGuestEndedWhenItIsLookedFor() throws Failure {
      host.with(OLD, Hypervisor.DomainState.RUNNING);
      host.end(NEW, Ending.CRASHED);
      recordEnds();
      assertThat(heard).containsExactly(NEW + " CRASHED");
      assertThat(journals.events(NEW)).endsWith(LaunchEvent.RELEASED, LaunchEvent.ENDED);
      assertThat(journals.events(OLD)).endsWith(LaunchEvent.RELEASED);
      assertThat(journals.isHeld(NEW)).isFalse();
      recordEnds();
      assertThat(heard).hasSize(1);
    }

    @Test
    void leavesAnEndToWhoeverWritesOnTheJournal() throws Failure {
      host.with(OLD, Hypervisor.DomainState.RUNNING);
      journals.with(CleanUpTest.intent(NEW, HERE), true, LaunchEvent.RELEASED);
      recordEnds();
      assertThat(heard).isEmpty();
    }

    @Test
    void leavesTheEndsOfAnotherHostAlone() throws Failure {
      host.with(OLD, Hypervisor.DomainState.RUNNING).with(NEW, Hypervisor.DomainState.RUNNING);
      recordEnds();
      assertThat(journals.events(ELSEWHERE)).containsExactly(LaunchEvent.RELEASED);
    }

    @Test
    void waitsUntilTheGuestHasEnded() throws Failure {
      host.with(NEW, Hypervisor.DomainState.RUNNING);
      assertThat(waitFor(3)).contains(Ending.SHUTDOWN);
      assertThat(looks).isEqualTo(3);
      assertThat(journals.events(NEW)).endsWith(LaunchEvent.RELEASED, LaunchEvent.ENDED);
    }

    @Test
    void givesUpWhenTimeIsUpAndEndsNothing() throws Failure {
      host.with(NEW, Hypervisor.DomainState.RUNNING);
      assertThat(launches.waitForEnd(launches.named("web-1"), () -> false)).isEmpty();
      assertThat(host.calls()).doesNotContain(Call.DESTROY, Call.SHUTDOWN);
      assertThat(journals.events(NEW)).containsExactly(LaunchEvent.RELEASED);
    }

    @Test
    void tellsTheEndThatSomebodyElseWroteDown() throws Failure {
      host.with(NEW, Hypervisor.DomainState.RUNNING);
      var known = launches.named("web-1");
      assertThat(launches.destroy(known)).isTrue();
      assertThat(launches.waitForEnd(known, () -> true)).contains(Ending.DESTROYED);
      assertThat(journals.events(NEW)).endsWith(LaunchEvent.RELEASED, LaunchEvent.DESTROYED);
    }

    @Test
    void waitsForNoLaunchThatIsUnderWay() throws Failure {
      journals.with(CleanUpTest.intent(NEW, HERE), true, LaunchEvent.MEASURED);
      host.with(NEW, Hypervisor.DomainState.PAUSED);
      var known = launches.named("web-1");
      assertFails(Code.UNDER_WAY, () -> launches.waitForEnd(known, () -> true));
      assertFails(Code.UNDER_WAY, () -> launches.stop(known));
    }

    @Test
    void asksAGuestToStopAndWritesItDownOnce() throws Failure {
      host.with(NEW, Hypervisor.DomainState.RUNNING);
      launches.stop(launches.named("web-1"));
      launches.stop(launches.named("web-1"));
      assertThat(journals.events(NEW)).containsExactly(LaunchEvent.RELEASED, LaunchEvent.STOPPING);
      assertThat(host.calls()).filteredOn(Call.SHUTDOWN::equals).hasSize(2);
      assertThat(host.calls()).doesNotContain(Call.DESTROY);
    }

    @Test
    void asksNothingOfAGuestThatHasEnded() throws Failure {
      launches.stop(launches.named("web-1"));
      assertThat(host.calls()).doesNotContain(Call.SHUTDOWN);
    }

    @Test
    void doesNotAskForAStopThatItCannotWriteDown() throws Failure {
      host.with(NEW, Hypervisor.DomainState.RUNNING);
      journals.failingAt(LaunchEvent.STOPPING);
      var known = launches.named("web-1");
      assertFails(Code.CANNOT_WRITE, () -> launches.stop(known));
      assertThat(host.calls()).doesNotContain(Call.SHUTDOWN);
    }

    @Test
    void writesNoSecondEndWhereADestroyedGuestHadEnded() throws Failure {
      recordEnds();
      assertThat(launches.destroy(launches.named("web-1"))).isFalse();
      assertThat(journals.events(NEW)).endsWith(LaunchEvent.RELEASED, LaunchEvent.ENDED);
    }

    private void recordEnds() throws Failure {
      launches.recordEnds((entry, ending) -> heard.add(entry.intent().launchId() + " " + ending));
    }

    private Optional<Ending> waitFor(int times) throws Failure {
      return launches.waitForEnd(
          launches.named("web-1"),
          () -> {
            looks++;
            if (looks == times) {
              host.end(NEW, Ending.SHUTDOWN);
            }
            return true;
          });
    }
  }

  @Nested
  class ASecondLaunch {
    private static final Bytes PLAN = Bytes.ofHex("11".repeat(32));
    private static final LaunchId RUNNING = new LaunchId(new UUID(0, 9));

    @Test
    void ofThePlanThatRunsIsToldSo() {
      host.with(RUNNING, Hypervisor.DomainState.RUNNING);
      journals.with(intent(PLAN), false, LaunchEvent.RELEASED);
      assertThat(assertFails(Code.ALREADY_RUNS, () -> launches.requireFree("web-1", PLAN)).why())
          .contains(RUNNING.toString(), "2026-11-23T12:00:00Z", "running");
    }

    @ParameterizedTest
    @EnumSource(names = {"RELEASED", "STOPPING", "ENDED"})
    void ofAnotherPlanIsRefusedAndToldWhich(LaunchEvent last) {
      host.with(RUNNING, Hypervisor.DomainState.PAUSED);
      journals.with(intent(PLAN), false, last);
      assertThat(
              assertFails(Code.NAME_TAKEN, () -> launches.requireFree("web-1", Bytes.zeros(32)))
                  .why())
          .contains(RUNNING.toString(), "/vm/web.yaml", PLAN.hex());
    }

    @Test
    void isRefusedWhereTheJournalDoesNotTellThePlan() {
      host.with(NEW, Hypervisor.DomainState.RUNNING);
      assertFails(Code.NAME_TAKEN, () -> launches.requireFree("web-1", PLAN));
    }

    @Test
    void isRefusedWhileTheFirstIsUnderWay() {
      journals.with(intent(PLAN), true, LaunchEvent.MEASURED);
      assertThat(assertFails(Code.UNDER_WAY, () -> launches.requireFree("web-1", PLAN)).why())
          .contains(RUNNING.toString());
    }

    @Test
    void isFreeToGoWhereTheFirstHasEnded() throws Failure {
      journals.with(intent(PLAN), false, LaunchEvent.ENDED);
      launches.requireFree("web-1", PLAN);
      launches.requireFree("web-2", PLAN);
    }

    @Test
    void isRefusedUnderTheNameOfAJournalThatNobodyCanRead() throws Failure {
      var unreadable = FakeHypervisor.failure().diagnostic();
      journals.with(
          new Journals.Unreadable(
              Optional.of(RUNNING), Optional.of("web-3"), Optional.empty(), unreadable));
      assertFails(Code.CALL_FAILED, () -> launches.requireFree("web-3", PLAN));
      launches.requireFree("web-4", PLAN);
    }

    @Test
    void isRefusedUnderAnyNameWhereAJournalHasLostItsOwn() throws Failure {
      var unreadable = FakeHypervisor.failure().diagnostic();
      journals.with(
          new Journals.Unreadable(
              Optional.of(RUNNING), Optional.empty(), Optional.of("qemu:///system"), unreadable));
      launches.requireFree("web-3", PLAN);
      journals.with(
          new Journals.Unreadable(
              Optional.of(RUNNING), Optional.empty(), Optional.empty(), unreadable));
      assertFails(Code.CALL_FAILED, () -> launches.requireFree("web-3", PLAN));
    }

    private Journals.Intent intent(Bytes plan) {
      return new Journals.Intent(
          RUNNING,
          "web-1",
          HERE,
          Protection.SEV,
          true,
          Instant.parse("2026-11-23T12:00:00Z"),
          Optional.of(
              new Journals.Origin(
                  plan,
                  new SourceDocument(Path.of("/vm/web.yaml"), Bytes.zeros(32)),
                  Optional.empty(),
                  Optional.empty())));
    }
  }

  private static Diagnostic assertFails(Code code, ThrowingCallable call) {
    var failure = catchThrowableOfType(Failure.class, call);
    assertThat(failure).isNotNull();
    assertThat(failure.diagnostic().code()).isEqualTo(code);
    return failure.diagnostic();
  }
}
