package dev.remit.adapter.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class EventLoopTest {
  private static final int TIMER = 7;

  /** What each turn of the loop returns; it waits for that as libvirt's does for events. */
  private final LinkedBlockingQueue<Integer> events = new LinkedBlockingQueue<>();

  private final LinkedBlockingQueue<String> turns = new LinkedBlockingQueue<>();

  private final FakeLibvirt libvirt =
      new FakeLibvirt()
          .with("virEventRegisterDefaultImpl", arguments -> 0)
          .with("virEventRunDefaultImpl", arguments -> turn())
          .with(
              "virEventAddTimeout",
              arguments -> {
                events.add(0);
                return TIMER;
              })
          .with(
              "virEventRemoveTimeout",
              arguments -> {
                turns.add("removed " + arguments[0]);
                return 0;
              });

  private final EventLoop loop = new EventLoop(libvirt.library());

  private int turn() {
    turns.add("turn");
    try {
      return events.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void letTheThreadEnd() {
    events.add(-1);
  }

  @Test
  void turnsWhileItIsHeld() throws Exception {
    loop.hold();
    loop.hold();
    assertThat(turns.take()).isEqualTo("turn");
    events.add(0);
    assertThat(turns.take()).isEqualTo("turn");
    loop.release();
    events.add(0);
    assertThat(turns.take()).isEqualTo("turn");
    assertThat(libvirt.calls())
        .containsOnlyOnce("virEventRegisterDefaultImpl")
        .doesNotContain("virEventAddTimeout");
  }

  @Test
  void wakesUpAndEndsWithTheLastWhoHoldsIt() throws Exception {
    loop.hold();
    assertThat(turns.take()).isEqualTo("turn");
    loop.release();
    assertThat(turns.take()).isEqualTo("removed " + TIMER);
    events.add(0);
    assertThat(turns.poll(200, TimeUnit.MILLISECONDS)).isNull();
    events.clear();
  }

  @Test
  void turnsAgainForTheNext() throws Exception {
    loop.hold();
    assertThat(turns.take()).isEqualTo("turn");
    loop.release();
    assertThat(turns.take()).isEqualTo("removed " + TIMER);
    loop.hold();
    assertThat(turns.take()).isEqualTo("turn");
    assertThat(libvirt.calls()).containsOnlyOnce("virEventRegisterDefaultImpl");
  }
}
