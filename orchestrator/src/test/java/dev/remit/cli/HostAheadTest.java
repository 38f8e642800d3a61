package dev.remit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.remit.diagnostic.Code;
import dev.remit.diagnostic.Diagnostic;
import dev.remit.diagnostic.Failure;
import dev.remit.launch.Hypervisor;
import dev.remit.plan.HostFacts;
import dev.remit.plan.HostProbe;
import dev.remit.plan.PlanFixtures;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostAheadTest {
  private static final HostFacts FACTS = PlanFixtures.facts();
  private final Failure refused =
      new Failure(Diagnostic.of(Code.CANNOT_CONNECT, "what", "why", "fix"));

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Of a host, only what is asked ahead and what ends it. */
  interface Host extends Hypervisor, HostProbe {}

  private Host host(HostProbe probe) {
    return (Host)
        Proxy.newProxyInstance(
            Host.class.getClassLoader(),
            new Class<?>[] {Host.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "probe" -> probe.probe();
                  case "close" -> {
                    closed.countDown();
                    yield null;
                  }
                  default -> throw new AssertionError("nobody asks for " + method);
                });
  }

  @Test
  void asksBeforeTheHostIsNeeded() throws Exception {
    try (var ahead =
        HostAhead.now(() -> {
          asked.countDown();
          return host(() -> FACTS);
        })) {
      asked.await();
      assertThat(ahead.host()).isNotNull();
      assertThat(ahead.facts()).isEqualTo(FACTS);
    }
    closed.await();
  }

  @Test
  void asksNothingBeforeTheHostIsNeeded() throws Exception {
    HostAhead.Connecting<Host> connecting =
        () -> {
          asked.countDown();
          return host(() -> FACTS);
        };
    try (var ahead = HostAhead.later(connecting)) {
      assertThat(asked.getCount()).isOne();
      assertThat(ahead.host()).isSameAs(ahead.host());
      assertThat(ahead.facts()).isEqualTo(FACTS);
    }
    closed.await();
  }

  @Test
  void failsWhereTheHostIsNeeded() {
    HostAhead.Connecting<Host> refusing =
        () -> {
          throw refused;
        };
    try (var ahead = HostAhead.now(refusing)) {
      assertThatThrownBy(ahead::host).isSameAs(refused);
      assertThatThrownBy(ahead::facts).isSameAs(refused);
    }
  }

  /** So that what killed launches left there can be ended all the same. */
  @Test
  void hasTheHostAlsoWhereItDoesNotSayWhatItCanDo() throws Exception {
    HostProbe silent =
        () -> {
          throw refused;
        };
    try (var ahead = HostAhead.now(() -> host(silent))) {
      assertThat(ahead.host()).isNotNull();
      assertThatThrownBy(ahead::facts).isSameAs(refused);
    }
  }

  @Test
  void isNotWaitedForWhereItIsNotNeededAnyMore() throws Exception {
    var ahead =
        HostAhead.now(() -> {
          await(answer);
          return host(() -> FACTS);
        });
    ahead.close();
    assertThat(closed.getCount()).isOne();
    answer.countDown();
    closed.await();
  }

  @Test
  void handsOutNoHostThatIsStillBeingAsked() throws Exception {
    HostProbe slow =
        () -> {
          await(answer);
          return FACTS;
        };
    try (var ahead = HostAhead.now(() -> host(slow))) {
      var handedOut = new CountDownLatch(1);
      Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              assertThat(ahead.host()).isNotNull();
              handedOut.countDown();
            } catch (Failure failure) {
              throw new AssertionError(failure);
            }
          });
      assertThat(handedOut.await(200, TimeUnit.MILLISECONDS)).isFalse();
      answer.countDown();
      handedOut.await();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
