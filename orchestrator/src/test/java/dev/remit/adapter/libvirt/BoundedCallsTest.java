package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Failure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class BoundedCallsTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATE = Duration.ofSeconds(60);

  @Test
  void returnsWhatTheCallReturns() throws Exception {
    assertThat(BoundedCalls.within(LATE, "call", () -> 42, late -> {})).isEqualTo(42);
  }

  @Test
  void runsTheCallOnADaemonThreadOfItsOwn() throws Exception {
    var thread = BoundedCalls.within(LATE, "call", Thread::currentThread, late -> {});

    assertThat(thread).isNotSameAs(Thread.currentThread());
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("libvirt-call");
  }

  @Test
  void leavesBehindACallThatNeverReturns() {
    assertThatThrownBy(() -> BoundedCalls.within(SOON, "call", BoundedCallsTest::hang, late -> {}))
        .isInstanceOf(BoundedCalls.Expired.class);
  }

  @Test
  void handsOverWhatComesTooLate() throws Exception {
    var release = new CountDownLatch(1);
    var late = new CompletableFuture<String>();
    assertThatThrownBy(() ->
            BoundedCalls.within(
                SOON,
                "call",
                () -> {
                  await(release);
                  return "a domain";
                },
                late::complete))
        .isInstanceOf(BoundedCalls.Expired.class);

    release.countDown();
    assertThat(late.get()).isEqualTo("a domain");
  }

  @Test
  void passesOnWhatLibvirtSays() {
    var error = new LibvirtError(38, "no");

    assertThatThrownBy(() ->
            BoundedCalls.within(
                LATE,
                "call",
                () -> {
                  throw error;
                },
                late -> {}))
        .isSameAs(error);
  }

  @Test
  void passesOnBugs() {
    var bug = new IllegalStateException("bug");

    assertThatThrownBy(() ->
            BoundedCalls.within(
                LATE,
                "call",
                () -> {
                  throw bug;
                },
                late -> {}))
        .isSameAs(bug);
  }

  @Test
  void givesUpWhenInterrupted() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> BoundedCalls.within(LATE, "call", BoundedCallsTest::hang, late -> {}))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.diagnostic().code()).isEqualTo(Code.INTERRUPTED));
    assertThat(Thread.interrupted()).isTrue();
  }

  private static String hang() {
    await(new CountDownLatch(1));
    return "never";
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
